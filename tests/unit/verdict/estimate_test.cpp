#include "verdict/estimate.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "support/measurement_builder.hpp"

using namespace burstgate;
using namespace burstgate::verdict;
using test::build;
using test::RunSpec;

namespace {

Estimate estimate_of(const RunSpec& was, const RunSpec& now, Metric metric) {
  const auto baseline = build(was), candidate = build(now);
  Comparable comparable;
  comparable.runs = {&baseline};
  comparable.same_machine = true;
  const auto result = estimate(comparable, candidate, "", metric);
  REQUIRE(std::holds_alternative<Estimate>(result));
  return std::get<Estimate>(result);
}

// 15 successes in 100 s: one or two in each slice of 10 s.
RunSpec slow_service() {
  RunSpec spec;
  spec.endpoints[0].ok = 15;
  spec.duration_s = 100;
  return spec;
}

}  // namespace

TEST_CASE("rates below one per second are values like others") {
  const Estimate e = estimate_of(slow_service(), slow_service(), Metric::throughput);
  CHECK(e.baseline == doctest::Approx(0.15));
  CHECK(e.change == doctest::Approx(0));
  CHECK(e.within_variance > 0.001);
}

TEST_CASE("a slice without a success has no logarithm and is left out") {
  RunSpec spec = slow_service();
  spec.endpoints[0].ok = 9;  // one slice of ten is empty
  const Estimate e = estimate_of(slow_service(), spec, Metric::throughput);
  CHECK(e.within_variance == 0);  // the other nine have one each
}

TEST_CASE("how many recorded runs would be enough: exactly enough, and one too many to advise") {
  Estimate e;
  e.spread = 0.02;
  e.within_variance = 0.0001;
  for (const int runs : {5, 6, 20, max_runs_to_advise}) {
    Estimate then = e;
    then.prediction = {stats::prediction_error(e.spread, runs, e.within_variance), runs - 1};
    const double limit = visible_change(then, 0.05, measured_alpha / 2);
    CHECK(runs_to_see(e, limit, 0.05, 2) == runs);
    CHECK(runs_to_see(e, limit * 0.999999, 0.05, 2) == (runs == max_runs_to_advise ? 0 : runs + 1));
  }
}

TEST_CASE("a reference shifts by more than 20 % (of the logarithm), either way") {
  CHECK_FALSE(ReferenceChange{20, 20}.shifted());
  CHECK_FALSE(ReferenceChange{20, 20 * std::exp(0.1999)}.shifted());
  CHECK_FALSE(ReferenceChange{20, 20 * std::exp(-0.1999)}.shifted());
  CHECK(ReferenceChange{20, 20 * std::exp(0.2001)}.shifted());
  CHECK(ReferenceChange{20, 20 * std::exp(-0.2001)}.shifted());
}

TEST_CASE("assumptions and levels") {
  CHECK(min_runs_for_spread == 5);
  CHECK(assumed_spread_same_machine == 0.05);
  CHECK(assumed_spread_other_machine == 0.10);
  CHECK(measured_alpha == 0.01);
  CHECK(assumed_alpha == 0.05);
  CHECK(tolerance_share == 0.25);
  CHECK(max_reference_shift == 0.20);
  CHECK(min_runs_for_line == 8);
  CHECK(max_residual_share == 0.8);
}
