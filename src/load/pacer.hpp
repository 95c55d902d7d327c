// When the arrivals of the open model are due: arrival k when the area under the rate reaches k, which is k / r after
// the start at a constant rate r; computed afresh for each k so that nothing drifts. Threads share one schedule: thread
// t of n has the arrivals t, t + n, t + 2n ... Pure: no clock.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "config/course.hpp"
#include "load/clock.hpp"

namespace burstgate::load {

// `at_s` after the start; Instant::max() for what never comes.
inline Instant instant_at(Instant start, double at_s) {
  constexpr double never_s = 1e9;
  if (!(at_s < never_s)) return Instant::max();
  return start + Duration(static_cast<Duration::rep>(std::llround(at_s * 1e9)));
}

class Pacer {
 public:
  // `course` must outlive the pacer.
  Pacer(Instant start, const config::Course& course, int thread, int threads)
      : start_(start), course_(course), thread_(thread), threads_(threads) {}

  // The due time of this thread's k-th arrival (k = 0, 1, ...); Instant::max() when there is none.
  Instant due(std::uint64_t k) const {
    return instant_at(start_, course_.due_s(static_cast<double>(k) * threads_ + thread_));
  }

 private:
  Instant start_;
  const config::Course& course_;
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
