// A straight line through points that a few wild ones do not bend: its slope is the median of the slopes between all
// pairs of points.
//
// H. Theil, "A rank-invariant method of linear and polynomial regression analysis", 1950; P. K. Sen, "Estimates of the
// regression coefficient based on Kendall's tau", JASA 63 (1968). Breakdown point 29 %.
#pragma once

#include <optional>
#include <vector>

namespace burstgate::stats {

struct RobustLine {
  double slope = 0;
  double intercept = 0;  // the median of y - slope * x

  double at(double x) const { return intercept + slope * x; }
};

// As many y as x. Nothing when no two x differ.
std::optional<RobustLine> theil_sen(const std::vector<double>& x, const std::vector<double>& y);

}  // namespace burstgate::stats
