#include "stats/batch_means.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "stats/sample.hpp"

using namespace burstgate::stats;

TEST_CASE("number of batches: about the root, within its bounds") {
  CHECK(batch_count(8) == 4);
  CHECK(batch_count(24) == 4);
  CHECK(batch_count(25) == 5);
  CHECK(batch_count(100) == 10);
  CHECK(batch_count(400) == 20);
  CHECK(batch_count(10'000) == 20);
}

TEST_CASE("too few slices say nothing") {
  CHECK_FALSE(variance_of_mean(std::vector<double>(7, 1.0)));
  REQUIRE(variance_of_mean(std::vector<double>(8, 1.0)));
  CHECK(*variance_of_mean(std::vector<double>(8, 1.0)) == 0);
}

TEST_CASE("by hand: four batches of two, and uneven ones") {
  // Means 1, 2, 3, 4: s^2 = 5 / 3, over 4.
  CHECK(*variance_of_mean({0, 2, 1, 3, 2, 4, 3, 5}) == doctest::Approx(5.0 / 12));
  // Nine slices: batches [0, 2), [2, 4), [4, 6), [6, 9). Means 1, 2, 3, 5: s^2 = 8.75 / 3, over 4.
  CHECK(*variance_of_mean({0, 2, 1, 3, 2, 4, 4, 5, 6}) == doctest::Approx(8.75 / 12));
}

TEST_CASE("an autocorrelated series: s^2 / n is far too small, batch means are near") {
  std::mt19937_64 random(5);
  std::normal_distribution<double> noise;
  constexpr double phi = 0.8;
  constexpr int trials = 300, length = 300;
  std::vector<double> means;
  double batch = 0, naive = 0;
  for (int t = 0; t < trials; ++t) {
    std::vector<double> series(length);
    double value = noise(random) / std::sqrt(1 - phi * phi);
    for (double& slice : series) slice = value = phi * value + noise(random);
    means.push_back(mean(series));
    batch += *variance_of_mean(series) / trials;
    naive += std::pow(standard_deviation(series), 2) / length / trials;
  }
  const double truth = std::pow(standard_deviation(means), 2);
  CHECK(naive < 0.2 * truth);
  CHECK(batch > 0.6 * truth);
  CHECK(batch < 1.2 * truth);
}
