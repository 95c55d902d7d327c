// Hampel's identifier on log values: median and median absolute deviation, which the odd runs that are in the file
// already do not move (Davies and Gather, "The identification of multiple outliers", JASA 88, 1993, 782).
#include "verdict/outlier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "stats/sample.hpp"
#include "verdict/comparability.hpp"

namespace burstgate::verdict {

namespace {

using measure::Measurement;

constexpr double deviation_per_mad = 1.4826;  // of normal values

std::optional<double> log_value(const Measurement& run, Metric metric) {
  const auto value = measure::value_of(run.total, metric, run.duration_s);
  return value && *value > 0 ? std::optional(std::log(*value)) : std::nullopt;
}

std::optional<std::string> outlying(const std::vector<const Measurement*>& recorded, const Measurement& run,
                                    Metric metric) {
  std::vector<double> values;
  for (const Measurement* one : recorded) {
    if (const auto value = log_value(*one, metric)) values.push_back(*value);
  }
  const auto now = log_value(run, metric);
  if (!now || values.size() < min_runs_for_outlier) return std::nullopt;
  const double middle = stats::median(values);
  std::vector<double> deviations;
  for (const double value : values) deviations.push_back(std::fabs(value - middle));
  const double allowed =
      std::max(std::log1p(outlier_share), outlier_deviations * deviation_per_mad * stats::median(deviations));
  if (std::fabs(*now - middle) <= allowed) return std::nullopt;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const auto text = [&](double log) { return to_text(metric, std::exp(log)); };
  return fmt::format("{} {} is {:+.1f} % from the median {} of {} comparable runs ({} to {})", name(metric), text(*now),
                     100 * std::expm1(*now - middle), text(middle), values.size(), text(*low), text(*high));
}

}  // namespace

std::optional<std::string> outlier_reason(const std::vector<Measurement>& recorded, const Measurement& run) {
  const Comparable comparable = comparable_runs(recorded, run);
  if (comparable.comparison != Comparison::stored || !comparable.same_machine) return std::nullopt;
  for (const Metric metric : {Metric::latency_p50, Metric::latency_p95, Metric::throughput}) {
    if (auto reason = outlying(comparable.runs, run, metric)) return reason;
  }
  return std::nullopt;
}

}  // namespace burstgate::verdict
