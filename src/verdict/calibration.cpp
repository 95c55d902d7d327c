#include "verdict/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "base/assert.hpp"
#include "config/thresholds.hpp"
#include "stats/distributions.hpp"
#include "stats/prediction.hpp"
#include "stats/proportions.hpp"
#include "stats/sample.hpp"
#include "stats/signed_rank.hpp"
#include "verdict/decision.hpp"
#include "verdict/pair_series.hpp"
#include "verdict/paired.hpp"
#include "verdict/scale.hpp"

namespace burstgate::verdict {

namespace {

using measure::PairedRun;

constexpr Metric calibrated[] = {Metric::latency_p50, Metric::latency_p95, Metric::latency_p99,
                                 Metric::throughput,  Metric::error_rate,  Metric::cpu_per_request};

// Limits that people would write.
constexpr double ratio_steps[] = {0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.10, 0.12, 0.15, 0.20,
                                  0.25, 0.30, 0.40, 0.50, 0.60, 0.80, 1.00, 1.50, 2.00, 3.00};
constexpr double share_steps[] = {0.001, 0.0015, 0.002, 0.003, 0.004, 0.005, 0.0075,
                                  0.01,  0.015,  0.02,  0.03,  0.05,  0.10};
constexpr double largest_throughput_limit = 0.80;  // of which so much must be left that it can be measured
constexpr double floor_steps_us[] = {1, 2, 5, 10, 20, 50, 100, 200, 500};

// The median absolute deviation of a normal sample, times this, is its standard deviation.
constexpr double normal_consistent = 1.4826;

// What all runs say about one metric, on the judging scale.
struct Series {
  std::vector<double> values;       // base unit, one per run
  std::vector<double> estimates;    // one per run
  std::vector<double> differences;  // of all rounds of all runs
  std::function<double(double load_s)> standard_error;
  Reason missing;
};

double z_of_alpha() {
  return -stats::normal_quantile(paired_alpha);
}

double robust_spread(const std::vector<double>& values) {
  const double centre = stats::median(values);
  std::vector<double> deviations;
  for (const double value : values) deviations.push_back(std::abs(value - centre));
  return normal_consistent * stats::median(deviations);
}

Series ratio_series(const std::vector<PairedRun>& runs, Metric metric) {
  Series series;
  std::vector<double> variances_s;  // SE^2 times seconds of load
  for (const PairedRun& run : runs) {
    const PairSeries one = pair_series(run, run.rounds.size(), "", metric);
    if (one.missing.cause != Cause::none) series.missing = one.missing;
    if (one.differences.empty()) continue;
    const stats::WalshAverages averages(one.differences);
    const double error = (averages.upper(paired_alpha) - averages.lower(paired_alpha)) / (2 * z_of_alpha());
    if (!std::isfinite(error)) continue;
    variances_s.push_back(error * error * run.paired_s());
    series.values.push_back(one.baseline);
    series.estimates.push_back(*averages.estimate());
    series.differences.insert(series.differences.end(), one.differences.begin(), one.differences.end());
  }
  if (variances_s.empty()) {
    if (series.missing.cause == Cause::none) series.missing = {Cause::too_few_samples, "too few rounds"};
    return series;
  }
  series.missing = {};
  const double variance_s = stats::mean(variances_s);
  series.standard_error = [variance_s](double load_s) { return std::sqrt(variance_s / load_s); };
  return series;
}

void add(stats::Proportion& sum, const stats::Proportion& one) {
  const double effective = sum.trials == 0 ? 0 : sum.effective_trials();
  sum.events += one.events;
  sum.trials += one.trials;
  sum.design_effect = sum.trials / (effective + one.effective_trials());
}

std::vector<double> share_differences(const PairedRun& run) {
  std::vector<double> differences;
  const auto share = [](const measure::Slice& slice) {
    return static_cast<double>(slice.failed) / static_cast<double>(std::max<std::uint64_t>(1, slice.ok + slice.failed));
  };
  for (const auto& round : run.rounds) {
    if (measure::is_set_aside(round)) continue;
    differences.push_back(share(round.candidate.total) - share(round.baseline.total));
  }
  return differences;
}

// The interval for another number of requests with the same share of errors in the same bunches.
double error_of_shares(stats::Proportion a, stats::Proportion b, double factor) {
  for (stats::Proportion* side : {&a, &b}) {
    side->events *= factor;
    side->trials *= factor;
  }
  const stats::Bounds bounds = stats::newcombe_difference(a, b, z_of_alpha());
  return (bounds.high - bounds.low) / (2 * z_of_alpha());
}

Series share_series(const std::vector<PairedRun>& runs) {
  Series series;
  stats::Proportion baseline, candidate;
  double load_s = 0;
  for (const PairedRun& run : runs) {
    const PairErrors errors = pair_errors(run, run.rounds.size(), "");
    if (errors.missing.cause != Cause::none) {
      series.missing = errors.missing;
      continue;
    }
    add(baseline, errors.baseline);
    add(candidate, errors.candidate);
    load_s += run.paired_s();
    series.values.push_back(errors.baseline.share());
    series.estimates.push_back(errors.candidate.share() - errors.baseline.share());
    const std::vector<double> differences = share_differences(run);
    series.differences.insert(series.differences.end(), differences.begin(), differences.end());
  }
  if (series.values.empty()) return series;
  series.missing = {};
  series.standard_error = [=](double s) { return error_of_shares(candidate, baseline, s / load_s); };
  return series;
}

double default_limit(Metric metric) {
  if (metric == Metric::cpu_per_request) return *config::default_cpu_rule().warn;
  const config::Thresholds thresholds = config::default_thresholds();
  const auto of = [&](Metric wanted) {
    const auto& rules = thresholds.total.regression;
    return std::find_if(rules.begin(), rules.end(), [&](const auto& rule) { return rule.metric == wanted; });
  };
  const auto own = of(metric);
  return own != thresholds.total.regression.end() ? *own->fail : *of(Metric::latency_p95)->fail;
}

double visible_on_scale(Metric metric, double limit, double standard_error) {
  return stats::smallest_visible(to_scale(metric, tolerance_share * limit), z_of_alpha(), standard_error);
}

std::vector<double> steps_of(Metric metric) {
  if (kind(metric) == MetricKind::share) return {std::begin(share_steps), std::end(share_steps)};
  std::vector<double> steps(std::begin(ratio_steps), std::end(ratio_steps));
  if (kind(metric) == MetricKind::rate) std::erase_if(steps, [](double s) { return s > largest_throughput_limit; });
  return steps;
}

void propose_limit(MetricCalibration& row, double largest_on_scale, double standard_error) {
  const Metric metric = row.metric;
  const double rounding = 1e-9;
  row.grounds = LimitGrounds::smallest_share;
  for (const double step : steps_of(metric)) {
    LimitGrounds hurdle = LimitGrounds::none;
    if (visible_on_scale(metric, step, standard_error) > to_scale(metric, step)) hurdle = LimitGrounds::visibility;
    if (to_scale(metric, tolerance_share * step) < largest_on_scale) hurdle = LimitGrounds::largest_change;
    if (step < smallest_limit_share * default_limit(metric) - rounding) hurdle = LimitGrounds::smallest_share;
    if (hurdle == LimitGrounds::none) {
      row.limit = step;
      return;
    }
    row.grounds = hurdle;
  }
  row.grounds = LimitGrounds::none;
}

// Small enough not to matter beside the tolerance.
void propose_floor(MetricCalibration& row) {
  if (!row.limit || kind(row.metric) != MetricKind::latency) return;
  if (config::default_floor(row.metric) <= *row.limit * row.value) return;
  row.floor = 0;
  for (const double step : floor_steps_us) {
    if (step <= tolerance_share * *row.limit * row.value) row.floor = step;
  }
}

MetricCalibration calibrate(const std::vector<PairedRun>& runs, Metric metric) {
  const Series series = kind(metric) == MetricKind::share ? share_series(runs) : ratio_series(runs, metric);
  MetricCalibration row;
  row.metric = metric;
  row.missing = series.missing;
  if (row.missing.cause != Cause::none) return row;
  double largest = 0;
  for (const double estimate : series.estimates) largest = std::max(largest, std::abs(estimate));
  row.value = stats::median(series.values);
  row.rounds = series.differences.size();
  row.noise = from_scale(metric, robust_spread(series.differences));
  row.largest_change = from_scale(metric, largest);
  propose_limit(row, largest, series.standard_error(limit_visible_after_s));
  propose_floor(row);
  for (std::size_t i = 0; i < visible_after_s.size(); ++i) {
    const double error = series.standard_error(visible_after_s[i]);
    row.visible[i] = from_scale(metric, visible_on_scale(metric, row.limit.value_or(default_limit(metric)), error));
  }
  return row;
}

}  // namespace

std::vector<MetricCalibration> calibrate(const std::vector<PairedRun>& runs) {
  BURSTGATE_ASSERT(!runs.empty());
  std::vector<MetricCalibration> table;
  for (const Metric metric : calibrated) table.push_back(calibrate(runs, metric));
  return table;
}

}  // namespace burstgate::verdict
