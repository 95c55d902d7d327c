// A run that is compared with nothing on purpose: `run` and `record`.
#include <doctest/doctest.h>

#include "support/measurement_builder.hpp"
#include "verdict/judge.hpp"

using namespace burstgate;
using namespace burstgate::verdict;
using test::build;
using test::RunSpec;

namespace {

config::Thresholds regression_only() {
  config::Thresholds thresholds;
  thresholds.total.regression.push_back({Metric::latency_p95, std::nullopt, 0.2, std::nullopt, {}});
  thresholds.endpoints["GET /"].regression.push_back({Metric::latency_p95, std::nullopt, 0.2, std::nullopt, {}});
  return thresholds;
}

}  // namespace

TEST_CASE("rules against a baseline are left out, and that there is none is not said") {
  const Verdict verdict = judge_alone(build(RunSpec{}), regression_only());
  CHECK(verdict.checks.empty());
  CHECK(verdict.outcome == Outcome::pass);
  CHECK(verdict.comparison == Comparison::none);
  CHECK(verdict.notes.empty());
}

TEST_CASE("absolute limits are judged, for the run and for endpoints") {
  config::Thresholds thresholds = regression_only();
  thresholds.endpoints["GET /"].limits.push_back({Metric::latency_p95, std::nullopt, 15'000.0, {}});
  const Verdict verdict = judge_alone(build(RunSpec{}), thresholds);  // p95 is 20 ms
  REQUIRE(verdict.checks.size() == 1);
  CHECK(verdict.checks[0].endpoint == "GET /");
  CHECK(verdict.outcome == Outcome::fail);
}

TEST_CASE("a run that is no measurement does not pass, whatever the limits") {
  RunSpec saturated;
  saturated.generator.busiest_thread_cpu = max_generator_cpu + 0.01;
  CHECK(judge_alone(build(saturated), regression_only()).outcome == Outcome::inconclusive);
  RunSpec without_success;
  without_success.endpoints[0].ok = 0;
  without_success.endpoints[0].errors = 100;
  CHECK(judge_alone(build(without_success), regression_only()).target_failed);
}
