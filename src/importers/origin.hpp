// What a foreign measurement says about itself: which tool made it, in which form, and what that tool calls latency.
//
// Tool and latency are fields of the measurement's workload: two measurements can only be compared when both are equal
// (verdict/comparability.hpp). So is the resolution, where it is coarse.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

struct Origin {
  std::string_view tool;     // "k6", without a version
  std::string_view form;     // "summary export"
  std::string_view latency;  // from where to where a time runs, and of which requests
  std::string_view unit;     // of times in the file, "ms"
  // The step in which the file has them, "1 ms", where it is coarse enough to be seen in a comparison.
  std::string_view resolution{};
};

// Tool and workload, and what every report says of an import: tool, form, latency, unit. Call it before other notes.
void describe_origin(measure::Measurement& measurement, const Origin& origin);

// What every summary says, until runs of the same command can be compared with it.
inline constexpr std::string_view summary_note = "summary figures only: no confidence";

// The last steps of every reader of summary figures. Leaves out what rounding has put out of order, says which metrics
// are missing, and refuses a file that has none (E-555) or whose quantiles fall (E-551).
void finish_summary(measure::Measurement& measurement, const Source& source);

// Point figures from counts: throughput of successes and the share of failures. Nothing without requests.
void put_rates(std::map<Metric, double>& point, double ok, double failed, double duration_s);

// Puts times that are given, in microseconds.
inline void put(std::map<Metric, double>& point, Metric metric, const std::optional<double>& value) {
  if (value) point[metric] = *value;
}

}  // namespace burstgate::importers
