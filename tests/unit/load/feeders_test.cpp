#include "load/feeders.hpp"

#include <doctest/doctest.h>

#include <set>
#include <thread>

using namespace burstgate;
using namespace burstgate::load;
using config::Feeder;

namespace {

std::vector<Feeder> feeder(Feeder::Order order, bool wraps, int rows) {
  config::Rows table;
  for (int i = 0; i < rows; ++i) table.push_back({std::to_string(i)});
  Feeder made;
  made.file = "f.csv";
  made.order = order;
  made.wraps = wraps;
  made.columns = {"n"};
  made.rows = std::make_shared<const config::Rows>(table);
  return {made};
}

std::string next(Feeders& feeders, std::mt19937_64& random) {
  const auto* row = feeders.next(0, random);
  return row == nullptr ? "-" : row->front();
}

}  // namespace

TEST_CASE("rows come in their order and begin again, or end") {
  std::mt19937_64 random(1);
  const auto wrapping = feeder(Feeder::Order::sequential, true, 2);
  Feeders again(wrapping);
  for (const char* expected : {"0", "1", "0", "1", "0"}) CHECK(next(again, random) == expected);
  CHECK(again.exhausted().empty());

  const auto ending = feeder(Feeder::Order::unique, false, 2);
  Feeders once(ending);
  CHECK(next(once, random) == "0");
  CHECK(next(once, random) == "1");
  CHECK(once.exhausted().empty());
  CHECK(next(once, random) == "-");
  CHECK(next(once, random) == "-");
  CHECK(once.exhausted() == std::vector<std::string>{"f.csv: all 2 rows were used up; 2 iterations got none"});
}

TEST_CASE("random rows are drawn from all of them, the same for the same seed") {
  const auto any = feeder(Feeder::Order::random, true, 3);
  Feeders feeders(any);
  std::mt19937_64 one(7), two(7);
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string row = next(feeders, one);
    CHECK(row == next(feeders, two));
    seen.insert(row);
  }
  CHECK(seen.size() == 3);
}

TEST_CASE("threads never get the same unique row") {
  constexpr int rows = 20'000;
  const auto many = feeder(Feeder::Order::unique, false, rows);
  Feeders feeders(many);
  std::vector<std::vector<std::string>> got(2);
  std::vector<std::thread> threads;
  for (auto& mine : got) {
    threads.emplace_back([&feeders, &mine] {
      std::mt19937_64 random(1);
      while (const auto* row = feeders.next(0, random)) mine.push_back(row->front());
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<std::string> all(got[0].begin(), got[0].end());
  all.insert(got[1].begin(), got[1].end());
  CHECK(got[0].size() + got[1].size() == rows);
  CHECK(all.size() == rows);
}
