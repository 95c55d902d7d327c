// Normal and Student t distributions (Boost.Math).
#pragma once

namespace burstgate::stats {

double normal_quantile(double probability);  // in (0, 1)
double normal_cdf(double z);
double student_t_quantile(double probability, int degrees_of_freedom);  // in (0, 1); degrees >= 1
double student_t_cdf(double t, int degrees_of_freedom);

}  // namespace burstgate::stats
