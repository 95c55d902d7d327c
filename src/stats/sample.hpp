// Centre and spread of a few numbers.
#pragma once

#include <vector>

namespace burstgate::stats {

double mean(const std::vector<double>& values);                // at least one value
double median(std::vector<double> values);                     // at least one value; mean of the middle two when even
double standard_deviation(const std::vector<double>& values);  // with n - 1; 0 for fewer than two values

}  // namespace burstgate::stats
