#include <doctest/doctest.h>

#include "base/error.hpp"
#include "importers/importers.hpp"
#include "measure/result_json.hpp"
#include "unit/base/temp_folder.hpp"
#include "unit/measure/same_measurement.hpp"

namespace burstgate::importers {
namespace {

std::optional<measure::Measurement> imported(const std::string& text) {
  Source source = Source::of_text("f.json", text);
  return read_foreign(source);
}

std::string refusal(const std::string& text) {
  try {
    imported(text);
  } catch (const Error& error) {
    CHECK(error.trouble() == Trouble::usage);
    return error.what();
  }
  return "accepted";
}

TEST_CASE("the flat summary gives a point measurement") {
  const auto m = imported(read_plain(BURSTGATE_SOURCE_DIR "/tests/cases/importers/flat-summary.json"));
  REQUIRE(m.has_value());
  const std::map<Metric, double> expected = {{Metric::latency_mean, 2'500'000}, {Metric::latency_p50, 2'000'000},
                                             {Metric::latency_p95, 4'500'000},  {Metric::latency_p99, 8'000'000},
                                             {Metric::latency_max, 12'000'000}, {Metric::throughput, 8.5},
                                             {Metric::error_rate, 0.02}};
  CHECK(m->is_point());
  CHECK(m->total.point == expected);
  CHECK(m->operation == "content_generation_baseline");
  CHECK(m->started_at_unix_s == 1'704'110'400);
  CHECK(m->duration_s == 300);
  CHECK(m->notes == std::vector<std::string>{"imported from a flat summary: no raw data, no confidence",
                                             "environment: baseline", "version: 0.1.0",
                                             "timestamp: 2024-01-01T12:00:00", "concurrent_users: 10",
                                             "total_requests: 2550", "error_count: 51"});
  measure::check_same(*m, measure::from_json(measure::to_json(*m), "again"));
}

TEST_CASE("what is missing stays missing") {
  const auto m = imported(R"({"response_time_p95": 100, "min_rps": 50})");
  REQUIRE(m.has_value());
  CHECK(m->total.point == std::map<Metric, double>{{Metric::latency_p95, 100'000}});
  CHECK_FALSE(measure::value_of(m->total, Metric::latency_p99, 1).has_value());
  CHECK(m->started_at_unix_s == 0);
}

TEST_CASE("other files are not taken for one") {
  for (const char* text : {"[]", "{}", "1", "null", R"({"error_rate": 0.1})",
                           R"({"schema": "x", "response_time_p95": 1})", R"([{"response_time_p95": 1}])"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(imported(text).has_value());
  }
}

TEST_CASE("timestamps in the forms that scripts write; others are only noted") {
  const auto time = [](const std::string& text) {
    return imported(R"({"response_time_p95": 1, "timestamp": ")" + text + "\"}")->started_at_unix_s;
  };
  CHECK(time("2024-01-01T12:00:00Z") == 1'704'110'400);
  CHECK(time("2024-01-01 12:00:00.123456") == 1'704'110'400);
  CHECK(time("2024-01-01T12:00:00+00:00") == 1'704'110'400);
  CHECK(time("2024-01-01T12:00:00+02:00") == 0);
  CHECK(time("yesterday") == 0);
}

TEST_CASE("values that cannot be are refused with path and value") {
  CHECK(refusal(R"({"response_time_p95": "12"})") ==
        "f.json: error[E-520]: $.response_time_p95: expected a number, got \"12\"");
  CHECK(
      refusal(R"({"response_time_p95": -1})").find("$.response_time_p95: expected a number from 0 to 9e+09, got -1") !=
      std::string::npos);
  CHECK(refusal(R"({"response_time_p95": null})").find("$.response_time_p95: expected a number, got null") !=
        std::string::npos);
  CHECK(refusal(R"({"response_time_p95": 1, "error_rate": 2})")
            .find("$.error_rate: expected a number from 0 to 1, got 2") != std::string::npos);
  CHECK(refusal(R"({"response_time_p95": 5, "response_time_p99": 4})") ==
        "f.json: error[E-551]: $.response_time_p99: expected at least 5 (response_time_p95), got 4");
  CHECK(refusal(R"({"response_time_p99": 4, "response_time_median": 5})") ==
        "f.json: error[E-551]: $.response_time_p99: expected at least 5 (response_time_median), got 4");
  CHECK(refusal(R"({"response_time_median": 4, "response_time_p50": 5})") ==
        "f.json: error[E-551]: $.response_time_p50: differs from the other key for the same metric");
  CHECK(
      refusal(R"({"response_time_p95": 1, "total_requests": 1.5})").find("$.total_requests: expected a whole number") !=
      std::string::npos);
  CHECK(refusal(R"({"response_time_p95": 1, "test_duration": -300})")
            .find("$.test_duration: expected a number, at least 0") != std::string::npos);
}

}  // namespace
}  // namespace burstgate::importers
