#include "load/pacer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "load/window.hpp"

using namespace burstgate::load;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

namespace {

burstgate::config::Course constant(double rate_per_s) {
  burstgate::config::Profile profile;
  profile.open = burstgate::config::OpenLoad{rate_per_s, 1};
  return burstgate::config::Course(profile);
}

burstgate::config::Course up_and_down(double peak_per_s) {
  burstgate::config::Profile profile;
  profile.open = burstgate::config::OpenLoad{peak_per_s, 1};
  profile.stages = {{"up", peak_per_s, seconds(4)}, {"hold", peak_per_s, seconds(4)}, {"down", 0, seconds(2)}};
  profile.warmup = seconds(0);
  profile.duration = seconds(10);
  return burstgate::config::Course(profile);
}

}  // namespace

TEST_CASE("arrival k of a rate r is due k / r after the start, without drift") {
  const Instant start(seconds(100));
  const auto course = constant(3.0);
  const Pacer pacer(start, course, 0, 1);
  CHECK(pacer.due(0) == start);
  CHECK(pacer.due(1) - start == nanoseconds(333'333'333));
  CHECK(pacer.due(3) - start == seconds(1));
  CHECK(pacer.due(3'000'000) - start == seconds(1'000'000));
}

TEST_CASE("case 121: threads share one schedule, whatever their number") {
  const Instant start(seconds(5));
  for (const auto& course : {constant(1000), up_and_down(1000)}) {
    const Pacer alone(start, course, 0, 1);
    for (const int threads : {2, 3, 7}) {
      std::vector<Instant> merged;
      for (int thread = 0; thread < threads; ++thread) {
        const Pacer pacer(start, course, thread, threads);
        for (std::uint64_t k = 0; k < 100; ++k) merged.push_back(pacer.due(k));
      }
      std::sort(merged.begin(), merged.end());
      for (std::uint64_t k = 0; k < merged.size(); ++k) CHECK(merged[k] == alone.due(k));
    }
  }
}

TEST_CASE("arrivals within 10 s are those of the rate within 0.1 %, whatever the rate and the threads") {
  const Instant start(seconds(1));
  for (const double rate : {100.0, 999.9, 12'345.0}) {
    for (const int threads : {1, 3}) {
      const auto course = constant(rate);
      std::uint64_t arrivals = 0;
      for (int thread = 0; thread < threads; ++thread) {
        const Pacer pacer(start, course, thread, threads);
        for (std::uint64_t k = 0; pacer.due(k) < start + seconds(10); ++k) ++arrivals;
      }
      CHECK(static_cast<double>(arrivals) == doctest::Approx(rate * 10).epsilon(0.001));
    }
  }
}

TEST_CASE("arrivals of ramps are those of the area under the rate, in each second, and end with it") {
  const Instant start(seconds(1));
  const auto course = up_and_down(1000);
  const Pacer pacer(start, course, 0, 1);
  std::vector<int> per_second(11);
  Instant last = start;
  std::uint64_t k = 0;
  for (; pacer.due(k) != Instant::max(); ++k) {
    CHECK(pacer.due(k) >= last);
    last = pacer.due(k);
    ++per_second.at(static_cast<std::size_t>((last - start) / seconds(1)));
  }
  CHECK(k == 7000);  // 2000 + 4000 + 1000
  const std::vector<int> expected = {125, 375, 625, 875, 1000, 1000, 1000, 1000, 750, 250, 0};
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(std::abs(per_second[i] - expected[i]) <= 1);
}

TEST_CASE("slices are a sixtieth of the window, in whole 50 ms, from 100 ms to 1 s; and never more than 3600") {
  CHECK(slice_length_for(milliseconds(200)) == milliseconds(100));
  CHECK(slice_length_for(seconds(6)) == milliseconds(100));
  CHECK(slice_length_for(seconds(7)) == milliseconds(150));
  CHECK(slice_length_for(seconds(10)) == milliseconds(200));
  CHECK(slice_length_for(seconds(30)) == milliseconds(500));
  CHECK(slice_length_for(seconds(60)) == seconds(1));
  CHECK(slice_length_for(seconds(3600)) == seconds(1));
  CHECK(slice_length_for(seconds(7200)) == seconds(2));
  CHECK(slice_length_for(std::chrono::hours(24 * 7)) == seconds(168));
}

TEST_CASE("a window knows its slices") {
  const Window window{Instant(seconds(1)), Instant(seconds(1) + milliseconds(1050)), milliseconds(100)};
  CHECK(window.slice_count() == 11);
  CHECK(window.slice_of(Instant(seconds(1))) == 0);
  CHECK(window.slice_of(Instant(seconds(1) + milliseconds(99))) == 0);
  CHECK(window.slice_of(Instant(seconds(1) + milliseconds(100))) == 1);
  CHECK(window.slice_of(Instant(seconds(9))) == 10);
  CHECK(window.slice_of(Instant(seconds(0))) == 0);
  CHECK(window.contains(Instant(seconds(1))));
  CHECK_FALSE(window.contains(window.end));
}

TEST_CASE("the wake lead learns how late wake-ups come, and does not run away") {
  WakeLead lead;
  CHECK(lead.lead() == Duration(0));
  for (int i = 0; i < 200; ++i) lead.note(std::chrono::microseconds(60));
  CHECK(lead.lead() > std::chrono::microseconds(58));
  CHECK(lead.lead() <= std::chrono::microseconds(60));
  lead.note(seconds(1));  // one stall
  CHECK(lead.lead() < std::chrono::microseconds(67));
  for (int i = 0; i < 500; ++i) lead.note(seconds(1));
  CHECK(lead.lead() <= WakeLead::longest);
  for (int i = 0; i < 500; ++i) lead.note(-seconds(1));
  CHECK(lead.lead() < std::chrono::microseconds(1));
}
