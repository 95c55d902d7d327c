#include "stats/spending.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "base/assert.hpp"
#include "stats/distributions.hpp"

using namespace burstgate::stats;
using burstgate::AssertionFailed;

namespace {

const std::vector<double> looks_of_a_minute{8 / 60.0, 12 / 60.0, 18 / 60.0, 30 / 60.0, 45 / 60.0, 1};

// For each look the share of simulated Brownian motions that have crossed there or before.
std::vector<double> crossed_by(const std::vector<double>& information, const std::vector<double>& levels, int paths) {
  std::vector<double> boundaries;
  for (const double level : levels) boundaries.push_back(-normal_quantile(level));
  std::vector<double> crossed(levels.size(), 0);
  std::mt19937_64 random(2024);
  std::normal_distribution<double> normal;
  for (int path = 0; path < paths; ++path) {
    double motion = 0, before = 0;
    bool over = false;
    for (std::size_t k = 0; k < information.size(); ++k) {
      motion += std::sqrt(information[k] - before) * normal(random);
      before = information[k];
      over = over || motion >= boundaries[k] * std::sqrt(information[k]);
      crossed[k] += over;
    }
  }
  for (double& share : crossed) share /= paths;
  return crossed;
}

}  // namespace

// Computed before this program was written, by another implementation of the recursion.
TEST_CASE("linear spending over the looks of a minute") {
  struct Example {
    double alpha, half_digit;
    std::vector<double> levels;
  };
  for (const Example& e : {Example{.01, 5e-6, {.00133, .00100, .00141, .00258, .00365, .00444}},
                           Example{.05, 5e-5, {6.67e-3, 5.59e-3, 7.95e-3, 1.44e-2, 2.10e-2, 2.66e-2}},
                           Example{.002, 5e-7, {2.67e-4, 1.85e-4, 2.60e-4, 4.80e-4, 6.64e-4, 7.85e-4}}}) {
    const auto levels = spending_boundaries(looks_of_a_minute, e.alpha);
    REQUIRE(levels.size() == e.levels.size());
    for (std::size_t k = 0; k < levels.size(); ++k) CHECK(std::abs(levels[k] - e.levels[k]) < e.half_digit);
  }
}

// Lan and DeMets 1983: the boundaries of alpha t at five equal steps, one-sided 2.5 %.
TEST_CASE("linear spending over five equal steps: the published boundaries") {
  const auto levels = spending_boundaries({.2, .4, .6, .8, 1}, .025);
  const std::vector<double> published{2.58, 2.49, 2.41, 2.34, 2.28};
  for (std::size_t k = 0; k < levels.size(); ++k) CHECK(std::abs(-normal_quantile(levels[k]) - published[k]) < .005);
}

TEST_CASE("a single look has the whole level") {
  CHECK(spending_boundaries({1}, .01) == std::vector<double>{.01});
  CHECK(spending_boundaries({1}, .5) == std::vector<double>{.5});
}

TEST_CASE("two looks: the probability of no crossing as a plain integral") {
  for (const double first : {.002, .1, .5, .9, .999}) {
    for (const double alpha : {.5, .05, 1e-4}) {
      const auto levels = spending_boundaries({first, 1}, alpha);
      CHECK(levels[0] == doctest::Approx(alpha * first).epsilon(1e-9));
      // Simpson's rule over the first look's z from -9 to its boundary: crosses at the second look only.
      const double high = -normal_quantile(levels[0]), low = -9;
      const double boundary = -normal_quantile(levels[1]);
      constexpr int steps = 4000;
      double sum = 0;
      for (int i = 0; i <= steps; ++i) {
        const double z = low + (high - low) * i / steps;
        const double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
        const double crosses = normal_cdf(-(boundary - std::sqrt(first) * z) / std::sqrt(1 - first));
        sum += weight * std::exp(-z * z / 2) * crosses;
      }
      const double second = sum * (high - low) / steps / 3 / std::sqrt(2 * std::acos(-1.0));
      CHECK(second == doctest::Approx(alpha * (1 - first)).epsilon(1e-7));
    }
  }
}

TEST_CASE("simulated Brownian motions cross as often as was spent") {
  constexpr int paths = 200'000;
  for (const auto& information : {looks_of_a_minute, std::vector<double>{.001, .5, .502, .9, 1}}) {
    for (const double alpha : {.01, .05}) {
      const auto crossed = crossed_by(information, spending_boundaries(information, alpha), paths);
      for (std::size_t k = 0; k < information.size(); ++k) {
        const double spent = alpha * information[k];
        CHECK(std::abs(crossed[k] - spent) < 4 * std::sqrt(spent / paths));
      }
    }
  }
}

TEST_CASE("a level lies between what is spent there and what is spent so far") {
  for (const double alpha : {.5, .01, 1e-7}) {
    const auto levels = spending_boundaries(looks_of_a_minute, alpha);
    double before = 0;
    for (std::size_t k = 0; k < levels.size(); ++k) {
      CHECK(levels[k] >= alpha * (looks_of_a_minute[k] - before) * (1 - 1e-12));
      CHECK(levels[k] <= alpha * looks_of_a_minute[k] * (1 + 1e-12));
      before = looks_of_a_minute[k];
    }
  }
}

// Why a step-down has to ask for the boundaries of alpha / d.
TEST_CASE("the boundary of a fifth of alpha is less than a fifth of the boundary") {
  const auto whole = spending_boundaries(looks_of_a_minute, .01);
  const auto fifth = spending_boundaries(looks_of_a_minute, .002);
  CHECK(fifth[0] == doctest::Approx(whole[0] / 5));
  for (std::size_t k = 1; k < whole.size(); ++k) CHECK(fifth[k] < whole[k] / 5 * 0.95);
}

TEST_CASE("looks that are early or close together on the scale of all of them") {
  const auto early = spending_boundaries({1e-5, 1.5e-5, 2e-5, 1}, .01);
  CHECK(early[0] == doctest::Approx(1e-7));
  // Nothing but the last look matters: as if the others were none.
  CHECK(early[3] == doctest::Approx(.01).epsilon(1e-3));
  const auto alone = spending_boundaries({.5, .75, 1}, .01 * 2e-5);
  for (std::size_t k = 0; k < alone.size(); ++k) CHECK(early[k] == doctest::Approx(alone[k]).epsilon(1e-6));
}

TEST_CASE("information that is none") {
  CHECK_THROWS_AS(spending_boundaries({}, .01), AssertionFailed);
  CHECK_THROWS_AS(spending_boundaries({.5}, .01), AssertionFailed);
  CHECK_THROWS_AS(spending_boundaries({.5, 1.5}, .01), AssertionFailed);
  CHECK_THROWS_AS(spending_boundaries({0, 1}, .01), AssertionFailed);
  CHECK_THROWS_AS(spending_boundaries({-.1, 1}, .01), AssertionFailed);
  CHECK_THROWS_AS(spending_boundaries({.5, .4, 1}, .01), AssertionFailed);
  CHECK_THROWS_AS(spending_boundaries({.9995, 1}, .01), AssertionFailed);
  CHECK_THROWS_AS(spending_boundaries({1, 1}, .01), AssertionFailed);
  CHECK_THROWS_AS(spending_boundaries({std::nan(""), 1}, .01), AssertionFailed);
  for (const double alpha : {0.0, -.01, .51, std::nan("")}) {
    CHECK_THROWS_AS(spending_boundaries({1}, alpha), AssertionFailed);
  }
}
