#include "stats/theil_sen.hpp"

#include <doctest/doctest.h>

using burstgate::stats::theil_sen;

TEST_CASE("a line is found, whatever a few wild points say") {
  std::vector<double> x, y;
  for (int i = 0; i < 20; ++i) {
    x.push_back(i);
    y.push_back(3 + 0.5 * i);
  }
  y[4] = 1000;
  y[11] = -1000;
  y[12] = 5000;
  const auto line = theil_sen(x, y);
  REQUIRE(line);
  CHECK(line->slope == doctest::Approx(0.5));
  CHECK(line->at(10) == doctest::Approx(8));
}

TEST_CASE("an example worked by hand") {
  // Slopes: 2, 1, 3, 0, 3.5, 7: the median of six is 2.5; rests 0, -0.5, -3, 1.5: the median is -0.25.
  const auto line = theil_sen({0, 1, 2, 3}, {0, 2, 2, 9});
  REQUIRE(line);
  CHECK(line->slope == doctest::Approx(2.5));
  CHECK(line->intercept == doctest::Approx(-0.25));
}

TEST_CASE("no line without two different x") {
  CHECK_FALSE(theil_sen({}, {}));
  CHECK_FALSE(theil_sen({1, 1}, {1, 2}));
}
