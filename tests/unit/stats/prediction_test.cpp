#include "stats/prediction.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

#include "stats/sample.hpp"

using namespace burstgate::stats;

TEST_CASE("prediction error: spread between runs and within the new one") {
  CHECK(prediction_error(0.05, 1, 0) == doctest::Approx(0.05 * std::sqrt(2.0)));
  CHECK(prediction_error(0.03, 5, 0) == doctest::Approx(0.03 * std::sqrt(1.2)));
  CHECK(prediction_error(0.03, 5, 0.0016) == doctest::Approx(std::sqrt(0.0009 * 1.2 + 0.0016)));
}

TEST_CASE("an assumed spread has the normal quantile, a measured one Student's") {
  CHECK(Prediction{0.1, 0}.half_width(0.05) == doctest::Approx(0.1644854));
  CHECK(Prediction{0.1, 1}.half_width(0.025) == doctest::Approx(1.2706).epsilon(1e-4));
  CHECK(Prediction{0.1, 4}.half_width(0.01) == doctest::Approx(0.3747).epsilon(1e-4));
  CHECK(Prediction{0.1, 0}.p_value(0.1644854) == doctest::Approx(0.05).epsilon(1e-5));
  CHECK(Prediction{0.1, 1}.p_value(1.2706) == doctest::Approx(0.025).epsilon(1e-4));
  CHECK(Prediction{0.1, 4}.p_value(0.3747) == doctest::Approx(0.01).epsilon(1e-4));
  CHECK(Prediction{0.1, 4}.p_value(0) == 0.5);
  CHECK(Prediction{0.1, 4}.p_value(INFINITY) == 0);
  CHECK(Prediction{0.1, 0}.p_value(INFINITY) == 0);
}

// The planning table of docs/statistics.md: tolerance 5 %, level 99 %.
TEST_CASE("smallest visible change") {
  struct Row {
    double spread;
    int runs;
    double percent;
  };
  for (const Row row :
       {Row{.01, 5, 11}, Row{.02, 5, 18}, Row{.02, 20, 14}, Row{.03, 5, 25}, Row{.03, 10, 21}, Row{.05, 5, 41},
        Row{.05, 10, 33}, Row{.05, 20, 30}, Row{.07, 20, 42}, Row{.10, 5, 90}, Row{.10, 10, 68}, Row{.10, 20, 61}}) {
    const Prediction prediction{prediction_error(row.spread, row.runs, 0), row.runs - 1};
    const double scaled = smallest_visible(std::log(1.05), prediction.quantile(0.01), prediction.standard_error);
    CHECK(std::abs(100 * std::expm1(scaled) - row.percent) < 1);
  }
}

TEST_CASE("one more run lies below the upper bound as often as promised") {
  std::mt19937_64 random(11);
  std::normal_distribution<double> run(2.0, 0.03);
  constexpr int trials = 40'000;
  int above = 0;
  for (int i = 0; i < trials; ++i) {
    std::vector<double> recorded(5);
    for (double& value : recorded) value = run(random);
    const Prediction prediction{prediction_error(standard_deviation(recorded), 5, 0), 4};
    if (run(random) > mean(recorded) + prediction.half_width(0.01)) ++above;
  }
  CHECK(above > 340);  // 400 expected, standard deviation 20
  CHECK(above < 460);
}
