// Is a run like the recorded ones? An odd one would move what later runs are compared with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "measure/measurement.hpp"

namespace burstgate::verdict {

// A run is an outlier when a figure is further from the median of the comparable recorded runs (same machine class and
// workload) than both: this many of their standard deviations, estimated from the median absolute deviation, and this
// share. With fewer recorded runs nothing is an outlier.
inline constexpr double outlier_deviations = 6;
inline constexpr double outlier_share = 0.10;
inline constexpr std::size_t min_runs_for_outlier = 5;

// "latency_p95 31.2 ms is +48.1 % from the median 21.1 ms of 12 comparable runs (20.4 ms to 22.0 ms)"; nothing when it
// is none.
std::optional<std::string> outlier_reason(const std::vector<measure::Measurement>& recorded,
                                          const measure::Measurement& run);

}  // namespace burstgate::verdict
