#include "stats/proportions.hpp"

#include <doctest/doctest.h>

#include <random>

#include "base/assert.hpp"
#include "stats/distributions.hpp"

using namespace burstgate::stats;

namespace {
constexpr double z95 = 1.959964;
}

// R. G. Newcombe, "Two-sided confidence intervals for the single proportion: comparison of seven methods", Statistics
// in Medicine 17 (1998) 857-872, Table I, method 3.
TEST_CASE("Wilson score interval: Newcombe's examples") {
  struct Example {
    double events, trials, low, high;
  };
  for (const Example e : {Example{81, 263, .2553, .3662}, Example{15, 148, .0624, .1605}, Example{0, 20, .0000, .1611},
                          Example{1, 29, .0061, .1718}}) {
    const Bounds bounds = wilson({e.events, e.trials}, z95);
    CHECK(std::abs(bounds.low - e.low) < 6e-5);
    CHECK(std::abs(bounds.high - e.high) < 6e-5);
  }
  CHECK(wilson({0, 20}, z95).low >= 0);
  CHECK(wilson({20, 20}, z95).high <= 1);
  CHECK(wilson({0, 1}, z95).high == doctest::Approx(0.7935).epsilon(1e-4));
  CHECK_THROWS_AS(wilson({0, 0}, z95), burstgate::AssertionFailed);
}

// R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven
// methods", Statistics in Medicine 17 (1998) 873-890, Table II, method 10.
TEST_CASE("difference of proportions: Newcombe's examples") {
  struct Example {
    double a, m, b, n, low, high;
  };
  for (const Example e :
       {Example{56, 70, 48, 80, .0524, .3339}, Example{9, 10, 3, 10, .1705, .8090}, Example{6, 7, 2, 7, .0582, .8062},
        Example{5, 56, 0, 29, -.0381, .1926}, Example{0, 10, 0, 20, -.1611, .2775},
        Example{0, 10, 0, 10, -.2775, .2775}, Example{10, 10, 0, 20, .6791, 1.0}, Example{10, 10, 0, 10, .6075, 1.0}}) {
    const Bounds bounds = newcombe_difference({e.a, e.m}, {e.b, e.n}, z95);
    CHECK(std::abs(bounds.low - e.low) < 6e-5);
    CHECK(std::abs(bounds.high - e.high) < 6e-5);
  }
}

TEST_CASE("the design effect divides the sample size") {
  const Bounds deflated = wilson({40, 400, 4}, z95);
  const Bounds small = wilson({10, 100}, z95);
  CHECK(deflated.low == doctest::Approx(small.low));
  CHECK(deflated.high == doctest::Approx(small.high));
}

TEST_CASE("the p-value is the level at which the lower bound reaches the margin") {
  const Proportion a{60, 2000}, b{20, 2000};
  for (const double margin : {0.0, 0.005, 0.015, 0.0195}) {
    const double p = newcombe_p_value(a, b, margin);
    CHECK(newcombe_difference(a, b, -normal_quantile(p)).low == doctest::Approx(margin).epsilon(1e-6));
  }
  CHECK(newcombe_p_value(a, b, 0.005) < newcombe_p_value(a, b, 0.006));
  CHECK(newcombe_p_value({30, 1000}, {10, 1000}, 0.03) == 1);
  CHECK(newcombe_p_value({1, 4}, {0, 4}, 0.25) == 1);  // the difference is exactly the margin
  CHECK(newcombe_p_value({1000, 1000}, {0, 1000}, 0.001) < 1e-100);
}

TEST_CASE("design effect: bunched errors count less") {
  CHECK(design_effect({}) == 1);
  CHECK(design_effect({{5, 100}}) == 1);                      // one batch says nothing
  CHECK(design_effect({{5, 100}, {0, 0}}) == 1);              // nor does an empty second one
  CHECK(design_effect({{0, 100}, {0, 100}}) == 1);            // no errors at all
  CHECK(design_effect({{100, 100}, {100, 100}}) == 1);        // nothing but errors
  CHECK(design_effect({{5, 100}, {5, 100}, {5, 100}}) == 1);  // more even than chance: never below 1
  CHECK(design_effect({{1, 49}}) == 1);                       // 49 * (1 / 49) is not 1
  CHECK(design_effect({{1, 1}, {0, 1}}) == 2);
  CHECK(design_effect({{1, 100}, {0, 100}}) == doctest::Approx(1 / 0.995));
  // By hand: p = 0.1, R / (R - 1) * sum = 2 * (10^2 + 10^2) = 400; n p (1 - p) = 18.
  CHECK(design_effect({{20, 100}, {0, 100}}) == doctest::Approx(400.0 / 18));
  // Unequal batches: p = 30 / 300 = 0.1; deviations 15 and -15; 2 * 450 / 27.
  CHECK(design_effect({{25, 100}, {5, 200}}) == doctest::Approx(900.0 / 27));
  CHECK(design_effect({{25, 100}, {0, 0}, {5, 200}}) == doctest::Approx(900.0 / 27));
  // Every request of a group shares its fate: the design effect is about the group's size.
  std::vector<Batch> groups;
  for (int i = 0; i < 400; ++i) groups.push_back({i % 4 == 0 ? 50.0 : 0.0, 50});
  CHECK(design_effect(groups) == doctest::Approx(50 * 400.0 / 399));
}

TEST_CASE("design effect of independent errors is near 1") {
  std::mt19937_64 random(7);
  std::binomial_distribution<int> errors(200, 0.05);
  double sum = 0;
  constexpr int trials = 200;
  for (int i = 0; i < trials; ++i) {
    std::vector<Batch> batches;
    for (int b = 0; b < 30; ++b) batches.push_back({static_cast<double>(errors(random)), 200});
    sum += design_effect(batches);
  }
  CHECK(sum / trials > 1.0);
  CHECK(sum / trials < 1.2);
}
