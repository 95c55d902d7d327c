// PairedRun <-> JSON: nothing is lost, and nothing that was tampered with is read.
#include "measure/paired_json.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "base/error.hpp"
#include "base/json_text.hpp"
#include "unit/base/temp_folder.hpp"
#include "unit/measure/sample_measurement.hpp"
#include "unit/measure/sample_paired.hpp"

namespace burstgate::measure {
namespace {

Json result_of(const PairedRun& run) {
  Json json = to_json(sample_measurement());
  json["paired"] = to_json(run, sample_measurement(50));
  return json;
}

std::optional<SavedPair> read_back(const Json& json) {
  return paired_from_json(parse_json(dump_json(json, -1), "r.json"), "r.json");
}

std::string error_of(const Json& json) {
  try {
    paired_from_json(json, "r.json");
  } catch (const Error& error) {
    CHECK(error.trouble() == Trouble::usage);
    return error.what();
  }
  return "no error";
}

TEST_CASE("a paired run comes back as it was, and the baseline with it") {
  const PairedRun run = sample_paired();
  const auto saved = read_back(result_of(run));
  REQUIRE(saved);
  check_same(run, saved->run);
  check_same(sample_measurement(50), saved->baseline);
}

TEST_CASE("the rounds in a result file, byte for byte") {
  PairedRun run = sample_paired();
  run.rounds.resize(2);
  const std::string text = dump_json(result_of(run), 2) + "\n";
  const std::string path = std::string(BURSTGATE_SOURCE_DIR) + "/tests/golden/result/paired.json";
  if (std::getenv("UPDATE_GOLDEN") != nullptr) write_plain(path, text);
  CHECK(read_plain(path) == text);
}

TEST_CASE("a run that ended before its first round comes back as well") {
  PairedRun run;
  run.budget_s = 60;
  const auto saved = read_back(result_of(run));
  REQUIRE(saved);
  check_same(run, saved->run);
}

TEST_CASE("a result without rounds has none") {
  CHECK_FALSE(paired_from_json(to_json(sample_measurement()), "r.json"));
}

TEST_CASE("whoever reads the candidate does not see the rounds") {
  check_same(from_json(result_of(sample_paired()), "r.json"), sample_measurement());
}

TEST_CASE("rounding errors of sums over processes are no negative time") {
  PairedRun run = sample_paired();
  run.rounds[0].candidate.cpu_s = -1e-17;
  CHECK(read_back(result_of(run))->run.rounds[0].candidate.cpu_s == 0);
}

TEST_CASE("a slice is a row of numbers, shorter where there are no samples") {
  const Json json = to_json(sample_paired(), sample_measurement());
  const Json& side = json["rounds"][0]["baseline"];
  CHECK(json["slice_columns"].dump() ==
        R"(["start_s","duration_s","ok","failed","samples","latency_mean_ms","latency_p50_ms","latency_p90_ms",)"
        R"("latency_p95_ms","latency_p99_ms","latency_p99.9_ms","latency_max_ms"])");
  CHECK(side["endpoints"][0].dump() == "[0.01,0.0899999999999,7,1,8,1.333,1.0,2.0,2.5,4.0,5.0,6.125]");
  CHECK(side["endpoints"][2].dump() == "[0.01,0.0899999999999,0,0,0]");
}

struct Tampering {
  const char* change;  // a JSON pointer below "paired" and its new value
  const char* value;
  const char* error;
};

TEST_CASE("what does not fit is refused with path and value") {
  const Tampering cases[] = {
      {"/seed", "-1", "$.paired.seed: expected a whole number from 0"},
      {"/budget_s", "0", "$.paired.budget_s: expected a number from 1e-06 to 86400, got 0"},
      {"/budget_s", "1e9", "$.paired.budget_s: expected a number from 1e-06 to 86400"},
      {"/latency_rate_per_s", "-1", "$.paired.latency_rate_per_s: expected a number from 0 to 1e+09, got -1"},
      {"/rate_was_given", "1", "$.paired.rate_was_given: expected true or false, got 1"},
      {"/users", "1.5", "$.paired.users: expected a whole number"},
      {"/slice_s", "\"0.1\"", "$.paired.slice_s: expected a number, got \"0.1\""},
      {"/idle_cpu_share", "-0.0", "$.paired.idle_cpu_share: expected a number, at least 0, got -0.0"},
      {"/wall_s", "null", "$.paired.wall_s: expected a number, got null"},
      {"/endpoint_names", "{}", "$.paired.endpoint_names: expected an array, got an object"},
      {"/endpoint_names/1", "\"GET /\"", "$.paired.endpoint_names[1]: two endpoints have this name"},
      {"/endpoint_names/1", "\"\"", "$.paired.endpoint_names[1]: expected a name, got \"\""},
      {"/endpoint_names", "[\"GET /\"]", "$.paired.rounds[0].baseline.endpoints: 3 slices for 1 endpoints"},
      {"/baseline/schema", "\"burstgate/2\"", "error[E-521]: $.paired.baseline.schema: written as \"burstgate/2\""},
      {"/baseline/totals/failed", "1", "error[E-524]: $.paired.baseline.totals.failed: expected"},
      {"/slice_columns/5", "\"mean_ms\"", "$.paired.slice_columns: expected [\"start_s\",\"duration_s\""},
      {"/rounds/1/phase", "\"warm-up\"", "$.paired.rounds[1].phase: expected \"latency\" or \"throughput\", got"},
      {"/rounds/1/launch", "-1", "$.paired.rounds[1].launch: expected a whole number"},
      {"/rounds/0/launch", "1", "$.paired.rounds[1].launch: expected at least 1, as in the round before, got 0"},
      {"/rounds/1/candidate_first", "0", "$.paired.rounds[1].candidate_first: expected true or false"},
      {"/rounds/1/start_s", "-1", "$.paired.rounds[1].start_s: expected a number, at least 0"},
      {"/rounds/1/lost_cpu", "1.1", "$.paired.rounds[1].lost_cpu: expected a number from 0 to 1, got 1.1"},
      {"/rounds/1/baseline", "[]", "$.paired.rounds[1].baseline: expected an object, got an array"},
      {"/rounds/1/candidate/p96_ms", "-1", "$.paired.rounds[1].candidate.p96_ms: expected a number from 0"},
      {"/rounds/1/candidate/cpu_s", "1e-300", "$.paired.rounds[1].candidate.cpu_s: expected 0, or at least 1e-20"},
      {"/rounds/1/candidate/answered", "1.5", "$.paired.rounds[1].candidate.answered: expected a whole number"},
      {"/rounds/1/candidate/total/1", "0",
       "rounds[1].candidate.total[1]: expected a number from 1e-06 to 86400, got 0"},
      {"/rounds/1/candidate/total/2", "28",
       "error[E-524]: $.paired.rounds[1].candidate: the endpoints add up to 27 ok"},
      {"/rounds/1/candidate/total/3", "1", "error[E-524]: $.paired.rounds[1].candidate: the endpoints add up to 27 ok"},
      {"/rounds/1/candidate/total/4", "28",
       "error[E-524]: $.paired.rounds[1].candidate: the endpoints add up to 27 ok"},
      {"/rounds/1/candidate/total/4", "0", "error[E-525]: $.paired.rounds[1].candidate.total: latencies and a number"},
      {"/rounds/1/candidate/total", "[0, 0.1, 1, 0, 0, 5]", ".candidate.total: expected 12 numbers, or 5 where there"},
      {"/rounds/1/candidate/endpoints/1/8", "0.5",
       "error[E-525]: $.paired.rounds[1].candidate.endpoints[1]: quantiles fall, or the mean is above the maximum"},
      {"/rounds/1/candidate/endpoints/1/5", "99", "quantiles fall, or the mean is above the maximum"},
      {"/rounds/1/candidate/endpoints/1/5", "\"1\"", ".candidate.endpoints[1][5]: expected a number, got \"1\""},
      {"/rounds/1/candidate/endpoints/2/4", "1", ".candidate.endpoints[2]: latencies and a number of samples need"},
  };
  const Json good = result_of(sample_paired());
  for (const Tampering& tampering : cases) {
    const std::string change = tampering.change, value = tampering.value, error = tampering.error;
    CAPTURE(change);
    CAPTURE(value);
    Json json = good;
    json[Json::json_pointer("/paired" + change)] = Json::parse(value);
    const std::string text = error_of(json);
    INFO(text);
    CHECK(text.find("r.json: error[") == 0);
    CHECK(text.find(error) != text.npos);
  }
}

TEST_CASE("more rounds than the longest budget has are refused before they are read") {
  Json json = result_of(sample_paired());
  Json& rounds = json["paired"]["rounds"];
  const Json one = rounds[0];
  for (int i = 0; i < 5000; ++i) rounds.push_back(one);
  CHECK(error_of(json).find("$.paired.rounds: 5003 rounds, at most 5000") != std::string::npos);
}

TEST_CASE("every key of the rounds is needed, at every level") {
  const Json good = result_of(sample_paired());
  for (const char* level : {"/paired", "/paired/rounds/2", "/paired/rounds/2/baseline", "/paired/rounds/2/candidate"}) {
    const Json::json_pointer at(level);
    for (const auto& item : good[at].items()) {
      Json json = good;
      json[at].erase(item.key());
      CAPTURE((at / item.key()).to_string());
      CHECK(error_of(json).find("the key '" + item.key() + "' is missing") != std::string::npos);
    }
  }
}

}  // namespace
}  // namespace burstgate::measure
