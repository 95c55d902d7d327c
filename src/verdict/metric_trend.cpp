// All figures are turned and put on the judging scale first, so that one rule does for latency, throughput and errors.
// Noise is taken from neighbouring runs: what lies between one night and the next is not the trend.
#include "verdict/metric_trend.hpp"

#include <algorithm>
#include <cmath>

#include "stats/change_points.hpp"
#include "stats/sample.hpp"
#include "verdict/scale.hpp"

namespace burstgate::verdict {

using measure::Figures;
using measure::RunSummary;

std::string_view name(Direction direction) {
  switch (direction) {
    case Direction::improving:
      return "improving";
    case Direction::stable:
      return "stable";
    case Direction::degrading:
      return "degrading";
    case Direction::unclear:
      return "unclear";
    case Direction::too_few:
      break;
  }
  return "too few";
}

namespace {

constexpr double z_99_percent = 2.326;
constexpr double median_inefficiency = 1.2533;  // standard error of a median over that of a mean, normal values
constexpr double median_of_normal = 0.67449;    // of |x|, in standard deviations

// Values on the judging scale by run, turned so that more is worse; what the scale does not have is left out.
struct Scaled {
  std::vector<std::size_t> runs;
  std::vector<double> values;
};

std::optional<double> scaled(Metric metric, double value) {
  if (kind(metric) == MetricKind::share) return value;
  if (value <= 0) return std::nullopt;
  return kind(metric) == MetricKind::rate ? -std::log(value) : std::log(value);
}

double unscaled(Metric metric, double on_scale) {
  if (kind(metric) == MetricKind::share) return on_scale;
  return std::exp(kind(metric) == MetricKind::rate ? -on_scale : on_scale);
}

double limit_on_scale(Metric metric, double relative, double share) {
  return kind(metric) == MetricKind::share ? share : std::log1p(relative);
}

// Standard deviation between runs, from the differences of neighbours: neither a shift nor an odd run moves it much.
double spread_of(const std::vector<double>& values) {
  if (values.size() < 3) return 0;
  std::vector<double> steps;
  for (std::size_t i = 1; i < values.size(); ++i) steps.push_back(std::fabs(values[i] - values[i - 1]));
  return stats::median(std::move(steps)) / median_of_normal / std::sqrt(2.0);
}

double median_of(const std::vector<double>& values, std::size_t from, std::size_t to) {
  return stats::median(
      {values.begin() + static_cast<std::ptrdiff_t>(from), values.begin() + static_cast<std::ptrdiff_t>(to)});
}

// The 5 % rule, where the difference of two medians is certainly no noise.
Direction direction_of(Metric metric, double worse_on_scale, double standard_error) {
  if (std::fabs(worse_on_scale) <= limit_on_scale(metric, stable_within, stable_within_share)) return Direction::stable;
  if (std::fabs(worse_on_scale) <= z_99_percent * standard_error) return Direction::unclear;
  return worse_on_scale > 0 ? Direction::degrading : Direction::improving;
}

double standard_error(double spread, std::size_t n, std::size_t m) {
  return median_inefficiency * spread * std::sqrt(1.0 / static_cast<double>(n) + 1.0 / static_cast<double>(m));
}

// Ends of the levels: the shifts that matter, and the end of the series.
std::vector<std::size_t> ends_of_levels(const std::vector<stats::ChangePoint>& points, std::size_t size) {
  std::vector<std::size_t> ends;
  for (const auto& point : points) ends.push_back(point.index);
  ends.push_back(size);
  return ends;
}

std::vector<double> levels_of(const std::vector<double>& values, const std::vector<stats::ChangePoint>& points) {
  std::vector<double> levels;
  std::size_t from = 0;
  for (const std::size_t to : ends_of_levels(points, values.size())) {
    levels.push_back(median_of(values, from, to));
    from = to;
  }
  return levels;
}

std::vector<Shift> shifts_of(Metric metric, const Scaled& scaled) {
  std::vector<stats::ChangePoint> points = stats::change_points(scaled.values);
  const double least = limit_on_scale(metric, smallest_shift, smallest_shift_share);
  std::vector<double> levels = levels_of(scaled.values, points);
  // Two levels that a small step parts are one.
  for (std::size_t i = 0; i < points.size();) {
    if (std::fabs(levels[i + 1] - levels[i]) >= least) {
      ++i;
      continue;
    }
    points.erase(points.begin() + static_cast<std::ptrdiff_t>(i));
    levels = levels_of(scaled.values, points);
    i = 0;  // the level that became one of two may be near to the one before
  }
  std::vector<Shift> shifts;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double by = levels[i + 1] - levels[i];
    double left = 1;  // of the change, when least was left
    for (std::size_t k = i + 1; k < levels.size(); ++k) left = std::min(left, (levels[k] - levels[i]) / by);
    Shift shift;
    shift.last_before = scaled.runs[points[i].index - 1];
    shift.first_after = scaled.runs[points[i].index];
    shift.before = unscaled(metric, levels[i]);
    shift.after = unscaled(metric, levels[i + 1]);
    shift.worse_by = from_scale(metric, by);
    shift.p_value = points[i].p_value;
    shift.lasting = left >= 0.5;
    shifts.push_back(shift);
  }
  return shifts;
}

const Figures* figures_of(const RunSummary& run, const std::string& endpoint) {
  if (endpoint.empty()) return &run.total;
  const auto found =
      std::find_if(run.endpoints.begin(), run.endpoints.end(), [&](const auto& one) { return one.first == endpoint; });
  return found == run.endpoints.end() ? nullptr : &found->second;
}

std::optional<double> value_of(const RunSummary& run, const std::string& endpoint, Metric metric) {
  const Figures* figures = figures_of(run, endpoint);
  if (figures == nullptr || !figures->contains(metric)) return std::nullopt;
  return figures->at(metric);
}

Scaled scaled_values(const std::vector<RunSummary>& runs, const std::string& endpoint, Metric metric) {
  Scaled result;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto value = value_of(runs[i], endpoint, metric);
    const auto on_scale = value ? scaled(metric, *value) : std::nullopt;
    if (!on_scale) continue;
    result.runs.push_back(i);
    result.values.push_back(*on_scale);
  }
  return result;
}

std::optional<Drift> drift_of(const MetricTrend& trend, const std::vector<double>& values,
                              const std::vector<RunSummary>& anchor, double spread) {
  const Scaled fixed = scaled_values(anchor, trend.endpoint, trend.metric);
  if (fixed.values.empty() || values.size() < min_runs_for_trend) return std::nullopt;
  const std::size_t newest = std::min(values.size() / 2, runs_at_an_end);
  const double was = stats::median(fixed.values), now = median_of(values, values.size() - newest, values.size());
  Drift drift;
  drift.anchor = unscaled(trend.metric, was);
  drift.now = unscaled(trend.metric, now);
  drift.worse_by = from_scale(trend.metric, now - was);
  drift.direction = direction_of(trend.metric, now - was, standard_error(spread, fixed.values.size(), newest));
  return drift;
}

}  // namespace

MetricTrend metric_trend(const std::vector<RunSummary>& runs, const std::vector<RunSummary>& anchor,
                         const std::string& endpoint, Metric metric) {
  MetricTrend trend;
  trend.metric = metric;
  trend.endpoint = endpoint;
  for (const RunSummary& run : runs) trend.values.push_back(value_of(run, endpoint, metric));
  const Scaled scaled = scaled_values(runs, endpoint, metric);
  trend.known = scaled.values.size();
  if (trend.known < 2) return trend;
  const std::size_t end = std::min(trend.known / 2, runs_at_an_end);
  const double first = median_of(scaled.values, 0, end);
  const double last = median_of(scaled.values, trend.known - end, trend.known);
  const double spread = spread_of(scaled.values);
  trend.first = unscaled(metric, first);
  trend.last = unscaled(metric, last);
  trend.worse_by = from_scale(metric, last - first);
  trend.spread = spread;
  if (trend.known < min_runs_for_trend) return trend;
  trend.direction = direction_of(metric, last - first, standard_error(spread, end, end));
  trend.shifts = shifts_of(metric, scaled);
  trend.drift = drift_of(trend, scaled.values, anchor, spread);
  return trend;
}

}  // namespace burstgate::verdict
