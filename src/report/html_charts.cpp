#include "report/html_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "report/chart.hpp"
#include "report/wording.hpp"

namespace burstgate::report {

using measure::Histogram;
using measure::Slice;

namespace {

using Points = std::vector<std::pair<double, double>>;

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr double us_per_ms = 1e3;
constexpr std::size_t most_points = 400;  // of a line: more than a chart has pixels

// Of long runs the lowest and the highest point of each stretch, so that no peak is lost.
Points thinned(Points points) {
  if (points.size() <= most_points) return points;
  const std::size_t stretch = (points.size() + most_points / 2 - 1) / (most_points / 2);
  Points kept;
  const auto lower = [](const auto& a, const auto& b) { return a.second < b.second; };
  for (std::size_t i = 0; i < points.size(); i += stretch) {
    const auto begin = points.begin() + static_cast<std::ptrdiff_t>(i);
    const auto end = points.begin() + static_cast<std::ptrdiff_t>(std::min(i + stretch, points.size()));
    const auto [low, high] = std::minmax_element(begin, end, lower);
    kept.push_back(std::min(low, high) == low ? *low : *high);
    if (low != high) kept.push_back(std::min(low, high) == low ? *high : *low);
  }
  return kept;
}

// Both sides' successes and late requests, as they are judged.
struct Sides {
  Histogram candidate;
  Histogram baseline;  // all recorded runs together
};

Sides judged_of(const Report& report) {
  Sides sides;
  sides.candidate = report.candidate.total.latencies.judged();
  for (const auto& run : report.baseline) sides.baseline.merge(run.total.latencies.judged());
  return sides;
}

void add_sides(ChartSpec& spec, Points candidate, Points baseline) {
  if (!baseline.empty()) spec.series.push_back({"baseline", Stroke::baseline, std::move(baseline)});
  if (!candidate.empty()) spec.series.push_back({"now", Stroke::candidate, std::move(candidate)});
}

std::string both(const Points& baseline) {
  return baseline.empty() ? "this run" : "the baseline (dashed) and this run";
}

// --- latency by percentile

// The axis grows by one for each nine: 90 % at 1, 99 % at 2.
double nines(double quantile) {
  return -std::log10(1 - quantile);
}

Points percentile_points(const Histogram& histogram) {
  Points points;
  if (histogram.empty()) return points;
  constexpr int steps = 80;
  const double last = std::log10(static_cast<double>(histogram.count()));  // beyond it there is no sample
  for (int i = 0; i <= steps; ++i) {
    const double at = last * i / steps;
    const double quantile = std::max(1 - std::pow(10, -at), 1e-9);
    points.emplace_back(at, static_cast<double>(*histogram.value_at_us(quantile)) / us_per_ms);
  }
  return points;
}

// Beyond such a ratio of the largest to the typical latency, a linear axis shows only the largest.
constexpr double steep = 25;

bool is_steep(const Histogram& histogram) {
  if (histogram.empty()) return false;
  return static_cast<double>(*histogram.max_us()) > steep * static_cast<double>(*histogram.value_at_us(0.5));
}

Markup percentiles(const Sides& sides) {
  ChartSpec spec;
  const Points baseline = percentile_points(sides.baseline);
  spec.summary = "Latency by percentile of " + both(baseline);
  spec.x_title = "percentile, %";
  spec.y_title = "latency, ms";
  spec.y_log = is_steep(sides.candidate) || is_steep(sides.baseline);
  const double most = static_cast<double>(std::max(sides.candidate.count(), sides.baseline.count()));
  for (const auto& [quantile, label] : {std::pair(0.0, "0"),
                                        {0.5, "50"},
                                        {0.9, "90"},
                                        {0.99, "99"},
                                        {0.999, "99.9"},
                                        {0.9999, "99.99"},
                                        {0.99999, "99.999"}}) {
    if (most * (1 - quantile) >= 1) spec.x_ticks.push_back({nines(quantile), label});
  }
  add_sides(spec, percentile_points(sides.candidate), baseline);
  return chart(spec);
}

// --- distribution

constexpr int bins = 48;

// The outline of a histogram whose bins are equally wide in the logarithm, as shares of all samples in percent.
Points outline(const Histogram& histogram, double low_us, double high_us) {
  Points points;
  if (histogram.empty()) return points;
  std::vector<double> shares(bins, 0.0);
  const double span = std::log(high_us / low_us);
  for (std::size_t i = Histogram::index_of(histogram.min_us().value_or(1)); i < Histogram::bucket_count(); ++i) {
    if (histogram.count_in(i) == 0) continue;
    const double middle =
        (static_cast<double>(Histogram::lowest_in(i)) + static_cast<double>(Histogram::highest_in(i))) / 2;
    const double at = std::log(std::max(middle, low_us) / low_us) / span * bins;
    shares[static_cast<std::size_t>(std::clamp(at, 0.0, bins - 1.0))] += static_cast<double>(histogram.count_in(i));
  }
  for (int i = 0; i < bins; ++i) {
    const double share = 100 * shares[static_cast<std::size_t>(i)] / static_cast<double>(histogram.count());
    for (const int edge : {i, i + 1})
      points.emplace_back(std::log10(low_us / us_per_ms) + edge * span / bins / std::log(10), share);
  }
  return points;
}

Markup distribution(const Sides& sides) {
  double low = std::numeric_limits<double>::infinity();
  double high = 0;
  for (const Histogram* side : {&sides.candidate, &sides.baseline}) {
    if (side->empty()) continue;
    low = std::min(low, static_cast<double>(*side->value_at_us(0.001)));
    high = std::max(high, static_cast<double>(*side->max_us()));
  }
  if (high == 0) return {};
  high = std::max(high, low * 2);
  ChartSpec spec;
  const Points baseline = outline(sides.baseline, low, high);
  spec.summary = "Distribution of latency of " + both(baseline);
  spec.x_title = "latency, ms";
  spec.y_title = "requests, %";
  for (Tick& tick : log_ticks(low / us_per_ms, high / us_per_ms, 7)) {
    tick.value = std::log10(tick.value);
    spec.x_ticks.push_back(std::move(tick));
  }
  add_sides(spec, outline(sides.candidate, low, high), baseline);
  return chart(spec);
}

// --- over time

struct Shown {
  Metric metric;
  std::string_view title;
  std::string_view y_title;
  double unit;  // of the axis, in the metric's base unit
};

constexpr Shown over_time[] = {
    {Metric::latency_p95, "Latency p95 over time", "latency p95, ms", us_per_ms},
    {Metric::throughput, "Throughput over time", "successes/s", 1},
    {Metric::error_rate, "Errors over time", "errors, %", 0.01},
};

Points slice_points(const std::vector<Slice>& slices, const Shown& shown) {
  Points points;
  for (const Slice& slice : slices) {
    const auto value = slice.value(shown.metric);
    points.emplace_back(slice.start_s + slice.duration_s / 2, value ? *value / shown.unit : nothing);
  }
  return thinned(std::move(points));
}

void add_run(ChartSpec& spec, const Report& report, const Shown& shown) {
  const measure::Measurement& run = report.candidate;
  if (run.warmup_s > 0) spec.bands.push_back({-run.warmup_s, 0, "warm-up, not counted"});
  for (std::size_t i = 1; i < run.stages.size(); i += 2) {  // every other one
    const measure::Stage& stage = run.stages[i];
    spec.bands.push_back({stage.start_s, stage.start_s + stage.duration_s, stage.name});
  }
  add_sides(spec, slice_points(run.total.slices, shown),
            report.baseline.empty() ? Points{} : slice_points(report.baseline.back().total.slices, shown));
}

// Every other launch of the two services is shaded.
std::vector<Band> launches(const measure::PairedRun& run) {
  std::vector<Band> bands;
  for (const measure::Round& round : run.rounds) {
    const double end_s = round.start_s + round.baseline.total.duration_s + round.candidate.total.duration_s;
    if (round.launch % 2 == 0) continue;
    const std::string label = fmt::format("launch {}", round.launch + 1);
    if (bands.empty() || bands.back().label != label) bands.push_back({round.start_s, end_s, label});
    bands.back().to = end_s;
  }
  return bands;
}

void add_rounds(ChartSpec& spec, const measure::PairedRun& run, const Shown& shown) {
  const auto phase = shown.metric == Metric::throughput ? measure::PairPhase::throughput : measure::PairPhase::latency;
  Points candidate, baseline;
  for (const measure::Round& round : run.rounds) {
    if (round.phase != phase) continue;
    const auto add = [&](Points& points, const Slice& slice) {
      const auto value = slice.value(shown.metric);
      points.emplace_back(round.start_s, value && !is_set_aside(round) ? *value / shown.unit : nothing);
    };
    add(candidate, round.candidate.total);
    add(baseline, round.baseline.total);
  }
  spec.bands = launches(run);
  add_sides(spec, thinned(std::move(candidate)), thinned(std::move(baseline)));
}

bool has_failures(const Report& report) {
  const auto fails = [](const measure::Measurement& run) {
    return run.total.counts.failed() + run.total.counts.unfinished > 0;
  };
  return fails(report.candidate) || std::any_of(report.baseline.begin(), report.baseline.end(), fails);
}

Markup course(const Report& report, const Shown& shown) {
  ChartSpec spec;
  spec.x_title = report.paired ? "time since the first round, s" : "time since the start of the measured window, s";
  spec.y_title = shown.y_title;
  if (report.paired) {
    add_rounds(spec, *report.paired, shown);
  } else {
    add_run(spec, report, shown);
  }
  spec.summary =
      fmt::format("{} of {}", shown.title, spec.series.size() > 1 ? "the baseline (dashed) and this run" : "this run");
  return chart(spec);
}

}  // namespace

std::vector<Figure> figures(const Report& report) {
  std::vector<Figure> made;
  const auto add = [&](std::string_view title, Markup drawing) {
    if (!drawing.empty()) made.push_back({std::string(title), std::move(drawing)});
  };
  if (report.candidate.is_point()) return made;
  const Sides sides = judged_of(report);
  add("Latency by percentile", percentiles(sides));
  add("Distribution of latency", distribution(sides));
  for (const Shown& shown : over_time) {
    if (shown.metric != Metric::error_rate || has_failures(report)) add(shown.title, course(report, shown));
  }
  return made;
}

}  // namespace burstgate::report
