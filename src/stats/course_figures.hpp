// What only the course of a run tells, from its slices: recovery after a peak, drift, sustained and peak throughput.
// docs/profiles.md explains each.
#pragma once

#include <optional>
#include <vector>

#include "measure/measurement.hpp"

namespace burstgate::stats {

using Slices = std::vector<measure::Slice>;

// A stretch of the measured window, in seconds from its start.
struct Stretch {
  double start_s = 0;
  double end_s = 0;
};

// What a slice must keep to count as recovered.
struct RecoveryLimits {
  std::optional<double> p95_us;  // nothing: latency does not matter
  double error_rate = 0;
};

struct Recovery {
  double seconds = 0;      // since the end of the peak, above 0; when not recovered, how long was waited for it
  bool recovered = false;  // within the limits again before the run ended, and it stayed there
};

// Until the end of the first slice within the limits from which on at most one in twenty is not: "and stays". A slice
// without answers is as good as the next one that has some, because these are the ones that were waited for; without
// any it is not within the limits. Nothing when no slice ends after the peak.
std::optional<Recovery> recovery(const Slices& slices, double peak_end_s, const RecoveryLimits& limits);
inline constexpr std::size_t slices_per_exception = 20;

// The change of the p95 over the stretch along a Theil-Sen line, as a share of where the line begins. Nothing for fewer
// than min_drift_slices slices with samples.
std::optional<double> latency_drift(const Slices& slices, Stretch stretch);
inline constexpr std::size_t min_drift_slices = 20;

// Successes per second that nine of ten stretches of a second reach: the lower decile over the whole seconds (or
// slices, where these are longer). Nothing for fewer than min_sustained_seconds of them. Both leave out the last slice
// of the run, which also holds what ended after the window.
std::optional<double> sustained_throughput(const Slices& slices, Stretch stretch);
inline constexpr std::size_t min_sustained_seconds = 3;
// Successes per second of the best second, wherever it begins. Nothing for less than a second.
std::optional<double> peak_throughput(const Slices& slices);

// The median of the slices' p95 within the stretch; nothing without samples.
std::optional<double> usual_p95_us(const Slices& slices, Stretch stretch);

}  // namespace burstgate::stats
