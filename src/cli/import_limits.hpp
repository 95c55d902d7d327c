// Comparing what other tools measured: their files lack figures that a burst always has, and two tools' numbers are not
// comparable by themselves.
#pragma once

#include <string>
#include <vector>

#include "config/thresholds.hpp"
#include "measure/measurement.hpp"

namespace burstgate::cli {

bool is_imported(const measure::Measurement& measurement);

struct FittedLimits {
  config::Thresholds thresholds;
  std::vector<std::string> notes;  // what is judged in place of what, and what is not judged
};
// The built-in limits for files that need not have every metric. A p95 that one side lacks is replaced by the first of
// p99, p90, p50 and the mean that both have; what neither has is not judged; a change of less than two steps of a
// rounded time is none. Where a file has several tests and no total, each test gets the limits. Error (Trouble::usage)
// when nothing is left.
FittedLimits fitted_limits(const config::Thresholds& defaults, const std::vector<measure::Measurement>& recorded,
                           const measure::Measurement& candidate);

// Recorded runs of another tool, or with another definition of latency, are not comparable; the candidate gets a note
// of what would compare them all the same. Or, as the user asked for, they are taken as if they were of the candidate's
// tool, and the note says so.
enum class DifferentTools { apart, ignored };
void settle_tool_differences(std::vector<measure::Measurement>& recorded, measure::Measurement& candidate,
                             DifferentTools wanted);

}  // namespace burstgate::cli
