// How finely latencies are resolved here: by the clock's tick and by the histogram's smallest step of 1 us.
#pragma once

#include <optional>
#include <string>

namespace burstgate::load {

inline constexpr double coarse_share = 0.01;  // of the p50: a coarser resolution is worth a word

// The smallest step between two different readings of the monotonic clock, in microseconds.
double clock_tick_us();

// What a report should say when the p50 is not resolved well; nothing otherwise. Pure.
std::optional<std::string> resolution_note(double tick_us, double p50_us);

}  // namespace burstgate::load
