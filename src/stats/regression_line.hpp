// A straight line through points (ordinary least squares), and where one more point may lie.
//
// N. R. Draper, H. Smith, Applied Regression Analysis, 3rd ed. 1998, 1.2 and 3.1: the prediction interval at x is
// at(x) -+ t(points - 2) * residual_deviation * sqrt(inflation(x)).
#pragma once

#include <optional>
#include <vector>

namespace burstgate::stats {

struct RegressionLine {
  int points = 0;
  double slope = 0;
  double mean_x = 0;
  double mean_y = 0;
  double sum_of_squares_x = 0;    // sum of (x - mean_x)^2
  double plain_deviation = 0;     // standard deviation of y about mean_y
  double residual_deviation = 0;  // standard deviation about the line, with points - 2 degrees of freedom

  double at(double x) const { return mean_y + slope * (x - mean_x); }
  // The variance of a new point's distance from the line, in units of residual_deviation^2:
  // 1 + 1 / points + (x - mean_x)^2 / sum_of_squares_x.
  double inflation(double x) const;
};

// As many y as x. Nothing for fewer than 3 points, or when all x are equal.
std::optional<RegressionLine> fit_line(const std::vector<double>& x, const std::vector<double>& y);

}  // namespace burstgate::stats
