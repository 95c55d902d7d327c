#include "verdict/estimate.hpp"

#include <algorithm>
#include <cmath>

#include "stats/batch_means.hpp"
#include "stats/distributions.hpp"
#include "stats/regression_line.hpp"
#include "stats/sample.hpp"
#include "verdict/samples.hpp"
#include "verdict/scale.hpp"

namespace burstgate::verdict {

namespace {

using measure::EndpointResult;
using measure::Measurement;

// On the log scale, turned so that more is worse.
double worse_log(Metric metric, double value) {
  return kind(metric) == MetricKind::rate ? -std::log(value) : std::log(value);
}

double spread_between(const std::vector<double>& logs, bool same_machine, bool measured) {
  const double observed = stats::standard_deviation(logs);
  if (measured) return std::max(min_spread, observed);
  // Two or three runs may widen the assumption, never narrow it: their own spread is far too uncertain for that.
  return std::max(same_machine ? assumed_spread_same_machine : assumed_spread_other_machine, observed);
}

// Of the mean log value, from the slices. Too few slices: 0, the spread between runs contains it already.
double within_run_variance(const EndpointResult& endpoint, Metric metric) {
  std::vector<double> series;
  for (const measure::Slice& slice : endpoint.slices) {
    const auto value = slice.value(metric);
    if (value && *value > 0) series.push_back(std::log(*value));
  }
  return stats::variance_of_mean(series).value_or(0);
}

// The recorded runs that have a usable value; otherwise the newest one's reason.
struct Recorded {
  std::vector<const Measurement*> runs;
  std::vector<const EndpointResult*> endpoints;
  std::vector<double> values;
  Reason reason;
};

Recorded recorded_values(const Comparable& baseline, const std::string& endpoint, Metric metric) {
  Recorded recorded;
  for (const Measurement* run : baseline.runs) {
    const Value was = judged_value(*run, endpoint, metric);
    if (!was.value) {
      recorded.reason = was.reason;
    } else if (was.saturated || (kind(metric) != MetricKind::share && *was.value <= 0)) {
      recorded.reason = {Cause::metric_missing, "no ratio exists to a value of " + to_text(metric, *was.value)};
    } else {
      recorded.runs.push_back(run);
      recorded.endpoints.push_back(measure::find_endpoint(*run, endpoint));
      recorded.values.push_back(*was.value);
    }
  }
  recorded.reason.figure = "baseline: " + recorded.reason.figure;
  return recorded;
}

bool uses_own_spread(const Comparable& baseline, int runs) {
  return baseline.same_machine && runs >= min_runs_for_spread;
}

// The recorded runs' line on their references; nothing where it does not help.
std::optional<stats::RegressionLine> line_on_reference(const Comparable& baseline, const Recorded& recorded,
                                                       Metric metric) {
  if (!baseline.same_machine || !baseline.reference) return std::nullopt;
  std::vector<double> references, logs;
  for (std::size_t i = 0; i < recorded.runs.size(); ++i) {
    if (!recorded.runs[i]->reference) continue;
    references.push_back(std::log(recorded.runs[i]->reference->p50_us));
    logs.push_back(worse_log(metric, recorded.values[i]));
  }
  if (references.size() < min_runs_for_line) return std::nullopt;
  const auto line = stats::fit_line(references, logs);
  if (!line || line->residual_deviation >= max_residual_share * line->plain_deviation) return std::nullopt;
  if (line->slope <= 0) return std::nullopt;  // a slower machine makes no service faster: chance
  return line;
}

// A machine that is not what it was is treated like another one, unless the runs' own interval is wider already.
void widen(const std::vector<double>& logs, Estimate& result) {
  const double spread = spread_between(logs, false, false);
  const stats::Prediction assumed{stats::prediction_error(spread, result.runs, result.within_variance), 0};
  if (assumed.half_width(assumed_alpha) <= result.prediction.half_width(result.alpha)) return;
  result.widened = true;
  result.alpha = assumed_alpha;
  result.spread = spread;
  result.prediction = assumed;
}

// Where the recorded runs' mean is the best guess; returns it, as the judging scale has it.
double predict_by_mean(const Comparable& baseline, const std::vector<double>& logs, Estimate& result) {
  const bool measured = uses_own_spread(baseline, result.runs);
  result.alpha = measured ? measured_alpha : assumed_alpha;
  result.spread = spread_between(logs, baseline.same_machine, measured);
  result.prediction.standard_error = stats::prediction_error(result.spread, result.runs, result.within_variance);
  result.prediction.degrees_of_freedom = measured ? result.runs - 1 : 0;
  if (baseline.reference && baseline.reference->shifted()) widen(logs, result);
  return stats::mean(logs);
}

// The same for the line's value at the candidate's reference. How far that is from the recorded ones counts.
double predict_by_line(const Comparable& baseline, const stats::RegressionLine& line, Estimate& result) {
  const double reference = std::log(baseline.reference->now_us);
  result.alpha = measured_alpha;
  result.spread = std::max(min_spread, line.residual_deviation);
  result.plain_spread = line.plain_deviation;
  result.prediction.standard_error =
      std::sqrt(result.spread * result.spread * line.inflation(reference) + result.within_variance);
  result.prediction.degrees_of_freedom = line.points - 2;
  return line.at(reference);
}

Estimate ratio_estimate(const Comparable& baseline, const Recorded& recorded, const EndpointResult& now, double value,
                        Metric metric) {
  std::vector<double> logs;
  for (const double was : recorded.values) logs.push_back(worse_log(metric, was));
  Estimate result;
  result.metric = metric;
  result.runs = static_cast<int>(logs.size());
  result.within_variance = within_run_variance(now, metric);
  const auto line = line_on_reference(baseline, recorded, metric);
  const double centre = line ? predict_by_line(baseline, *line, result) : predict_by_mean(baseline, logs, result);
  result.baseline = std::exp(kind(metric) == MetricKind::rate ? -centre : centre);
  result.candidate = value;
  result.change = worse_log(metric, value) - centre;
  result.unit = result.baseline;
  return result;
}

stats::Batch batch_of(const measure::Counts& counts) {
  return {static_cast<double>(counts.failed() + counts.unfinished), static_cast<double>(counts.started)};
}

std::vector<stats::Batch> batches_of(const std::vector<measure::Slice>& slices) {
  std::vector<stats::Batch> batches;
  for (const auto& slice : slices) {
    batches.push_back({static_cast<double>(slice.failed), static_cast<double>(slice.ok + slice.failed)});
  }
  return batches;
}

Estimate error_estimate(const Comparable& baseline, const Recorded& recorded, const EndpointResult& now) {
  std::vector<stats::Batch> runs;
  Estimate result;
  result.metric = Metric::error_rate;
  for (const EndpointResult* endpoint : recorded.endpoints) {
    runs.push_back(batch_of(endpoint->counts));
    result.errors_was.events += runs.back().events;
    result.errors_was.trials += runs.back().trials;
  }
  result.runs = static_cast<int>(runs.size());
  // Between runs where there are several; a single run can only show how its slices differ.
  result.errors_was.design_effect =
      stats::design_effect(runs.size() > 1 ? runs : batches_of(recorded.endpoints.front()->slices));
  const stats::Batch candidate = batch_of(now.counts);
  result.errors_now = {candidate.events, candidate.trials, stats::design_effect(batches_of(now.slices))};
  result.baseline = result.errors_was.share();
  result.candidate = result.errors_now.share();
  result.change = result.candidate - result.baseline;
  result.unit = candidate.trials;
  result.alpha = uses_own_spread(baseline, result.runs) ? measured_alpha : assumed_alpha;
  return result;
}

bool is_share(const Estimate& estimate) {
  return kind(estimate.metric) == MetricKind::share;
}

}  // namespace

std::variant<Estimate, Reason> estimate(const Comparable& baseline, const Measurement& candidate,
                                        const std::string& endpoint, Metric metric) {
  const Value now = judged_value(candidate, endpoint, metric);
  if (!now.value) return now.reason;
  const Recorded recorded = recorded_values(baseline, endpoint, metric);
  if (recorded.values.empty()) return recorded.reason;
  const EndpointResult& measured = *measure::find_endpoint(candidate, endpoint);
  if (kind(metric) == MetricKind::share) return error_estimate(baseline, recorded, measured);
  Estimate result = ratio_estimate(baseline, recorded, measured, *now.value, metric);
  result.saturated = now.saturated;
  return result;
}

Change change_of(const Estimate& e, double alpha_low) {
  if (is_share(e)) {
    const double z_low = -stats::normal_quantile(alpha_low);
    const double z_high = -stats::normal_quantile(e.alpha);
    return {stats::newcombe_difference(e.errors_now, e.errors_was, z_low).low,
            stats::newcombe_difference(e.errors_now, e.errors_was, z_high).high, e.change, e.unit};
  }
  return {from_scale(e.metric, e.change - e.prediction.half_width(alpha_low)),
          from_scale(e.metric, e.change + e.prediction.half_width(e.alpha)), from_scale(e.metric, e.change), e.unit};
}

double p_value(const Estimate& e, double tolerance) {
  if (is_share(e)) return stats::newcombe_p_value(e.errors_now, e.errors_was, tolerance);
  return e.prediction.p_value(e.change - to_scale(e.metric, tolerance));
}

double visible_change(const Estimate& e, double tolerance, double alpha) {
  if (is_share(e)) {
    const double z = -stats::normal_quantile(alpha);
    const auto bounds = stats::newcombe_difference(e.errors_now, e.errors_was, z);
    return stats::smallest_visible(tolerance, z, (bounds.high - bounds.low) / (2 * z));
  }
  const double scaled =
      stats::smallest_visible(to_scale(e.metric, tolerance), e.prediction.quantile(alpha), e.prediction.standard_error);
  return from_scale(e.metric, scaled);
}

int runs_to_see(const Estimate& e, double limit, double tolerance, int divisor) {
  for (int runs = min_runs_for_spread; runs <= max_runs_to_advise; ++runs) {
    Estimate with_more = e;
    with_more.prediction = {stats::prediction_error(e.spread, runs, e.within_variance), runs - 1};
    if (visible_change(with_more, tolerance, measured_alpha / divisor) <= limit) return runs;
  }
  return 0;
}

}  // namespace burstgate::verdict
