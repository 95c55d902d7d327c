// Where one more run may lie, given M recorded ones: runs are the sample, not requests.
//
// Prediction interval of a normal sample (G. J. Hahn, W. Q. Meeker, Statistical Intervals, 1991, 4.7): mean +- t(M-1) *
// s * sqrt(1 + 1/M), here with the variance inside the new run added below the root.
#pragma once

namespace burstgate::stats {

struct Prediction {
  double standard_error = 0;   // sqrt(spread^2 * (1 + 1/runs) + within_variance)
  int degrees_of_freedom = 0;  // of Student's t; 0: the spread is assumed, not measured, and the normal applies

  double quantile(double alpha) const;  // one-sided: the factor for the level 1 - alpha
  double half_width(double alpha) const { return quantile(alpha) * standard_error; }
  // One-sided p-value of an observed excess.
  double p_value(double excess) const;
};

double prediction_error(double spread_between_runs, int runs, double within_variance);

// The change that is found with 95 % probability when everything beyond the tolerance is flagged at one-sided level
// alpha: tolerance + (quantile(alpha) + z_0.95) * standard error.
double smallest_visible(double tolerance, double quantile, double standard_error);

}  // namespace burstgate::stats
