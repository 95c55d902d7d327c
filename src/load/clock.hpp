// Time inside the load room: microseconds would be too coarse for pacing, so instants are nanoseconds of the monotonic
// clock. Everything that decides something takes instants as arguments; only the sockets' code calls now().
#pragma once

#include <chrono>
#include <cstdint>

namespace burstgate::load {

using Clock = std::chrono::steady_clock;
using Instant = Clock::time_point;
using Duration = Clock::duration;

inline double to_seconds(Duration d) {
  return std::chrono::duration<double>(d).count();
}

inline std::int64_t whole_microseconds(Duration d) {
  return std::chrono::duration_cast<std::chrono::microseconds>(d).count();
}

}  // namespace burstgate::load
