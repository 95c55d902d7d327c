#include "load/choices.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

using namespace burstgate;
using namespace burstgate::load;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

std::vector<double> picked(const std::vector<double>& weights, std::size_t picks, std::uint64_t seed) {
  Random random(seed);
  ScenarioChoice choice(weights);
  std::vector<double> counts(weights.size());
  for (std::size_t i = 0; i < picks; ++i) ++counts.at(choice.pick(random));
  return counts;
}

double sum_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

// Kolmogorov and Smirnov: the largest distance between the sample's distribution and `cdf`.
double distance(std::vector<double> sample, const std::function<double(double)>& cdf) {
  std::sort(sample.begin(), sample.end());
  const auto n = static_cast<double>(sample.size());
  double largest = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double expected = cdf(sample[i]);
    const auto below = static_cast<double>(i);
    largest = std::max({largest, expected - below / n, (below + 1) / n - expected});
  }
  return largest;
}

std::vector<double> thoughts_s(const config::Wait& wait, std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> sample;
  for (std::size_t i = 0; i < count; ++i) sample.push_back(to_seconds(pick_wait(wait, random)));
  return sample;
}

constexpr std::size_t thoughts = 20'000;
const double largest_distance = 1.628 / std::sqrt(static_cast<double>(thoughts));  // at the 1 % level

}  // namespace

TEST_CASE("1,000,000 picks are within 0.2 % of the configured shares, each by its own share") {
  for (const std::vector<double>& weights :
       {std::vector<double>{3, 2, 1}, {70, 20, 10}, {1, 1}, {0.5, 99.5}, {1, 2, 3, 4, 5, 6, 7}}) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
      const auto counts = picked(weights, 1'000'000, seed);
      for (std::size_t i = 0; i < weights.size(); ++i) {
        CHECK(counts[i] == doctest::Approx(1e6 * weights[i] / sum_of(weights)).epsilon(0.002));
      }
    }
  }
}

TEST_CASE("a short run has the mix that was asked for, in another order for another seed") {
  const auto counts = picked({3, 1}, ScenarioChoice::block, 7);
  CHECK(std::abs(counts[0] - 192) <= 1);
  Random one(1), other(2);
  ScenarioChoice a({1, 1}), b({1, 1});
  int same = 0;
  for (int i = 0; i < 200; ++i) same += a.pick(one) == b.pick(other) ? 1 : 0;
  CHECK(same > 60);
  CHECK(same < 140);
}

TEST_CASE("what comes next does not follow from what came before") {
  Random random(5);
  ScenarioChoice choice({1, 1});
  int repeats = 0;
  std::size_t last = choice.pick(random);
  for (int i = 0; i < 10'000; ++i) {
    const std::size_t next = choice.pick(random);
    repeats += next == last ? 1 : 0;
    last = next;
  }
  CHECK(repeats > 4'700);
  CHECK(repeats < 5'300);
}

TEST_CASE("a single scenario is always picked, without a random number") {
  Random random(1), untouched(1);
  ScenarioChoice choice({5});
  CHECK(choice.pick(random) == 0);
  CHECK(random() == untouched());
}

TEST_CASE("uniform think times pass a Kolmogorov-Smirnov check") {
  const auto sample = thoughts_s({seconds(1), seconds(3)}, thoughts, 1);
  CHECK(distance(sample, [](double x) { return std::clamp((x - 1) / 2, 0.0, 1.0); }) < largest_distance);
  CHECK(*std::min_element(sample.begin(), sample.end()) >= 1);
  CHECK(*std::max_element(sample.begin(), sample.end()) <= 3);
}

TEST_CASE("exponential think times pass a Kolmogorov-Smirnov check") {
  const auto sample = thoughts_s({seconds(2), seconds(2), true}, thoughts, 1);
  CHECK(distance(sample, [](double x) { return 1 - std::exp(-x / 2); }) < largest_distance);
  // The check can fail: another mean is seen.
  CHECK(distance(sample, [](double x) { return 1 - std::exp(-x / 2.1); }) > largest_distance);
}

TEST_CASE("a constant think time is that, and none is none") {
  Random random(1);
  CHECK(pick_wait({milliseconds(250), milliseconds(250)}, random) == milliseconds(250));
  CHECK(pick_wait({}, random) == Duration(0));
}
