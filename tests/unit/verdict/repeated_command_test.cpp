// Summary figures of a tool that burstgate itself ran: from enough recorded runs on their spread gives confidence.
#include <doctest/doctest.h>

#include <algorithm>

#include "support/measurement_builder.hpp"
#include "verdict/judge.hpp"

namespace burstgate::verdict {
namespace {

using measure::Measurement;
using test::RunSpec;

Measurement wrk_run(double factor, const std::string& command = "wrk {url}/", double error_rate = 0) {
  RunSpec spec;
  spec.workload = {{"tool", "wrk"}, {"latency", "to the last byte"}};
  if (!command.empty()) spec.workload.emplace_back("command", command);
  spec.point = {{Metric::latency_p99, 20'000 * factor}, {Metric::error_rate, error_rate}};
  return test::build(spec);
}

BaselineSide recorded(std::size_t count, const std::string& command = "wrk {url}/") {
  BaselineSide side{.configured = true, .runs = {}};
  for (const double noise : {1.0, 1.01, 0.99, 1.02, 0.98}) {
    if (side.runs.size() < count) side.runs.push_back(wrk_run(noise, command));
  }
  return side;
}

config::Thresholds limits() {
  config::Thresholds thresholds;
  for (const auto& [metric, fail] : {std::pair(Metric::latency_p99, 0.20), std::pair(Metric::error_rate, 0.005)}) {
    config::RegressionRule rule;
    rule.metric = metric;
    rule.fail = fail;
    thresholds.total.regression.push_back(rule);
  }
  return thresholds;
}

TEST_CASE("five recorded runs of the command: a stored comparison with an interval") {
  const Verdict same = judge(recorded(5), wrk_run(1.0), limits());
  CHECK(same.comparison == Comparison::stored);
  CHECK(same.baseline_runs == 5);
  CHECK(same.outcome == Outcome::pass);
  REQUIRE(same.checks.size() == 2);
  REQUIRE(same.checks[0].interval);
  CHECK(same.checks[0].interval->high < 0.20);
  CHECK(!same.checks[1].interval);  // of a share without counts
  CHECK(same.checks[1].outcome == Outcome::pass);
  CHECK(judge(recorded(5), wrk_run(1.6), limits()).outcome == Outcome::fail);
  // Certainly worse than the tolerance, where a point comparison sees only that the limit is kept.
  CHECK(judge(recorded(5), wrk_run(1.15), limits()).outcome == Outcome::fail);
  CHECK(judge(recorded(4), wrk_run(1.15), limits()).outcome == Outcome::pass);
  CHECK(judge(recorded(5), wrk_run(1.0, "wrk {url}/", 0.02), limits()).outcome == Outcome::fail);
}

TEST_CASE("four recorded runs: a point comparison that says how many would be enough") {
  const Verdict verdict = judge(recorded(4), wrk_run(1.0), limits());
  CHECK(verdict.comparison == Comparison::point);
  const auto said = [&](std::string_view note) {
    return std::find(verdict.notes.begin(), verdict.notes.end(), note) != verdict.notes.end();
  };
  CHECK(said("point comparison, no confidence"));
  CHECK(said("from 5 recorded runs of this command on this machine on, their own spread gives confidence"));
}

TEST_CASE("imported files know neither command nor machine: a point comparison, however many there are") {
  CHECK(judge(recorded(5, ""), wrk_run(1.0, ""), limits()).comparison == Comparison::point);
  CHECK(judge(recorded(5, ""), wrk_run(1.0), limits()).comparison == Comparison::point);
}

TEST_CASE("another command is another workload") {
  const Verdict verdict = judge(recorded(5, "wrk -c2 {url}/"), wrk_run(1.0), limits());
  CHECK(verdict.outcome == Outcome::inconclusive);
  REQUIRE(!verdict.reasons.empty());
  CHECK(verdict.reasons.front().cause == Cause::workload_differs);
  CHECK(verdict.reasons.front().figure == "command: wrk -c2 {url}/ -> wrk {url}/");
}

TEST_CASE("nothing but failures is no measurement, and neither is a tool that failed") {
  const Verdict failures = judge(recorded(5), wrk_run(1.0, "wrk {url}/", 1.0), limits());
  CHECK(failures.target_failed);
  CHECK(failures.reasons.front().cause == Cause::zero_successes);
  RunSpec spec;
  spec.partial = spec.target_died = true;
  Measurement broken = test::build(spec);
  broken.tool_failed = true;
  broken.stop_reason = "'wrk' exited with status 1";
  const Verdict verdict = judge_alone(broken, {});
  CHECK(verdict.target_failed);
  CHECK(verdict.reasons.front().cause == Cause::tool_failed);
  CHECK(verdict.reasons.front().figure == "'wrk' exited with status 1");
}

}  // namespace
}  // namespace burstgate::verdict
