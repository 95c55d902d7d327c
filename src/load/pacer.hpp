// When the arrivals of the open model are due: arrival k of a rate r is due k / r after the start, computed afresh for
// each k so that nothing drifts. Threads share one schedule: thread t of n has the arrivals t, t + n, t + 2n ...
// Pure: no clock.
#pragma once

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

}  // namespace burstgate::load
