#include "verdict/pair_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "stats/sample.hpp"

namespace burstgate::verdict {

namespace {

using measure::PairedRun;
using measure::PairPhase;
using measure::Round;
using measure::SideSlice;

// Calls `use` with every round that counts.
template <typename Use>
void for_each_round(const PairedRun& run, std::size_t rounds, Use use) {
  for (std::size_t i = 0; i < std::min(rounds, run.rounds.size()); ++i) {
    if (!measure::is_set_aside(run.rounds[i])) use(run.rounds[i]);
  }
}

bool belongs(Metric metric, PairPhase phase) {
  if (metric == Metric::cpu_per_request) return true;
  return (kind(metric) == MetricKind::rate) == (phase == PairPhase::throughput);
}

// A slice without a single success still has a rate: less than one in its time.
double successes_per_s(const measure::Slice& slice) {
  return std::max(0.5, static_cast<double>(slice.ok)) / slice.duration_s;
}

std::optional<double> value_in(const PairedRun& run, const SideSlice& side, const std::string& endpoint,
                               Metric metric) {
  if (metric == Metric::cpu_per_request) {
    if (!side.cpu_s || side.answered == 0 || *side.cpu_s <= 0) return std::nullopt;
    return *side.cpu_s * 1e6 / static_cast<double>(side.answered);
  }
  const measure::Slice& slice = *measure::slice_of(run, side, endpoint);
  if (kind(metric) == MetricKind::rate) {
    return slice.duration_s > 0 ? std::optional<double>(successes_per_s(slice)) : std::nullopt;
  }
  if (slice.samples < min_slice_samples(metric)) return std::nullopt;
  const auto value = slice.value(metric);
  return value && *value > 0 ? value : std::nullopt;
}

bool knows_endpoint(const PairedRun& run, const std::string& endpoint) {
  return endpoint.empty() ||
         std::find(run.endpoint_names.begin(), run.endpoint_names.end(), endpoint) != run.endpoint_names.end();
}

Reason endpoint_missing(const std::string& endpoint) {
  return {Cause::endpoint_missing, fmt::format("no endpoint '{}' here", endpoint)};
}

Reason why_missing(Metric metric) {
  if (metric == Metric::cpu_per_request) {
    return {Cause::metric_missing, "the CPU time of a service is known only when burstgate starts both sides"};
  }
  return {Cause::too_few_samples,
          fmt::format("{} needs {} answers in each slice, and most slices have fewer: a higher rate would be enough",
                      name(metric), min_slice_samples(metric))};
}

}  // namespace

std::uint64_t min_slice_samples(Metric metric) {
  const auto rank = quantile(metric);
  if (!rank || *rank >= 1) return 1;
  return static_cast<std::uint64_t>(std::ceil(1 / (1 - *rank) - 1e-9));
}

PairSeries pair_series(const PairedRun& run, std::size_t rounds, const std::string& endpoint, Metric metric) {
  PairSeries series;
  if (!knows_endpoint(run, endpoint)) {
    series.missing = endpoint_missing(endpoint);
    return series;
  }
  std::vector<double> baseline, candidate;
  std::size_t possible = 0;
  for_each_round(run, rounds, [&](const Round& round) {
    if (!belongs(metric, round.phase)) return;
    ++possible;
    const auto was = value_in(run, round.baseline, endpoint, metric);
    const auto now = value_in(run, round.candidate, endpoint, metric);
    if (!was || !now) return;
    baseline.push_back(*was);
    candidate.push_back(*now);
    const double ratio = std::log(*now / *was);
    series.differences.push_back(kind(metric) == MetricKind::rate ? -ratio : ratio);
    const measure::Slice& slice = *measure::slice_of(run, round.candidate, endpoint);
    series.samples += kind(metric) == MetricKind::rate ? slice.ok : slice.samples;
  });
  if (baseline.size() * 2 < possible || baseline.empty()) {
    series.differences.clear();
    series.missing = why_missing(metric);
    return series;
  }
  series.baseline = stats::median(baseline);
  series.candidate = stats::median(candidate);
  return series;
}

PairErrors pair_errors(const PairedRun& run, std::size_t rounds, const std::string& endpoint) {
  PairErrors errors;
  if (!knows_endpoint(run, endpoint)) {
    errors.missing = endpoint_missing(endpoint);
    return errors;
  }
  const auto sum = [&](measure::Side side) {
    std::vector<stats::Batch> batches;
    stats::Proportion all;
    for_each_round(run, rounds, [&](const Round& round) {
      const measure::Slice& slice = *measure::slice_of(run, measure::side_of(round, side), endpoint);
      batches.push_back({static_cast<double>(slice.failed), static_cast<double>(slice.ok + slice.failed)});
      all.events += batches.back().events;
      all.trials += batches.back().trials;
    });
    all.design_effect = stats::design_effect(batches);
    return all;
  };
  errors.baseline = sum(measure::Side::baseline);
  errors.candidate = sum(measure::Side::candidate);
  if (errors.baseline.trials == 0 || errors.candidate.trials == 0) {
    errors.missing = {Cause::too_few_samples, "no requests were counted"};
  }
  return errors;
}

PairStalls pair_stalls(const PairedRun& run, std::size_t rounds) {
  PairStalls stalls;
  std::vector<double> p95_us;
  for_each_round(run, rounds, [&](const Round& round) {
    if (round.phase == PairPhase::latency && round.baseline.total.samples > 0) {
      p95_us.push_back(round.baseline.total.p95_us);
    }
  });
  if (p95_us.empty()) return stalls;
  const double usual_us = stats::median(p95_us);
  stalls.threshold_us = std::max(stall_factor * usual_us, usual_us + least_stall_us);
  for_each_round(run, rounds, [&](const Round& round) {
    if (round.phase != PairPhase::latency) return;
    ++stalls.rounds;
    const bool baseline = round.baseline.p96_us > stalls.threshold_us;
    const bool candidate = round.candidate.p96_us > stalls.threshold_us;
    if (candidate && !baseline) ++stalls.candidate_only;
    if (baseline && !candidate) ++stalls.baseline_only;
    if (baseline && candidate) ++stalls.both;
  });
  return stalls;
}

}  // namespace burstgate::verdict
