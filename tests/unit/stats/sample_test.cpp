#include "stats/sample.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/assert.hpp"

using namespace burstgate;
using namespace burstgate::stats;

TEST_CASE("centre and spread") {
  CHECK(mean({1, 2, 6}) == 3);
  CHECK(median({5, 1, 3}) == 3);
  CHECK(median({4, 1, 3, 9}) == 3.5);
  CHECK(median({7}) == 7);
  CHECK(standard_deviation({2, 4, 4, 4, 5, 5, 7, 9}) == doctest::Approx(std::sqrt(32.0 / 7)));
  CHECK(standard_deviation({1, 3}) == doctest::Approx(std::sqrt(2.0)));
  CHECK(standard_deviation({3}) == 0);
  CHECK(standard_deviation({}) == 0);
  CHECK_THROWS_AS(mean({}), AssertionFailed);
  CHECK_THROWS_AS(median({}), AssertionFailed);
}
