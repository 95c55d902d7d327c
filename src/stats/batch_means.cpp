#include "stats/batch_means.hpp"

#include <algorithm>
#include <cmath>

#include "stats/sample.hpp"

namespace burstgate::stats {

std::size_t batch_count(std::size_t slices) {
  return std::clamp(static_cast<std::size_t>(std::sqrt(static_cast<double>(slices))), min_batches, max_batches);
}

std::optional<double> variance_of_mean(const std::vector<double>& series) {
  if (series.size() < min_slices) return std::nullopt;
  const std::size_t batches = batch_count(series.size());
  std::vector<double> means;
  for (std::size_t i = 0; i < batches; ++i) {
    const auto first = static_cast<std::ptrdiff_t>(i * series.size() / batches);
    const auto last = static_cast<std::ptrdiff_t>((i + 1) * series.size() / batches);
    means.push_back(mean({series.begin() + first, series.begin() + last}));
  }
  return std::pow(standard_deviation(means), 2) / static_cast<double>(batches);
}

}  // namespace burstgate::stats
