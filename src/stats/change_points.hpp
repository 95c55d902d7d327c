// Where a series of runs came to another level: E-divisive (Matteson and James, "A nonparametric approach for multiple
// change point analysis of multivariate data", Journal of the American Statistical Association 109, 2014, 334), with
// its permutation test. The permutations come from a fixed seed: the same series always has the same change points.
#pragma once

#include <cstddef>
#include <vector>

namespace burstgate::stats {

struct ChangePoint {
  std::size_t index = 0;  // of the first value on the new level
  double p_value = 0;     // of the permutation test, between its neighbours; at least 1 / (permutations + 1)
};

// Values on either side of a change point, at least: fewer cannot be told from a few odd runs.
inline constexpr std::size_t min_level_length = 3;
inline constexpr int change_permutations = 999;
inline constexpr double change_alpha = 0.01;  // of finding a change in a series without any
// Of a longer series the newest values are looked at: two years of nights.
inline constexpr std::size_t max_change_series = 730;

// Finite values in the order of time; by index. Under 2 * min_level_length values: none.
std::vector<ChangePoint> change_points(const std::vector<double>& values);

// How far the values before `index` are from those after it: nm/(n+m) times the energy distance of the two samples
// (Szekely and Rizzo). 0 < index < size.
double energy_statistic(const std::vector<double>& values, std::size_t index);

}  // namespace burstgate::stats
