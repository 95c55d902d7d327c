#include "cli/import_limits.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "importers/importers.hpp"
#include "verdict/judge.hpp"

namespace burstgate::cli {
namespace {

using measure::Measurement;
using Point = std::map<Metric, double>;

Measurement imported(const Point& point, const std::string& tool = "wrk", const std::string& latency = "l") {
  Measurement measurement;
  measurement.workload.fields = {{"tool", tool}, {"latency", latency}};
  measurement.workload.digest = tool + latency;
  measurement.total.point = point;
  return measurement;
}

std::vector<Metric> metrics(const config::RuleSet& rules) {
  std::vector<Metric> all;
  for (const auto& rule : rules.regression) all.push_back(rule.metric);
  for (const auto& rule : rules.limits) all.push_back(rule.metric);
  return all;
}

FittedLimits fitted(const Measurement& was, const Measurement& now) {
  return fitted_limits(config::default_thresholds(), {was}, now);
}

TEST_CASE("what both have is judged as ever") {
  const Point point = {{Metric::latency_p95, 100}, {Metric::throughput, 5}, {Metric::error_rate, 0}};
  const FittedLimits limits = fitted(imported(point), imported(point));
  CHECK(metrics(limits.thresholds.total) ==
        std::vector<Metric>{Metric::latency_p95, Metric::throughput, Metric::error_rate, Metric::error_rate});
  CHECK(limits.notes.empty());
  CHECK_FALSE(limits.thresholds.total.regression[0].floor.has_value());
}

TEST_CASE("without p95 the next best quantile that both have; what neither has is not judged") {
  const Point was = {{Metric::latency_p50, 50}, {Metric::latency_p99, 300}};
  const Point now = {{Metric::latency_p50, 50}, {Metric::latency_mean, 60}};
  const FittedLimits limits = fitted(imported(was), imported(now));
  CHECK(metrics(limits.thresholds.total) == std::vector<Metric>{Metric::latency_p50});
  CHECK(limits.notes == std::vector<std::string>{
                            "no latency_p95 on both sides: the built-in limit is applied to latency_p50",
                            "throughput is in neither file: not judged", "error_rate is in neither file: not judged"});
}

TEST_CASE("what only one side has stays a question") {
  const Point was = {{Metric::latency_p95, 50}, {Metric::throughput, 1}}, now = {{Metric::latency_p95, 50}};
  const FittedLimits limits = fitted(imported(was), imported(now));
  CHECK(metrics(limits.thresholds.total) == std::vector<Metric>{Metric::latency_p95, Metric::throughput});
  const auto verdict = verdict::judge({true, {imported(was)}}, imported(now), limits.thresholds);
  CHECK(verdict.outcome == verdict::Outcome::inconclusive);
}

TEST_CASE("several tests without a total: each of them") {
  Measurement was = imported({}), now = imported({});
  for (const char* name : {"SET", "GET"}) {
    for (Measurement* side : {&was, &now}) {
      auto& endpoint = side->endpoints.emplace_back();
      endpoint.name = name;
      endpoint.point = Point{{Metric::latency_p95, 100}, {Metric::throughput, 5}};
    }
  }
  const FittedLimits limits = fitted(was, now);
  CHECK(limits.thresholds.total.empty());
  CHECK(metrics(limits.thresholds.endpoints.at("GET")) == std::vector<Metric>{Metric::latency_p95, Metric::throughput});
  CHECK(limits.thresholds.endpoints.size() == 2);
}

TEST_CASE("a step of rounding is no change, two may be") {
  Measurement was = imported({{Metric::latency_p95, 1000}}), now = imported({{Metric::latency_p95, 2000}});
  now.workload.fields.emplace_back("resolution", "1 ms");
  was.workload = now.workload;
  const FittedLimits limits = fitted(was, now);
  CHECK(limits.thresholds.total.regression[0].floor == 2000);
  CHECK(verdict::judge({true, {was}}, now, limits.thresholds).outcome == verdict::Outcome::pass);
  now.total.point = Point{{Metric::latency_p95, 3000}};
  CHECK(verdict::judge({true, {was}}, now, limits.thresholds).outcome == verdict::Outcome::fail);
}

TEST_CASE("nothing in common is an error, not a pass") {
  CHECK_THROWS_AS(fitted(imported({}), imported({})), Error);
}

TEST_CASE("two tools, or two definitions of latency, are not compared; unless asked for") {
  const Point point = {{Metric::latency_p95, 100}, {Metric::throughput, 5}, {Metric::error_rate, 0}};
  const auto outcome = [](const Measurement& was, const Measurement& now) {
    return verdict::judge({true, {was}}, now, config::default_thresholds());
  };
  CHECK(outcome(imported(point), imported(point)).outcome == verdict::Outcome::pass);
  for (const auto& other : {imported(point, "wrk2"), imported(point, "wrk", "from the intended send time")}) {
    const auto verdict = outcome(other, imported(point));
    CHECK(verdict.outcome == verdict::Outcome::inconclusive);
    REQUIRE_FALSE(verdict.reasons.empty());
    CHECK(verdict.reasons[0].cause == verdict::Cause::workload_differs);
    std::vector<Measurement> recorded = {other};
    Measurement now = imported(point);
    settle_tool_differences(recorded, now, DifferentTools::ignored);
    CHECK(outcome(recorded[0], now).outcome == verdict::Outcome::pass);
    CHECK(now.notes.size() == 1);
    recorded = {other};
    Measurement told = imported(point);
    settle_tool_differences(recorded, told, DifferentTools::apart);
    CHECK(recorded[0].workload.digest == other.workload.digest);
    REQUIRE(told.notes.size() == 1);
    CHECK(told.notes[0].find("--different-tools compares all the same") != std::string::npos);
  }
  Measurement flat;  // a flat summary does not say who measured it
  flat.total.point = point;
  CHECK(outcome(flat, imported(point)).outcome == verdict::Outcome::pass);
  // Two of our own runs stay apart when their workloads differ, whatever was asked for.
  std::vector<Measurement> recorded(1);
  Measurement now;
  recorded[0].workload = {{{"rate", "100/s"}}, "a"};
  now.workload = {{{"rate", "200/s"}}, "b"};
  settle_tool_differences(recorded, now, DifferentTools::ignored);
  CHECK(recorded[0].workload.digest == "a");
}

}  // namespace
}  // namespace burstgate::cli
