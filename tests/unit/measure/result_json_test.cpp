// Measurement <-> JSON: nothing is lost, and nothing that was tampered with is read.
#include "measure/result_json.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <functional>
#include <limits>

#include "base/assert.hpp"
#include "base/error.hpp"
#include "base/json_text.hpp"
#include "unit/base/temp_folder.hpp"
#include "unit/measure/same_measurement.hpp"
#include "unit/measure/sample_measurement.hpp"

namespace burstgate::measure {
namespace {

std::string text_of(const Measurement& m) {
  return dump_json(to_json(m), 2) + "\n";
}
Measurement read_back(const std::string& text) {
  return from_json(parse_json(text, "r.json"), "r.json");
}

void check_round_trip(const Measurement& m) {
  const std::string text = text_of(m);
  const Measurement again = read_back(text);
  check_same(m, again);
  CHECK(text_of(again) == text);
}

TEST_CASE("a measurement comes back as it was") {
  SUBCASE("full") {
    check_round_trip(sample_measurement());
  }
  SUBCASE("point") {
    check_round_trip(sample_point());
  }
  SUBCASE("nothing was sent") {
    check_round_trip(Measurement{});
  }
  SUBCASE("interrupted") {
    Measurement m = sample_measurement();
    m.partial = true;
    m.stop_reason = "signal 15";
    m.target_died = true;
    m.tool_failed = true;
    m.environment.cpu_limit.reset();
    m.generator.send_lag_p50_us.reset();
    m.generator.send_lag_p99_us.reset();
    check_round_trip(m);
  }
  SUBCASE("samples beyond an hour") {
    Measurement m = sample_measurement();
    for (EndpointResult* result : {&m.total, &m.endpoints[0]}) {
      result->latencies.ok.record(4'000'000'000, 3);
      result->counts.ok += 3, result->counts.started += 3, result->counts.planned += 3;
    }
    check_round_trip(m);
  }
  SUBCASE("stages") {
    Measurement m = sample_measurement();
    m.stages = {{"rise", 0, 0.125, 0, 10.5}, {"peak", 0.125, 1, 10.5, 10.5}};
    mark_stages(m);
    check_round_trip(m);
  }
  SUBCASE("the same field twice") {
    Measurement m = sample_measurement();
    m.workload.fields.push_back(m.workload.fields.front());
    check_round_trip(m);
  }
  SUBCASE("every status that can be counted") {
    Measurement m = sample_measurement();
    m.total.counts.statuses = {{0, 1}, {42, 1}, {999, 1}};
    check_round_trip(m);
  }
}

TEST_CASE("a slice is in the stage that its middle is in, and in none outside of them") {
  Measurement m = sample_measurement();
  m.stages = {{"rise", 0, 0.125, 0, 10}, {"peak", 0.125, 0.1, 10, 10}};
  mark_stages(m);
  CHECK(m.total.slices[0].stage == 0u);  // 0 to 0.1 s
  CHECK(m.endpoints[0].slices[1].stage == 1u);
  CHECK_FALSE(m.total.slices[2].stage);  // 0.2 to 0.3 s
}

TEST_CASE("a slice in a stage that there is not is refused") {
  Measurement m = sample_measurement();
  m.stages = {{"rise", 0, 1, 0, 10}};
  mark_stages(m);
  Json json = to_json(m);
  json["slices"][1]["stage"] = 1;
  CHECK_THROWS_WITH_AS(from_json(json, "r.json"), "r.json: error[E-520]: $: a slice is in stage 1, and there are 1",
                       Error);
}

TEST_CASE("a file of an older version has no reference") {
  Json json = to_json(sample_measurement());
  json.erase("reference");
  CHECK_FALSE(from_json(json, "r.json").reference);
}

TEST_CASE("setup steps are kept apart from the totals") {
  Measurement m = sample_measurement();
  CHECK_FALSE(to_json(m).contains("setup"));
  EndpointResult login = sample_endpoint("login", 20, 9);
  login.slices.clear();
  m.setup = {login};
  const Measurement back = from_json(to_json(m), "r.json");
  REQUIRE(back.setup.size() == 1);
  check_same(back.setup[0], login);
  CHECK(back.total.counts.started == m.total.counts.started);
}

TEST_CASE("times survive to the nanosecond, other doubles to the last bit") {
  Measurement m = sample_measurement();
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    Slice slice = m.total.slices.front();
    const double us = static_cast<double>(random() % 3'600'000'000'000) / 1000.0;
    slice.p50_us = slice.p90_us = slice.p95_us = slice.p99_us = slice.p999_us = slice.mean_us = slice.max_us = us;
    slice.start_s = static_cast<double>(random()) * 1e-17;
    slice.duration_s = std::nextafter(0.1, i % 2);
    m.total.slices.push_back(slice);
  }
  check_round_trip(m);
}

TEST_CASE("a measurement that breaks the accounting identity is not written") {
  Measurement m = sample_measurement();
  ++m.total.counts.planned;
  CHECK_THROWS_AS(to_json(m), AssertionFailed);
}

TEST_CASE("result files, byte for byte") {
  const struct {
    const char* name;
    Measurement measurement;
  } cases[] = {{"full", sample_measurement()}, {"point", sample_point()}, {"empty", Measurement{}}};
  for (const auto& one : cases) {
    const std::string name = one.name;
    const Measurement& measurement = one.measurement;
    CAPTURE(name);
    const std::string path = std::string(BURSTGATE_SOURCE_DIR) + "/tests/golden/result/" + name + ".json";
    if (std::getenv("UPDATE_GOLDEN") != nullptr) write_plain(path, text_of(measurement));
    CHECK(read_plain(path) == text_of(measurement));
  }
}

std::string error_of(const Json& json) {
  try {
    from_json(json, "r.json");
  } catch (const Error& error) {
    CHECK(error.trouble() == Trouble::usage);
    return error.what();
  }
  return "no error";
}

struct Tampering {
  const char* change;  // a JSON pointer and its new value; the word "gone" removes the key
  const char* value;
  const char* error;
};

TEST_CASE("cases 124, 127: what does not fit is refused with path and value") {
  const Tampering cases[] = {
      {"/schema", "\"burstgate/2\"",
       "error[E-521]: $.schema: written as \"burstgate/2\" by burstgate 0.1.0, this program reads \"burstgate/1\"; use "
       "the newer program"},
      {"/schema", "\"other\"", "error[E-521]: $.schema: expected \"burstgate/1\", got \"other\""},
      {"/schema", "\"burstgate/01\"", "error[E-521]: $.schema: expected \"burstgate/1\", got \"burstgate/01\""},
      {"/schema", "gone", "error[E-520]: $: the key 'schema' is missing"},
      {"/tool", "7", "$.tool: expected a string, got 7"},
      {"/started_at", "\"2026-02-30T00:00:00Z\"", "$.started_at: expected a UTC time such as"},
      {"/started_at", "\"2026-02-03 00:00:00Z\"", "$.started_at: expected a UTC time such as"},
      {"/percentile_def", "\"hf7\"", "$.percentile_def: expected \"nearest-rank/hdr-upper\", got \"hf7\""},
      {"/duration_s", "-1", "$.duration_s: expected a number, at least 0, got -1"},
      {"/duration_s", "-0.0", "$.duration_s: expected a number, at least 0, got -0.0"},
      {"/duration_s", "\"0.3\"", "$.duration_s: expected a number, got \"0.3\""},
      {"/duration_s", "null", "$.duration_s: expected a number, got null"},
      {"/partial", "0", "$.partial: expected true or false, got 0"},
      {"/environment", "[]", "$.environment: expected an object, got an array"},
      {"/environment/cores", "1.5", "$.environment.cores: expected a whole number from 0 to 1048576, got 1.5"},
      {"/workload/fields", "{}", "$.workload.fields: expected an array, got an object"},
      {"/workload/fields/1/value", "3", "$.workload.fields[\"rate\"].value: expected a string, got 3"},
      {"/totals/requests", "9007199254740993",
       "$.totals.requests: expected a whole number from 0 to 9007199254740992, got 9007199254740993"},
      {"/totals/requests", "9007199254740992",
       "error[E-524]: $.totals.planned: expected 9007199254741002 (requests + dropped)"},
      {"/endpoints/0/planned", "1",
       "error[E-524]: $.endpoints[\"GET /\"].planned: expected 112 (requests + dropped), got 1"},
      {"/endpoints/0/failed", "1",
       "error[E-524]: $.endpoints[\"GET /\"].failed: expected 6 (the sum of the failures), got 1"},
      {"/endpoints/0/unfinished", "2",
       "error[E-524]: $.endpoints[\"GET /\"].requests: expected 108 (ok + failed + unfinished), got 107"},
      {"/endpoints/0/error_rate", "0.01", "error[E-524]: $.endpoints[\"GET /\"].error_rate: expected 0.0654"},
      {"/endpoints/0/error_rate", "null", "$.endpoints[\"GET /\"].error_rate: expected a number, got null"},
      {"/endpoints/0/throughput_rps", "334", "error[E-524]: $.endpoints[\"GET /\"].throughput_rps: expected 333.33"},
      {"/endpoints/0/failures/timeout", "-2",
       "$.endpoints[\"GET /\"].failures.timeout: expected a whole number from 0"},
      {"/endpoints/0/failures/other", "0", "$.endpoints[\"GET /\"].failures.other: unknown kind of failure"},
      {"/endpoints/0/statuses/2xx", "0", "$.endpoints[\"GET /\"].statuses.2xx: expected an HTTP status as the key"},
      {"/endpoints/0/statuses/1000", "0", "$.endpoints[\"GET /\"].statuses.1000: expected an HTTP status as the key"},
      {"/endpoints/0/statuses/0200", "0", "$.endpoints[\"GET /\"].statuses.0200: expected an HTTP status as the key"},
      {"/endpoints/0/latency_ms/p99", "1",
       "error[E-525]: $.endpoints[\"GET /\"].latency_ms.p99: expected 5000 as in the histogram, within one bucket, "
       "got 1"},
      {"/endpoints/0/latency_ms/p99.9", "1", "$.endpoints[\"GET /\"].latency_ms[\"p99.9\"]: expected"},
      {"/endpoints/0/latency_ms/p95", "gone", "$.endpoints[\"GET /\"].latency_ms: the key 'p95' is missing"},
      {"/endpoints/0/latency_ms", "null", "$.endpoints[\"GET /\"].latency_ms: expected an object, got null"},
      {"/endpoints/0/name", "\"chat\"", "$.endpoints[\"chat\"].name: two endpoints have this name"},
      {"/endpoints/0/name", "\"\"", ".name: expected a name, got \"\""},
      {"/endpoints/0/histograms/ok", "null", "$.endpoints[\"GET /\"].latency_ms.mean: expected"},
      {"/endpoints/0/histograms/ok/samples", "99",
       "error[E-523]: $.endpoints[\"GET /\"].histograms.ok.samples: expected 100 as in the histogram, got 99"},
      {"/endpoints/0/histograms/ok/min_ms", "0.9",
       "error[E-523]: $.endpoints[\"GET /\"].histograms.ok.min_ms: expected a value in the first bucket"},
      {"/endpoints/0/histograms/ok/max_ms", "3600000",
       "error[E-523]: $.endpoints[\"GET /\"].histograms.ok.max_ms: expected a value in the last bucket"},
      {"/endpoints/0/histograms/ok/max_ms", "3600000.001",
       "$.endpoints[\"GET /\"].histograms.ok.max_ms: expected a number from 0 to 3.6e+06"},
      {"/endpoints/0/histograms/ok/min_ms", "1.0000001",
       "$.endpoints[\"GET /\"].histograms.ok.min_ms: expected a value in the first"},
      {"/endpoints/0/histograms/ok/min_ms", "1.000001",
       "$.endpoints[\"GET /\"].histograms.ok.min_ms: expected whole microseconds"},
      {"/endpoints/0/histograms/ok/overflow", "1",
       "error[E-523]: $.endpoints[\"GET /\"].histograms.ok.overflow: expected at most 0, got 1"},
      {"/endpoints/0/histograms/ok/hdr", "\"AAAA\"",
       "error[E-523]: $.endpoints[\"GET /\"].histograms.ok.hdr: not a histogram in HdrHistogram V2 form: truncated in "
       "its header"},
      {"/endpoints/0/slices/0/latency_ms/p90", "1",
       "error[E-525]: $.endpoints[\"GET /\"].slices[0].latency_ms.p90: expected at least 1.234 (p50), got 1"},
      {"/endpoints/0/slices/0/latency_ms/mean", "7",
       "error[E-525]: $.endpoints[\"GET /\"].slices[0].latency_ms.mean: expected at most 6.001 (max), got 7"},
      {"/endpoints/0/slices/0/samples", "0",
       "error[E-525]: $.endpoints[\"GET /\"].slices[0].latency_ms: expected null, there are no samples"},
      {"/endpoints/0/slices/0/start_s", "-1",
       "$.endpoints[\"GET /\"].slices[0].start_s: expected a number, at least 0, got -1"},
      {"/totals/failures/refused", "1", "error[E-524]: $.totals.failed: expected 13"},
      {"/generator/threads", "-1", "$.generator.threads: expected a whole number"},
      {"/generator/steal_share", "[]", "$.generator.steal_share: expected a number, got an array"},
      {"/reference", "null", "$.reference: expected an object, got null"},
      {"/reference/latency_p50_ms", "0", "$.reference.latency_p50_ms: expected a time above 0, got 0"},
      {"/reference/latency_p50_ms", "\"0.03\"", "$.reference.latency_p50_ms: expected a number, got"},
      {"/reference/spread", "-0.1", "$.reference.spread: expected a number, at least 0, got -0.1"},
      {"/reference/slices", "0", "$.reference.slices: expected at least 1, got 0"},
      {"/reference/slices", "1.5", "$.reference.slices: expected a whole number"},
      {"/anomalies/bare_lf", "1.5", "$.anomalies.bare_lf: expected a whole number"},
      {"/notes/1", "{}", "$.notes[1]: expected a string, got an object"},
  };
  const Json good = to_json(sample_measurement());
  for (const Tampering& tampering : cases) {
    const std::string change = tampering.change, value = tampering.value, error = tampering.error;
    CAPTURE(change);
    CAPTURE(value);
    Json json = good;
    const Json::json_pointer pointer(change);
    if (value == "gone") {
      json[pointer.parent_pointer()].erase(pointer.back());
    } else {
      json[pointer] = Json::parse(value);
    }
    const std::string text = error_of(json);
    INFO(text);
    CHECK(text.find("r.json: error[") == 0);
    CHECK(text.find(error) != text.npos);
  }
}

TEST_CASE("every key is needed, at every level") {
  const Json good = to_json(sample_measurement());
  const std::function<void(const Json::json_pointer&)> sweep = [&](const Json::json_pointer& at) {
    const Json& here = good[at];
    if (!here.is_object()) return;
    for (const auto& item : here.items()) {
      const std::string key = item.key();
      // Absent where it was not measured.
      if (key == "reference" || key == "figures" || key == "first_byte" || key == "first_event") continue;
      if (at.to_string().ends_with("failures") || at.to_string().ends_with("anomalies") ||
          at.to_string().ends_with("statuses"))
        continue;
      Json json = good;
      json[at].erase(key);
      CAPTURE((at / key).to_string());
      CHECK(error_of(json).find("the key '" + key + "' is missing") != std::string::npos);
      sweep(at / key);
    }
  };
  sweep(Json::json_pointer(""));
  sweep(Json::json_pointer("/reference"));
  sweep(Json::json_pointer("/endpoints/0"));
  sweep(Json::json_pointer("/endpoints/0/slices/0"));
}

TEST_CASE("the endpoints' counts add up to the total's") {
  Measurement m = sample_measurement();
  Json json = to_json(m);
  json["endpoints"].erase(1);
  CHECK(error_of(json) == "r.json: error[E-524]: $.totals.planned: expected 112 (the sum over the endpoints), got 224");
}

TEST_CASE("numbers that JSON cannot hold are refused as well") {
  Json json = to_json(sample_measurement());
  json["warmup_s"] = std::numeric_limits<double>::quiet_NaN();
  CHECK(error_of(json) == "r.json: error[E-520]: $.warmup_s: expected a finite number, got nan");
  json["warmup_s"] = std::numeric_limits<double>::infinity();
  CHECK(error_of(json) == "r.json: error[E-520]: $.warmup_s: expected a finite number, got inf");
}

TEST_CASE("unknown keys and a verdict are ignored") {
  Json json = to_json(sample_measurement());
  json["verdict"] = {{"outcome", "pass"}};
  json["resources"] = nullptr;
  json["endpoints"][0]["new"] = 1;
  check_same(sample_measurement(), from_json(json, "r.json"));
}

TEST_CASE("a point's quantiles do not decrease, whichever of them are there") {
  Json json = to_json(sample_point());
  json["totals"]["point"]["latency_p99.9_ms"] = 100;
  CHECK(
      error_of(json) ==
      "r.json: error[E-525]: $.totals.point[\"latency_p99.9_ms\"]: expected at least 4500.0 (latency_p95_ms), got 100");
  json = to_json(sample_point());
  json["totals"]["point"]["error_rate"] = 1.5;
  CHECK(error_of(json) == "r.json: error[E-520]: $.totals.point.error_rate: expected a number from 0 to 1, got 1.5");
}

TEST_CASE("one request, below the middle of its bucket, can be read again") {
  Measurement m = sample_measurement();
  m.endpoints.resize(1);
  EndpointResult& endpoint = m.endpoints[0];
  endpoint = {};
  endpoint.name = "once";
  endpoint.counts.planned = endpoint.counts.started = endpoint.counts.ok = 1;
  endpoint.latencies.ok.record(12'250);
  m.total = endpoint;
  m.total.name.clear();
  CHECK(from_json(to_json(m), "again").total.latencies.ok.max_us() == 12'250);
}

}  // namespace
}  // namespace burstgate::measure
