// A paired run: two builds side by side, load alternating between them in short slices. One slice of each side makes a
// round; the order within a round is random. What a round says is a difference between two neighbours in time, so
// whatever the machine does to both drops out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measure/measurement.hpp"

namespace burstgate::measure {

// latency: open model at a fixed rate. throughput: closed model, as fast as the service answers.
enum class PairPhase { latency, throughput };
std::string_view name(PairPhase phase);

enum class Side { baseline, candidate };
std::string_view name(Side side);

// One side's part of a round. Requests that started within the slice belong to it, however late they ended.
struct SideSlice {
  Slice total;
  std::vector<Slice> endpoints;  // in the run's order
  double p96_us = 0;             // of the total's judged latencies; where `total` has samples
  std::optional<double> cpu_s;   // CPU time of the side's process tree, from the first request to the last answer
  std::uint64_t answered = 0;    // complete answers in that time, those that are not counted in `total` included
  double send_lag_p99_us = 0;    // 0: none was measured
  double generator_cpu = 0;      // share of one CPU that the busiest generator thread used
};

struct Round {
  PairPhase phase = PairPhase::latency;
  int launch = 0;  // which life of the two processes, from 0
  bool candidate_first = false;
  double start_s = 0;   // since the first round began, wall clock
  double lost_cpu = 0;  // largest share of CPU time that a spin probe before or after a slice missed, 0..1
  SideSlice baseline;
  SideSlice candidate;
};

struct PairedRun {
  std::uint64_t seed = 0;
  double budget_s = 0;  // of paired time
  double latency_rate_per_s = 0;
  bool rate_was_given = false;  // otherwise found by a probe of the baseline
  int users = 0;                // of the throughput phase
  double slice_s = 0;           // before jitter
  bool single_launch = false;   // at least one side could not be restarted
  double idle_cpu_share = 0;    // of one CPU that a side used, on average, while it was the other one's turn
  double wall_s = 0;            // from the first start to the end, with launches and warm-ups
  std::vector<std::string> endpoint_names;
  std::vector<Round> rounds;

  int launches() const { return rounds.empty() ? 0 : rounds.back().launch + 1; }
  // Time under load, both sides together, of the first `count` rounds.
  double paired_s(std::size_t count) const;
  double paired_s() const { return paired_s(rounds.size()); }
};

// A slice of which more than this share was taken away by the machine says nothing.
inline constexpr double max_lost_cpu = 0.10;
inline SideSlice& side_of(Round& round, Side side) {
  return side == Side::baseline ? round.baseline : round.candidate;
}
inline const SideSlice& side_of(const Round& round, Side side) {
  return side == Side::baseline ? round.baseline : round.candidate;
}

inline bool is_set_aside(const Round& round) {
  return round.lost_cpu > max_lost_cpu;
}

// The endpoint's slice; "" is the total, nothing when there is no such endpoint.
const Slice* slice_of(const PairedRun& run, const SideSlice& side, std::string_view endpoint);

}  // namespace burstgate::measure
