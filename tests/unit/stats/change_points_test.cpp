// Series whose changes are known; the figures of precision and recall are the bench's (tests/bench/change_points.cpp).
#include "stats/change_points.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

namespace burstgate::stats {
namespace {

// Values around the levels, each for `length` runs; the noise is the same on every machine.
std::vector<double> levels(const std::vector<double>& level, std::size_t length, double noise, unsigned seed = 1) {
  std::mt19937_64 random(seed);
  std::vector<double> values;
  for (const double centre : level) {
    for (std::size_t i = 0; i < length; ++i) {
      double sum = 0;  // of four uniform values: nearly normal
      for (int k = 0; k < 4; ++k) sum += static_cast<double>(random() >> 11) / 9007199254740992.0 - 0.5;
      values.push_back(centre + noise * sum * 1.7320508);
    }
  }
  return values;
}

std::vector<std::size_t> indices(const std::vector<double>& values) {
  std::vector<std::size_t> found;
  for (const ChangePoint& point : change_points(values)) found.push_back(point.index);
  return found;
}

TEST_CASE("the energy statistic of a split, by hand") {
  // 2/(2*2) * (4*10) - 2/(2*1) * 0 - 2/(2*1) * 0 = 20, times 2*2/4.
  CHECK(energy_statistic({0, 0, 10, 10}, 2) == doctest::Approx(20));
  // Between {0, 1} and {2, 4}: 2+4+1+3 = 10, so 2/4*10 - 1 - 2 = 2.
  CHECK(energy_statistic({0, 1, 2, 4}, 2) == doctest::Approx(2));
  // One value on a side has no distance within: 2/3 * (1+2+4) - 2/6 * (1+2+3) = 8/3, times 3/4.
  CHECK(energy_statistic({0, 1, 2, 4}, 1) == doctest::Approx((2.0 / 3 * 7 - 2.0 / 6 * (1 + 3 + 2)) * 3 / 4));
}

TEST_CASE("a clear change is found where it is, and the p-value says how clear") {
  const auto points = change_points(levels({10, 12}, 20, 0.3));
  REQUIRE(points.size() == 1);
  CHECK(points[0].index == 20);
  CHECK(points[0].p_value == doctest::Approx(1.0 / (change_permutations + 1)));
}

TEST_CASE("several changes, up and down, each where it is") {
  CHECK(indices(levels({10, 12, 10, 14}, 25, 0.3)) == std::vector<std::size_t>{25, 50, 75});
  CHECK(indices(levels({10, 10, 10, 10, 12, 10, 10, 10}, 12, 0.3)) == std::vector<std::size_t>{48, 60});
}

TEST_CASE("no change is found where there is none") {
  CHECK(indices(levels({10}, 100, 0.3)).empty());
  CHECK(indices(std::vector<double>(50, 7.0)).empty());
  int alarms = 0;
  for (unsigned seed = 0; seed < 60; ++seed) alarms += indices(levels({10}, 40, 0.3, seed)).empty() ? 0 : 1;
  CHECK(alarms <= 1);
}

TEST_CASE("an odd run is no change of the level") {
  std::vector<double> values = levels({10}, 60, 0.3);
  values[30] = 40;
  CHECK(indices(values).empty());
}

TEST_CASE("a level has at least so many runs") {
  std::vector<double> values = levels({10}, 40, 0.1);
  for (std::size_t i = 40 - min_level_length; i < 40; ++i) values[i] += 5;
  CHECK(indices(values) == std::vector<std::size_t>{40 - min_level_length});
  values = levels({10}, 40, 0.1);
  for (std::size_t i = 40 - min_level_length + 1; i < 40; ++i) values[i] += 5;
  for (const std::size_t index : indices(values)) CHECK(index <= 40 - min_level_length);
}

TEST_CASE("too short a series has no change points") {
  CHECK(indices({}).empty());
  CHECK(indices({1}).empty());
  CHECK(indices(std::vector<double>{1, 1, 9, 9, 9}).empty());
}

TEST_CASE("the same series has the same change points") {
  const auto values = levels({10, 10.4}, 30, 0.3);
  const auto once = change_points(values), again = change_points(values);
  REQUIRE(once.size() == again.size());
  for (std::size_t i = 0; i < once.size(); ++i) {
    CHECK(once[i].index == again[i].index);
    CHECK(once[i].p_value == again[i].p_value);
  }
}

TEST_CASE("of a very long series the newest values count") {
  std::vector<double> values(max_change_series + 100, 1.0);
  for (std::size_t i = 0; i < 50; ++i) values[i] = 9;  // before what is looked at
  for (std::size_t i = 0; i < 50; ++i) values.end()[-1 - static_cast<std::ptrdiff_t>(i)] = 5;
  CHECK(indices(values) == std::vector<std::size_t>{values.size() - 50});
}

}  // namespace
}  // namespace burstgate::stats
