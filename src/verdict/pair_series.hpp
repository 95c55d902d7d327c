// What the rounds of a paired run say about one metric: a list of differences, one per round.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "measure/paired.hpp"
#include "stats/proportions.hpp"
#include "verdict/verdict.hpp"

namespace burstgate::verdict {

// Of the first `rounds` rounds without those that are set aside; all figures belong to these.
struct PairSeries {
  std::vector<double> differences;  // ln(candidate / baseline), throughput ln(baseline / candidate): positive is worse
  double baseline = 0;              // base unit; median over the rounds
  double candidate = 0;
  std::uint64_t samples = 0;  // of the candidate
  Reason missing;             // why there are no differences
};

// Latency from the latency phase, throughput from the throughput phase, CPU time per request from both. A slice needs
// min_slice_samples() latencies; too_few_samples when fewer than half of the rounds have them. metric_missing: no CPU
// time is known. endpoint_missing: no such endpoint.
PairSeries pair_series(const measure::PairedRun& run, std::size_t rounds, const std::string& endpoint, Metric metric);

// So many that the quantile is not simply the largest: 1 / (1 - q).
std::uint64_t min_slice_samples(Metric metric);

// Errors of both phases; the design effect is that of the rounds.
struct PairErrors {
  stats::Proportion baseline;
  stats::Proportion candidate;
  Reason missing;
};
PairErrors pair_errors(const measure::PairedRun& run, std::size_t rounds, const std::string& endpoint);

// Slices of the latency phase whose p96 exceeds the median p95 of the baseline by so much: the service stood still. A
// centre over all slices does not see one slice in ten. (At three times, a pause of 30 ms hid behind a p95 of 15 ms.
// Without the least excess, a tenth of the slices of a service with a p95 of 0.8 ms stood still on a virtual machine,
// on both sides: that is the machine's scheduling, and takes a minute to tell from the service's.)
inline constexpr double stall_factor = 2;
inline constexpr double least_stall_us = 5'000;  // above that p95
struct PairStalls {
  std::uint64_t rounds = 0;
  std::uint64_t candidate_only = 0;
  std::uint64_t baseline_only = 0;
  std::uint64_t both = 0;
  double threshold_us = 0;
};
PairStalls pair_stalls(const measure::PairedRun& run, std::size_t rounds);

}  // namespace burstgate::verdict
