#include "stats/distributions.hpp"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace burstgate::stats {

double normal_quantile(double probability) {
  return boost::math::quantile(boost::math::normal_distribution<double>(), probability);
}

double normal_cdf(double z) {
  return boost::math::cdf(boost::math::normal_distribution<double>(), z);
}

double student_t_quantile(double probability, int degrees_of_freedom) {
  return boost::math::quantile(boost::math::students_t_distribution<double>(degrees_of_freedom), probability);
}

double student_t_cdf(double t, int degrees_of_freedom) {
  return boost::math::cdf(boost::math::students_t_distribution<double>(degrees_of_freedom), t);
}

}  // namespace burstgate::stats
