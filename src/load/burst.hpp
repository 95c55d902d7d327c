// Plan -> Measurement: all sockets and clocks of the load live in this room.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/plan.hpp"
#include "measure/measurement.hpp"

namespace burstgate::load {

// Live figures for the progress line; taken outside the measuring threads a few times per second.
struct Progress {
  enum class Phase { warmup, measuring, draining, done };
  Phase phase = Phase::warmup;
  double elapsed_s = 0;        // since the start of the warm-up
  double total_s = 0;          // warm-up and duration
  std::uint64_t finished = 0;  // requests that ended so far, warm-up included
  std::uint64_t failed = 0;
  std::uint64_t connections = 0;
  std::uint64_t users = 0;              // of the closed model
  std::optional<double> asked_per_s;    // of the open model: arrivals per second, at this moment
  std::string stage;                    // of a profile in stages: the one that is going on
  double recent_per_s = 0;              // requests that ended in the last second or so
  std::optional<double> recent_p95_us;  // their latency, within 13 %; nothing when none ended
  int seconds_seen = 0;                 // grows by one whenever the two figures above are new
};

struct Control {
  const std::atomic<int>* stop_signal = nullptr;     // non-zero: stop within 2 s, keep partial results
  std::function<void(const Progress&)> on_progress;  // called on the calling thread, at most 10 times per second
  std::function<bool()> target_alive;                // false: the service process ended; stop early
};

// Runs the burst against `url` (the plan's, with the port filled in). Resolves and connects once beforehand: Error
// (Trouble::target) when nothing can be reached; Error (Trouble::usage) when the descriptors do not suffice.
// Everything after that is counted in the measurement, never thrown.
measure::Measurement run_burst(const config::Plan& plan, const std::string& url, const Control& control);

// A measurement of nothing yet: what was planned, where and when. `origin`: the target without path and query.
measure::Measurement blank_measurement(const config::Plan& plan, const std::string& origin);

// What the plan sends, for comparison between runs (pure).
measure::Workload workload_of(const config::Plan& plan);

// Warm-up including the time that spawning the users takes, and the whole burst without drain, in seconds (pure).
double warmup_seconds(const config::Plan& plan);
double planned_seconds(const config::Plan& plan);

// The profile's stages as far as they are measured, from the start of the measured window; empty for a constant load
// (pure).
std::vector<measure::Stage> measured_stages(const config::Profile& profile);

// Files, sockets and pipes that this process must be allowed to have open at the same time (pure).
std::uint64_t descriptors_needed(const config::Plan& plan);

}  // namespace burstgate::load
