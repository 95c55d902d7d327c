// A folder of results as a history, with all that goes wrong in one.
#include "baseline/history.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/error.hpp"
#include "base/json_text.hpp"
#include "base/utc_time.hpp"
#include "measure/result_json.hpp"
#include "unit/base/temp_folder.hpp"
#include "unit/measure/sample_measurement.hpp"

namespace burstgate::baseline {
namespace {

namespace fs = std::filesystem;
using measure::Measurement;
using measure::RunSummary;

constexpr std::int64_t start = 1'763'733'250;

Measurement run_at(std::int64_t unix_s, const std::string& commit = "c0ffee") {
  Measurement run = measure::sample_measurement();
  run.started_at_unix_s = unix_s;
  run.commit = commit;
  return run;
}

void save(const std::string& path, const Measurement& run) {
  write_plain(path, dump_json(measure::to_json(run), 2));
}

std::vector<std::string> files_of(const std::vector<LeftOut>& list) {
  std::vector<std::string> files;
  for (const LeftOut& one : list) files.push_back(one.file);
  return files;
}

std::string refusal(const std::string& text) {
  try {
    read_summary(text, "r.json");
  } catch (const Error& error) {
    return error.what();
  }
  return "read";
}

TEST_CASE("a summary has what the whole result has") {
  Measurement run = run_at(start);
  run.branch = "main";
  run.pull_request = "12";
  measure::Json json = measure::to_json(run);
  json["verdict"] = {{"outcome", "warn"}};
  const RunSummary read = read_summary(dump_json(json, 2), "r.json");
  const RunSummary made = measure::summary_of_run(measure::from_json(json, "r.json"), "r.json");
  CHECK(made.branch == "main");
  CHECK(made.pull_request == "12");
  CHECK(read.started_at_unix_s == start);
  CHECK(read.commit == "c0ffee");
  CHECK(read.branch == "main");
  CHECK(read.pull_request == "12");
  CHECK(read.operation == made.operation);
  CHECK(read.profile == made.profile);
  CHECK(read.machine_class == made.machine_class);
  CHECK(read.workload_digest == made.workload_digest);
  CHECK(read.outcome == "warn");
  CHECK(read.complete);
  REQUIRE(read.total.size() == made.total.size());
  for (const auto& [metric, value] : made.total) CHECK(read.total.at(metric) == doctest::Approx(value));
  REQUIRE(read.endpoints.size() == run.endpoints.size());
  CHECK(read.endpoints[0].first == run.endpoints[0].name);
  CHECK(read.endpoints[1].second.at(Metric::latency_p95) ==
        doctest::Approx(made.endpoints[1].second.at(Metric::latency_p95)));
}

TEST_CASE("a summary of single numbers, and of a run that ended early") {
  Measurement point = measure::sample_point();
  const RunSummary read = read_summary(dump_json(measure::to_json(point), -1), "p.json");
  CHECK(read.total == measure::summary_of_run(point, "p.json").total);
  CHECK(read.machine_class.empty());

  Measurement partial = run_at(start);
  partial.partial = true;
  partial.stop_reason = "interrupted";
  CHECK(!read_summary(dump_json(measure::to_json(partial), 2), "i.json").complete);
}

TEST_CASE("what is no result says what is wrong with it") {
  const std::string good = dump_json(measure::to_json(run_at(start)), 2);
  CHECK(refusal(good) == "read");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const auto at = text.find(from);
    REQUIRE(at != text.npos);
    return refusal(text.replace(at, from.size(), to));
  };
  CHECK(refusal(good.substr(0, good.size() / 2)).find("r.json:") == 0);
  CHECK(refusal(good.substr(0, good.size() / 2)).find("E-510") != std::string::npos);
  CHECK(refusal("[]") == "r.json: error[E-540]: not a burstgate result: there is no 'schema'");
  CHECK(refusal("{}") == "r.json: error[E-540]: not a burstgate result: there is no 'schema'");
  CHECK(with("burstgate/1", "burstgate/9") ==
        "r.json: error[E-540]: written as \"burstgate/9\", a history holds \"burstgate/1\"");
  CHECK(with("nearest-rank/hdr-upper", "interpolated") ==
        "r.json: error[E-540]: its percentiles are \"interpolated\", which cannot be compared with ours");
  CHECK(with("\"started_at\"", "\"stopped_at\"") == "r.json: error[E-540]: $: no 'started_at'");
  CHECK(with("\"partial\": false", "\"partial\": 0") == "r.json: error[E-540]: $.partial: expected true or false");
  CHECK(with("\"p95\": ", "\"p95\": \"x\", \"p95b\": ") ==
        "r.json: error[E-540]: $.totals.latency_ms.p95: expected a number");
}

TEST_CASE("a folder: by time, copies once, what is no result is said") {
  const TempFolder folder;
  save(folder / "b.json", run_at(start + 60, "2"));
  save(folder / "a.json", run_at(start + 120, "3"));
  save(folder / "z.json", run_at(start, "1"));
  save(folder / "z_copy.json", run_at(start, "1"));
  write_plain(folder / "broken.json", "{\"schema\": \"burstgate/1\"");
  write_plain(folder / "other.json", "{\"k6\": true}");
  write_plain(folder / "notes.txt", "not looked at");
  fs::create_directory(folder / "folder.json");
  const History history = read_history(folder.path());
  REQUIRE(history.runs.size() == 3);
  CHECK(history.runs[0].commit == "1");
  CHECK(history.runs[1].commit == "2");
  CHECK(history.runs[2].commit == "3");
  REQUIRE(history.copies.size() == 1);
  CHECK(history.copies[0].file == "z_copy.json");
  CHECK(history.copies[0].why == "the same run as z.json");
  CHECK(files_of(history.unread) == std::vector<std::string>{"broken.json", "other.json"});
  CHECK(history.doubtful.empty());
  CHECK(!fs::exists(folder / history_index));  // few files
}

TEST_CASE("two runs of one second that differ are two runs") {
  const TempFolder folder;
  save(folder / "a.json", run_at(start, "1"));
  save(folder / "b.json", run_at(start, "2"));
  CHECK(read_history(folder.path()).runs.size() == 2);
}

TEST_CASE("a clock that went backwards is said, and the run counts") {
  const TempFolder folder;
  save(folder / "future.json", run_at(4'000'000'000));
  save(folder / "unset.json", run_at(86'400));
  const History history = read_history(folder.path());
  CHECK(history.runs.size() == 2);
  REQUIRE(history.doubtful.size() == 2);
  CHECK(history.doubtful[0].why.find("says it ran at 2096-10-02T07:06:40Z, but was written at ") == 0);
  CHECK(history.doubtful[1].why == "says it ran at 1970-01-02T00:00:00Z: its clock was not set, it comes first");
}

TEST_CASE("a folder that is not there is an error, an empty one is not") {
  const TempFolder folder;
  CHECK(read_history(folder.path()).runs.empty());
  CHECK_THROWS_AS(read_history(folder / "nowhere"), Error);
  write_plain(folder / "file", "");
  CHECK_THROWS_AS(read_history(folder / "file"), Error);
}

std::string many(const TempFolder& folder) {
  for (std::size_t i = 0; i < min_files_for_index; ++i) {
    save(folder / fmt::format("r{:03}.json", i), run_at(start + static_cast<std::int64_t>(i) * 60, std::to_string(i)));
  }
  return folder / history_index;
}

TEST_CASE("the index is a cache: whatever happens to it, the history is the same") {
  const TempFolder folder;
  const std::string index = many(folder);
  const History first = read_history(folder.path());
  CHECK(first.from_index == 0);
  REQUIRE(fs::exists(index));
  const std::string written = read_plain(index);
  const auto same = [&](const History& other) {
    REQUIRE(other.runs.size() == first.runs.size());
    for (std::size_t i = 0; i < first.runs.size(); ++i) {
      CHECK(other.runs[i].file == first.runs[i].file);
      CHECK(other.runs[i].commit == first.runs[i].commit);
      CHECK(other.runs[i].total == first.runs[i].total);
      CHECK(other.runs[i].endpoints == first.runs[i].endpoints);
    }
  };
  const History second = read_history(folder.path());
  CHECK(second.from_index == min_files_for_index);
  same(second);
  for (const std::string& content : {std::string(), std::string("garbage"), written.substr(0, written.size() / 2),
                                     std::string("{\"schema\":\"burstgate-history/0\"}\n")}) {
    write_plain(index, content);
    same(read_history(folder.path()));
    CHECK(read_history(folder.path()).from_index == min_files_for_index);  // written anew
  }
  fs::remove(index);
  same(read_history(folder.path()));
}

TEST_CASE("a file that changed is read again, one that is gone is forgotten") {
  const TempFolder folder;
  many(folder);
  read_history(folder.path());
  save(folder / "r005.json", run_at(start + 300, "another commit"));  // another size
  save(folder / "r100.json", run_at(start + 999'999));
  fs::remove(folder / "r000.json");
  const History history = read_history(folder.path());
  CHECK(history.from_index == min_files_for_index - 2);
  CHECK(history.runs.size() == min_files_for_index);
  CHECK(history.runs[4].commit == "another commit");
  CHECK(read_history(folder.path()).from_index == min_files_for_index);

  // The same size, but another time.
  struct timespec times[2] = {{1'700'000'000, 0}, {1'700'000'000, 1}};
  ::utimensat(AT_FDCWD, (folder / "r007.json").c_str(), times, 0);
  CHECK(read_history(folder.path()).from_index == min_files_for_index - 1);
}

TEST_CASE("filters: exact words, the beginning of a commit, a part of the machine") {
  RunSummary run;
  run.operation = "checkout";
  run.profile = "pr";
  run.branch = "main";
  run.commit = "c0ffee12";
  run.pull_request = "7";
  run.machine_class = "CPU A, 4 cores";
  CHECK(matches(run, {}));
  CHECK(matches(run, {.operation = "checkout",
                      .profile = "pr",
                      .branch = "main",
                      .commit = "c0f",
                      .pull_request = "7",
                      .machine = "4 cores"}));
  CHECK(!matches(run, {.operation = "check"}));
  CHECK(!matches(run, {.profile = "nightly"}));
  CHECK(!matches(run, {.branch = "mai"}));
  CHECK(!matches(run, {.commit = "0ff"}));
  CHECK(!matches(run, {.pull_request = "77"}));
  CHECK(!matches(run, {.machine = "8 cores"}));
}

}  // namespace
}  // namespace burstgate::baseline
