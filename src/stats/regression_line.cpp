#include "stats/regression_line.hpp"

#include <cmath>

#include "base/assert.hpp"
#include "stats/sample.hpp"

namespace burstgate::stats {

double RegressionLine::inflation(double x) const {
  return 1 + 1.0 / points + (x - mean_x) * (x - mean_x) / sum_of_squares_x;
}

std::optional<RegressionLine> fit_line(const std::vector<double>& x, const std::vector<double>& y) {
  BURSTGATE_ASSERT(x.size() == y.size());
  if (x.size() < 3) return std::nullopt;
  RegressionLine line;
  line.points = static_cast<int>(x.size());
  line.mean_x = mean(x);
  line.mean_y = mean(y);
  line.plain_deviation = standard_deviation(y);
  double products = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    line.sum_of_squares_x += (x[i] - line.mean_x) * (x[i] - line.mean_x);
    products += (x[i] - line.mean_x) * (y[i] - line.mean_y);
  }
  if (line.sum_of_squares_x <= 0) return std::nullopt;
  line.slope = products / line.sum_of_squares_x;
  // From the residuals themselves: the shorter formula with sums of squares loses its digits on a close fit.
  double residuals = 0;
  for (std::size_t i = 0; i < x.size(); ++i) residuals += (y[i] - line.at(x[i])) * (y[i] - line.at(x[i]));
  line.residual_deviation = std::sqrt(residuals / (line.points - 2));
  return line;
}

}  // namespace burstgate::stats
