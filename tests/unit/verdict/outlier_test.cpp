#include "verdict/outlier.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "support/measurement_builder.hpp"

namespace burstgate::verdict {
namespace {

using test::build;
using test::EndpointSpec;
using test::RunSpec;

measure::Measurement with_latency(double factor) {
  RunSpec spec;
  for (auto& [rank, us] : spec.endpoints[0].latency_us) {
    us = static_cast<std::int64_t>(std::lround(static_cast<double>(us) * factor));
  }
  return build(spec);
}

std::vector<measure::Measurement> recorded(std::initializer_list<double> factors) {
  std::vector<measure::Measurement> runs;
  for (const double factor : factors) runs.push_back(with_latency(factor));
  return runs;
}

TEST_CASE("a run like the others is none, one far from them is, on either side") {
  const auto runs = recorded({1.0, 1.01, 0.99, 1.0, 1.02});
  CHECK(!outlier_reason(runs, with_latency(1.03)));
  CHECK(!outlier_reason(runs, with_latency(1 + 0.9 * outlier_share)));
  const auto slow = outlier_reason(runs, with_latency(1.5));
  REQUIRE(slow);
  CHECK(slow->find("latency_p50 ") == 0);
  CHECK(slow->find("+50.") != std::string::npos);
  CHECK(slow->find("of 5 comparable runs") != std::string::npos);
  CHECK(outlier_reason(runs, with_latency(0.6)));
}

TEST_CASE("where runs differ much, more is needed") {
  CHECK(!outlier_reason(recorded({1.0, 1.1, 0.9, 1.05, 0.95}), with_latency(1.3)));
}

TEST_CASE("few runs, or runs that cannot be compared, say nothing") {
  CHECK(!outlier_reason(recorded({1.0, 1.0, 1.0, 1.0}), with_latency(3)));
  auto elsewhere = recorded({1.0, 1.0, 1.0, 1.0, 1.0});
  for (auto& run : elsewhere) run.environment.cpu_model = "another CPU";
  CHECK(!outlier_reason(elsewhere, with_latency(3)));
  auto other = recorded({1.0, 1.0, 1.0, 1.0, 1.0});
  for (auto& run : other) run.workload.digest = "another";
  CHECK(!outlier_reason(other, with_latency(3)));
  CHECK(!outlier_reason({}, with_latency(3)));
}

}  // namespace
}  // namespace burstgate::verdict
