// Promotion, anchors and pruning: what comes into a baseline file, what stays and what leaves.
#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/json_text.hpp"
#include "baseline/baseline.hpp"
#include "measure/result_json.hpp"
#include "unit/base/temp_folder.hpp"
#include "unit/measure/same_measurement.hpp"
#include "unit/measure/sample_measurement.hpp"

namespace burstgate::baseline {
namespace {

constexpr std::int64_t day = 86'400;

measure::Measurement numbered(int number, const std::string& digest = "w") {
  measure::Measurement run = measure::sample_point();
  run.commit = std::to_string(number);
  run.started_at_unix_s = 1'767'225'600 + number * day;
  run.workload.digest = digest;
  return run;
}

Contents contents_of(const std::string& path) {
  return read_contents(parse_json(read_plain(path), path), path);
}

std::vector<std::string> commits(const std::string& path) {
  std::vector<std::string> list;
  for (const StoredRun& stored : contents_of(path).runs) list.push_back(stored.run.commit);
  return list;
}

using Words = std::vector<std::string>;

TEST_CASE("a promoted run carries how it came there, also after others are recorded") {
  const TempFolder folder;
  const std::string path = folder / "b.json";
  const Promotion promotion{"2026-11-21T10:00:00Z", "r.json", "fail", "slower writes are meant"};
  append_run(path, {numbered(1), promotion}, {});
  append_run(path, numbered(2), false);
  const Contents contents = contents_of(path);
  REQUIRE(contents.runs.size() == 2);
  REQUIRE(contents.runs[0].promotion);
  CHECK(contents.runs[0].promotion->at == promotion.at);
  CHECK(contents.runs[0].promotion->file == "r.json");
  CHECK(contents.runs[0].promotion->outcome == "fail");
  CHECK(contents.runs[0].promotion->accepted == "slower writes are meant");
  CHECK(!contents.runs[1].promotion);
  measure::check_same(contents.runs[0].run, numbered(1));
}

TEST_CASE("the window rolls within a machine class and workload") {
  const TempFolder folder;
  const std::string path = folder / "b.json";
  append_run(path, {numbered(100, "other"), {}}, {.keep = 3});
  for (int i = 0; i < 5; ++i) append_run(path, {numbered(i), {}}, {.keep = 3});
  CHECK(commits(path) == Words{"100", "2", "3", "4"});
}

TEST_CASE("an anchor stays where it is, and the next release takes its place") {
  const TempFolder folder;
  const std::string path = folder / "b.json";
  pin_anchor(path, "v1.0", {numbered(1), {}});
  CHECK(commits(path) == Words{"1"});  // a file has at least one run
  pin_anchor(path, "v1.0", {numbered(2), {}});
  pin_anchor(path, "v1.0", {numbered(3, "other"), {}});
  for (int i = 10; i < 70; ++i) append_run(path, numbered(i), false);
  Contents contents = contents_of(path);
  REQUIRE(contents.anchors.size() == 3);
  CHECK(contents.anchors[0].name == "v1.0");
  CHECK(contents.runs.size() == max_runs);

  pin_anchor(path, "v2.0", {numbered(70), {}});
  contents = contents_of(path);
  REQUIRE(contents.anchors.size() == 2);
  CHECK(contents.anchors[0].stored.run.workload.digest == "other");  // another workload's stays
  CHECK(contents.anchors[1].name == "v2.0");

  append_run(path, numbered(80), true);  // afresh
  CHECK(commits(path) == Words{"80"});
  CHECK(contents_of(path).anchors.size() == 2);
  CHECK(read_baseline(path).size() == 1);  // anchors are none of its runs
}

TEST_CASE("a broken anchor is refused with its place") {
  const TempFolder folder;
  const std::string path = folder / "b.json";
  pin_anchor(path, "v1.0", {numbered(1), {}});
  auto json = parse_json(read_plain(path), path);
  json["anchors"][0]["run"]["totals"] = 7;
  write_plain(path, dump_json(json, 2));
  std::string what;
  try {
    read_baseline(path);
  } catch (const Error& error) {
    what = error.what();
  }
  CHECK_MESSAGE(what.find("$.anchors[\"v1.0\"].run.totals") != std::string::npos, what);
}

std::string refused(const std::string& path, const PruneRule& rule) {
  try {
    prune(path, rule);
  } catch (const Error& error) {
    const std::string what = error.what();
    return what.substr(what.find("error["));
  }
  return "pruned";
}

TEST_CASE("pruning: by number, by age, by count; anchors and one run stay") {
  const TempFolder folder;
  const std::string path = folder / "b.json";
  pin_anchor(path, "v1.0", {numbered(0), {}});
  for (int i = 1; i < 10; ++i) append_run(path, numbered(i, i == 1 ? "other" : "w"), false);
  using Numbers = std::vector<std::size_t>;

  CHECK(prune(path, {.keep = 4, .dry_run = true}) == Numbers{1, 3, 4, 5, 6});
  CHECK(commits(path).size() == 10);
  CHECK(prune(path, {.drop = 1}) == Numbers{1});
  CHECK(commits(path) == Words{"1", "2", "3", "4", "5", "6", "7", "8", "9"});
  CHECK(prune(path, {.days = 6}) == Numbers{1, 2});
  CHECK(prune(path, {.keep = 2}) == Numbers{1, 2, 3, 4, 5});
  CHECK(commits(path) == Words{"8", "9"});
  CHECK(contents_of(path).anchors.size() == 1);
  CHECK(prune(path, {.keep = 2}).empty());
  CHECK(refused(path, {.drop = 3}) == "error[E-534]: there is no run 3; it has 2");
  prune(path, {.drop = 1});
  CHECK(refused(path, {.drop = 1}) == "error[E-534]: no run would be left; delete the file, or record --replace");
  CHECK(commits(path) == Words{"9"});
}

}  // namespace
}  // namespace burstgate::baseline
