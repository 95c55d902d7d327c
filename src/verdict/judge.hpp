// The only place that decides. Pure: saved measurements and thresholds in, verdict out; no clock, no files, no network.
// The rules, with their reasons, are in docs/statistics.md.
#pragma once

#include <optional>
#include <vector>

#include "config/thresholds.hpp"
#include "measure/measurement.hpp"
#include "measure/paired.hpp"
#include "verdict/verdict.hpp"

namespace burstgate::verdict {

// The baseline side. `configured` and no runs: the file is missing -> inconclusive "no baseline". Not configured:
// absolute limits only, and the verdict says so.
struct BaselineSide {
  bool configured = false;
  std::vector<measure::Measurement> runs;  // oldest first
  // Pinned runs, such as those of the last release: judged by the same regression limits beside the runs, so that many
  // small steps, each of which moves the runs along, add up to a change that is seen. May be empty.
  std::vector<measure::Measurement> anchors{};
  std::string anchor_name{};
};

// At least one rule must apply (assertion): a gate without limits always passes, so the caller has refused it.
Verdict judge(const BaselineSide& baseline, const measure::Measurement& candidate,
              const config::Thresholds& thresholds);

// Both builds side by side. With the rounds so far: `sequence->decided` says whether more are needed.
Verdict judge_paired(const measure::PairedRun& run, const measure::Measurement& baseline,
                     const measure::Measurement& candidate, const config::Thresholds& thresholds);

// For a run that is compared with nothing on purpose: its validity and the absolute limits; there may be none.
Verdict judge_alone(const measure::Measurement& candidate, const config::Thresholds& thresholds);

// Validity limits (verdict.md, "Before judging").
inline constexpr double max_send_lag_us = 1000;  // and not more than max_send_lag_share of the p50
inline constexpr double max_send_lag_share = 0.10;
inline constexpr double max_dropped_share = 0.001;
inline constexpr double max_generator_cpu = 0.80;
inline constexpr double max_steal_share = 0.05;
inline constexpr double max_paused_share = 0.01;
inline constexpr double min_connections_share = 0.95;

// Samples that a quantile needs on each side (n >= ln 0.05 / ln q: 59 for p95, 299 for p99, 2995 for p99.9).
std::uint64_t samples_needed(Metric metric);

}  // namespace burstgate::verdict
