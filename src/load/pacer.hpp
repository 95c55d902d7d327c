// When the arrivals of the open model are due: arrival k of a rate r is due k / r after the start, computed afresh for
// each k so that nothing drifts. Threads share one schedule: thread t of n has the arrivals t, t + n, t + 2n ...
// Pure: no clock.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "load/clock.hpp"

namespace burstgate::load {

class Pacer {
 public:
  Pacer(Instant start, double rate_per_s, int thread, int threads)
      : start_(start), rate_per_s_(rate_per_s), thread_(thread), threads_(threads) {}

  // The due time of this thread's k-th arrival (k = 0, 1, ...).
  Instant due(std::uint64_t k) const {
    const double arrival = static_cast<double>(k) * threads_ + thread_;
    return start_ + Duration(static_cast<Duration::rep>(std::llround(arrival * 1e9 / rate_per_s_)));
  }

 private:
  Instant start_;
  double rate_per_s_;
  int thread_;
  int threads_;
};

// How much before an arrival to wake: timers fire late by some tens of microseconds, always about the same. What is
// learnt from the wake-ups so far is slept less, and the rest is waited out awake.
class WakeLead {
 public:
  static constexpr Duration longest = std::chrono::microseconds(150);

  Duration lead() const { return lead_; }
  // A wake-up was asked for and came this much later.
  void note(Duration lateness) { lead_ += (std::clamp(lateness, Duration(0), longest) - lead_) / 16; }

 private:
  Duration lead_{0};
};

}  // namespace burstgate::load
