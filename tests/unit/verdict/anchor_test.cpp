// Pinned runs are judged beside the rolling ones: small steps that move these along add up against those.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "support/measurement_builder.hpp"
#include "verdict/judge.hpp"

namespace burstgate::verdict {
namespace {

using test::build;
using test::RunSpec;

measure::Measurement with_latency(double factor, const std::string& cpu = "CPU A") {
  RunSpec spec;
  spec.cpu = cpu;
  for (auto& [rank, us] : spec.endpoints[0].latency_us) {
    us = static_cast<std::int64_t>(std::lround(static_cast<double>(us) * factor));
  }
  return build(spec);
}

std::vector<measure::Measurement> five(double factor, const std::string& cpu = "CPU A") {
  std::vector<measure::Measurement> runs;
  for (const double noise : {1.0, 1.005, 0.995, 1.01, 0.99}) runs.push_back(with_latency(factor * noise, cpu));
  return runs;
}

config::Thresholds p95_by_20_percent() {
  config::Thresholds thresholds;
  config::RegressionRule rule;
  rule.metric = Metric::latency_p95;
  rule.fail = 0.20;
  thresholds.total.regression.push_back(rule);
  return thresholds;
}

BaselineSide side(double rolling, double pinned, const std::string& pinned_cpu = "CPU A") {
  return {.configured = true, .runs = five(rolling), .anchors = five(pinned, pinned_cpu), .anchor_name = "v1.2.0"};
}

TEST_CASE("a run like the rolling ones that is far from the anchor fails, and says against what") {
  const Verdict verdict = judge(side(1.3, 1.0), with_latency(1.32), p95_by_20_percent());
  REQUIRE(verdict.checks.size() == 2);
  CHECK(!verdict.checks[0].against_anchor);
  CHECK(verdict.checks[0].outcome == Outcome::pass);
  CHECK(verdict.checks[1].against_anchor);
  CHECK(verdict.checks[1].outcome == Outcome::fail);
  CHECK(*verdict.checks[1].change == doctest::Approx(0.32).epsilon(0.03));
  CHECK(verdict.checks[1].figure.ends_with("; anchor v1.2.0"));
  CHECK(verdict.outcome == Outcome::fail);
}

TEST_CASE("near both it passes; far from the rolling runs it fails whatever the anchor says") {
  CHECK(judge(side(1.0, 1.0), with_latency(1.01), p95_by_20_percent()).outcome == Outcome::pass);
  const Verdict verdict = judge(side(1.0, 1.4), with_latency(1.4), p95_by_20_percent());
  CHECK(verdict.checks[0].outcome == Outcome::fail);
  CHECK(verdict.checks[1].outcome == Outcome::pass);
}

TEST_CASE("an anchor that cannot be compared with is said, and decides nothing") {
  const Verdict elsewhere = judge(side(1.0, 0.5, "CPU B"), with_latency(1.0), p95_by_20_percent());
  CHECK(elsewhere.checks.size() == 1);
  CHECK(elsewhere.outcome == Outcome::pass);
  CHECK(std::count(elsewhere.notes.begin(), elsewhere.notes.end(),
                   "not compared with the anchor v1.2.0: it was measured on another machine class") == 1);
  BaselineSide other = side(1.0, 0.5);
  for (auto& run : other.anchors) run.workload = {{{"rate", "5/s"}}, "another"};
  CHECK(judge(other, with_latency(1.0), p95_by_20_percent()).checks.size() == 1);
}

TEST_CASE("without an anchor nothing changes") {
  BaselineSide none = side(1.0, 1.0);
  none.anchors.clear();
  CHECK(judge(none, with_latency(1.0), p95_by_20_percent()).checks.size() == 1);
}

}  // namespace
}  // namespace burstgate::verdict
