#include "stats/prediction.hpp"

#include <cmath>

#include "stats/distributions.hpp"

namespace burstgate::stats {

double Prediction::quantile(double alpha) const {
  // By symmetry: the upper quantile of a small alpha without the rounding of 1 - alpha.
  return degrees_of_freedom > 0 ? -student_t_quantile(alpha, degrees_of_freedom) : -normal_quantile(alpha);
}

double Prediction::p_value(double excess) const {
  const double z = excess / standard_error;
  return degrees_of_freedom > 0 ? student_t_cdf(-z, degrees_of_freedom) : normal_cdf(-z);
}

double prediction_error(double spread_between_runs, int runs, double within_variance) {
  return std::sqrt(spread_between_runs * spread_between_runs * (1 + 1.0 / runs) + within_variance);
}

double smallest_visible(double tolerance, double quantile, double standard_error) {
  return tolerance + (quantile + normal_quantile(0.95)) * standard_error;
}

}  // namespace burstgate::stats
