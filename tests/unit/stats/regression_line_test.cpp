#include "stats/regression_line.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "stats/distributions.hpp"

using namespace burstgate::stats;

TEST_CASE("NIST Statistical Reference Datasets, Norris: certified values") {
  const std::vector<double> y = {0.1, 338.8, 118.1, 888.0, 9.2,   228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3,
                                 0.1, 778.1, 668.8, 339.3, 448.9, 10.8,  557.7, 228.3, 998.0, 888.8, 119.6, 0.3,
                                 0.6, 557.6, 339.3, 888.0, 998.5, 778.9, 10.2,  117.6, 228.9, 668.4, 449.2, 0.2};
  const std::vector<double> x = {0.2, 337.4, 118.2, 884.6, 10.1,  226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4,
                                 0.6, 775.5, 666.9, 338.0, 447.5, 11.6,  556.0, 228.1, 995.8, 887.6, 120.2, 0.3,
                                 0.3, 556.8, 339.1, 887.2, 999.0, 779.0, 11.1,  118.3, 229.2, 669.1, 448.9, 0.5};
  const auto line = fit_line(x, y);
  REQUIRE(line);
  CHECK(line->points == 36);
  CHECK(line->slope == doctest::Approx(1.00211681802045).epsilon(1e-12));
  CHECK(line->at(0) == doctest::Approx(-0.262323073774029).epsilon(1e-10));
  CHECK(line->residual_deviation == doctest::Approx(0.884796396144373).epsilon(1e-12));
}

// R: predict(lm(dist ~ speed, cars), data.frame(speed = c(10, 12, 19, 24)), interval = "prediction")
TEST_CASE("braking distances of cars: the prediction intervals that R prints") {
  const std::vector<double> speed = {4,  4,  7,  7,  8,  9,  10, 10, 10, 11, 11, 12, 12, 12, 12, 13, 13,
                                     13, 13, 14, 14, 14, 14, 15, 15, 15, 16, 16, 17, 17, 17, 18, 18, 18,
                                     18, 19, 19, 19, 20, 20, 20, 20, 20, 22, 23, 24, 24, 24, 24, 25};
  const std::vector<double> distance = {2,  10, 4,  22, 16, 10, 18, 26, 34, 17, 28, 14, 20, 24, 28,  26, 34,
                                        34, 46, 26, 36, 60, 80, 20, 26, 54, 32, 40, 32, 40, 50, 42,  56, 76,
                                        84, 36, 46, 68, 32, 48, 52, 56, 64, 66, 54, 70, 92, 93, 120, 85};
  const auto line = fit_line(speed, distance);
  REQUIRE(line);
  CHECK(line->slope == doctest::Approx(3.932409).epsilon(1e-6));
  CHECK(line->residual_deviation == doctest::Approx(15.37959).epsilon(1e-6));
  struct Row {
    double speed, fit, low, high;
  };
  for (const Row row : {Row{10, 21.74499, -9.809601, 53.29959}, Row{12, 29.60981, -1.749529, 60.96915},
                        Row{19, 57.13667, 25.76176, 88.51159}, Row{24, 76.79872, 44.75248, 108.8450}}) {
    CAPTURE(row.speed);
    const double half_width =
        student_t_quantile(0.975, 48) * line->residual_deviation * std::sqrt(line->inflation(row.speed));
    CHECK(line->at(row.speed) == doctest::Approx(row.fit).epsilon(1e-6));
    CHECK(line->at(row.speed) - half_width == doctest::Approx(row.low).epsilon(1e-5));
    CHECK(line->at(row.speed) + half_width == doctest::Approx(row.high).epsilon(1e-6));
  }
}

TEST_CASE("three points by hand") {
  const auto line = fit_line({1, 2, 3}, {1, 4, 4});
  REQUIRE(line);
  CHECK(line->slope == 1.5);
  CHECK(line->at(2) == 3);
  CHECK(line->at(0) == 0);
  CHECK(line->sum_of_squares_x == 2);
  CHECK(line->plain_deviation == doctest::Approx(std::sqrt(3.0)));
  CHECK(line->residual_deviation == doctest::Approx(std::sqrt(0.25 + 1 + 0.25)));  // one degree of freedom
  CHECK(line->inflation(2) == doctest::Approx(1 + 1.0 / 3));
  CHECK(line->inflation(4) == doctest::Approx(1 + 1.0 / 3 + 2));
  CHECK(line->inflation(0) == line->inflation(4));
}

TEST_CASE("no line through too few points, or where x never changes") {
  CHECK_FALSE(fit_line({}, {}));
  CHECK_FALSE(fit_line({1, 2}, {1, 2}));
  CHECK_FALSE(fit_line({5, 5, 5, 5}, {1, 2, 3, 4}));
  CHECK(fit_line({1, 2, 3}, {7, 7, 7})->slope == 0);
  CHECK(fit_line({1, 2, 3}, {7, 7, 7})->residual_deviation == 0);
}
