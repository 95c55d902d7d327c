// The reference probe: how fast the machine is around a burst, by a service that never changes.
//
// The built-in echo service on a free loopback port and one user without pauses, in slices of a tenth of a second: one
// half of them right before the warm-up, the other right after the last answer. Nothing of it runs during the burst.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "measure/measurement.hpp"

namespace burstgate::cli {

inline constexpr int reference_slices = 8;  // of both halves together

// What both halves together add to a run, on average.
double reference_seconds();

class ReferenceProbe {
 public:
  // A signal in `stop_signal` ends a half within a tenth of a second, and there is no result.
  ReferenceProbe(std::uint64_t seed, const std::atomic<int>& stop_signal);

  // Starts the echo service, measures half of the slices at jittered gaps, stops it. Never throws for what the machine
  // refuses: see trouble().
  void measure_half();

  // Nothing unless both halves came to their ends.
  std::optional<measure::Reference> result() const;
  const std::string& trouble() const { return trouble_; }  // why there is no result; empty when there is no reason

 private:
  std::mt19937_64 random_;
  const std::atomic<int>& stop_signal_;
  std::vector<double> medians_us_;  // one per slice
  std::string trouble_;
};

// The median of latencies, assumed to lie evenly within their bucket: an echo takes some tens of microseconds, and
// whole ones would be too coarse to see a change by 5 %. The histogram is not empty. Pure.
double fine_median_us(const measure::Histogram& latencies);

// Of at least one slice. Pure.
measure::Reference reference_of(const std::vector<double>& medians_us);

}  // namespace burstgate::cli
