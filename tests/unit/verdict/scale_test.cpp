#include "verdict/scale.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace burstgate;
using namespace burstgate::verdict;

TEST_CASE("worse-by to the judging scale and back") {
  CHECK(to_scale(Metric::latency_p95, 0.2) == doctest::Approx(std::log(1.2)));
  CHECK(to_scale(Metric::throughput, 0.15) == doctest::Approx(-std::log(0.85)));
  CHECK(to_scale(Metric::error_rate, 0.005) == 0.005);
  for (const Metric metric : all_metrics) {
    for (const double t : {-0.3, 0.0, 0.15, 0.9}) CHECK(from_scale(metric, to_scale(metric, t)) == doctest::Approx(t));
  }
  CHECK(from_scale(Metric::throughput, INFINITY) == 1);
}

TEST_CASE("better by as much as the limit is worse") {
  CHECK(mirrored(Metric::latency_p95, 0.25) == doctest::Approx(-0.2));
  CHECK(mirrored(Metric::throughput, 0.2) == doctest::Approx(-0.25));
  CHECK(mirrored(Metric::error_rate, 0.005) == -0.005);
}

TEST_CASE("per cent") {
  CHECK(percent(0.05) == "5 %");
  CHECK(percent(0.0011) == "0.11 %");
  CHECK(percent(0.999) == "99.9 %");
  CHECK(percent(1) == "100 %");
}

TEST_CASE("worse-by as users write it") {
  CHECK(worse_text(Metric::latency_p95, 0.081) == "+8.1 %");
  CHECK(worse_text(Metric::throughput, 0.15) == "-15.0 %");
  CHECK(worse_text(Metric::throughput, -0.02) == "+2.0 %");
  CHECK(worse_text(Metric::error_rate, 0.005) == "+0.50 pp");
}
