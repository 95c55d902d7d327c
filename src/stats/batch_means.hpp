// How far a run's value would move if the run were repeated at once: the variance of the mean of a series of slices.
//
// Neighbouring slices resemble each other, so s^2 / n is far too small. Batch means (C. Alexopoulos, A. F. Seila,
// "Output data analysis", in J. Banks (ed.), Handbook of Simulation, 1998): the series is cut into b contiguous batches
// long enough to be nearly independent, and the variance of their means over b is taken.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace burstgate::stats {

inline constexpr std::size_t min_slices = 8;  // fewer say nothing
inline constexpr std::size_t min_batches = 4;
inline constexpr std::size_t max_batches = 20;

// About sqrt(n), within min_batches and max_batches.
std::size_t batch_count(std::size_t slices);

// Nothing for fewer than min_slices.
std::optional<double> variance_of_mean(const std::vector<double>& series);

}  // namespace burstgate::stats
