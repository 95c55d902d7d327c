// Runs are sorted into series that can be compared; what each of their figures did is metric_trend()'s to say.
#include "verdict/trend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/utc_time.hpp"
#include "stats/change_points.hpp"
#include "stats/sample.hpp"
#include "verdict/metric_trend.hpp"

namespace burstgate::verdict {

using measure::RunSummary;

namespace {

constexpr std::int64_t seconds_per_day = 86'400;

// The endpoints of all runs, in the order of the newest one that has them.
std::vector<std::string> endpoints_of(const std::vector<RunSummary>& runs) {
  std::vector<std::string> names;
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
    for (const auto& [endpoint, figures] : run->endpoints) {
      if (std::find(names.begin(), names.end(), endpoint) == names.end()) names.push_back(endpoint);
    }
  }
  return names;
}

std::vector<MetricTrend> metric_trends(const std::vector<RunSummary>& runs, const std::vector<RunSummary>& anchor) {
  std::vector<MetricTrend> trends;
  const auto add = [&](const std::string& endpoint, Metric metric) {
    MetricTrend trend = metric_trend(runs, anchor, endpoint, metric);
    if (trend.known > 0) trends.push_back(std::move(trend));
  };
  for (const Metric metric :
       {Metric::latency_p50, Metric::latency_p95, Metric::latency_p99, Metric::throughput, Metric::error_rate}) {
    add("", metric);
  }
  const auto endpoints = endpoints_of(runs);
  if (endpoints.size() < 2) return trends;  // the only one is the whole run
  for (const std::string& endpoint : endpoints) add(endpoint, Metric::latency_p95);
  return trends;
}

using SeriesKey = std::tuple<std::string, std::string, std::string, std::string>;

SeriesKey key_of(const RunSummary& run) {
  return {run.operation, run.profile, run.machine_class, run.workload_digest};
}

std::string day_text(std::int64_t unix_s) {
  return to_iso8601(std::clamp<std::int64_t>(unix_s, 0, latest_unix_s)).substr(0, 10);
}

// Stretches without a run that are much longer than usual here.
void note_gaps(const std::vector<RunSummary>& runs, std::vector<std::string>& notes) {
  constexpr double usual_times = 3;
  constexpr double least_days = 3;
  constexpr std::size_t most_said = 5;
  if (runs.size() < 3) return;
  std::vector<double> days;
  for (std::size_t i = 1; i < runs.size(); ++i) {
    days.push_back(static_cast<double>(runs[i].started_at_unix_s - runs[i - 1].started_at_unix_s) / seconds_per_day);
  }
  const double usual = stats::median(days);
  std::size_t gaps = 0;
  for (std::size_t i = 0; i < days.size(); ++i) {
    if (days[i] < std::max(least_days, usual_times * usual) || ++gaps > most_said) continue;
    notes.push_back(fmt::format("no runs for {:.0f} days, from {} to {}", days[i], day_text(runs[i].started_at_unix_s),
                                day_text(runs[i + 1].started_at_unix_s)));
  }
  if (gaps > most_said) notes.push_back(fmt::format("{} more stretches without runs", gaps - most_said));
}

// The newest `days` of runs that are in order.
std::vector<RunSummary> within(const std::vector<RunSummary>& runs, const std::optional<int>& days,
                               std::int64_t newest_unix_s) {
  if (!days) return runs;
  const std::int64_t from = newest_unix_s - std::int64_t{*days} * seconds_per_day;
  std::vector<RunSummary> kept;
  for (const RunSummary& run : runs) {
    if (run.started_at_unix_s >= from) kept.push_back(run);
  }
  return kept;
}

// The anchor's runs of this series; without one its oldest runs.
std::vector<RunSummary> anchor_runs(const std::optional<Anchor>& anchor, const std::vector<RunSummary>& all,
                                    const SeriesKey& key) {
  std::vector<RunSummary> runs;
  if (!anchor) {
    runs.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), runs_at_an_end)));
    return runs;
  }
  std::copy_if(anchor->runs.begin(), anchor->runs.end(), std::back_inserter(runs),
               [&](const RunSummary& run) { return key_of(run) == key; });
  return runs;
}

SeriesTrend series_trend(const SeriesKey& key, const std::vector<RunSummary>& complete, std::size_t left_out,
                         const TrendQuestion& question, std::int64_t newest_unix_s) {
  SeriesTrend series;
  std::tie(series.operation, series.profile, series.machine_class, series.workload_digest) = key;
  series.runs = within(complete, question.days, newest_unix_s);
  const std::vector<RunSummary> anchor = anchor_runs(question.anchor, complete, key);
  series.metrics = metric_trends(series.runs, anchor);
  note_gaps(series.runs, series.notes);
  if (series.runs.size() > stats::max_change_series) {
    series.notes.push_back(fmt::format("changes of the level are looked for in the newest {} of {} runs",
                                       stats::max_change_series, series.runs.size()));
  }
  if (left_out > 0) {
    series.notes.push_back(
        fmt::format("{} run{} left out: interrupted, or the service died", left_out, left_out == 1 ? "" : "s"));
  }
  if (question.anchor && anchor.empty()) {
    series.notes.push_back(fmt::format(
        "the anchor {} has no run of this operation, profile, machine class and workload", question.anchor->name));
  }
  return series;
}

// Of series that are in order, newest first.
void mark_superseded(std::vector<SeriesTrend>& series) {
  std::map<std::tuple<std::string, std::string, std::string>, const SeriesTrend*> newest;
  for (SeriesTrend& one : series) {
    const auto [other, is_newest] = newest.emplace(std::tuple(one.operation, one.profile, one.machine_class), &one);
    one.superseded = !is_newest;
    if (one.superseded) {
      one.notes.insert(one.notes.begin(),
                       fmt::format("another workload took its place on {}: it is a series of its own",
                                   day_text(other->second->runs.front().started_at_unix_s)));
    }
  }
}

}  // namespace

Trend trend_of(const std::vector<RunSummary>& runs, const TrendQuestion& question) {
  Trend trend;
  trend.pinned = question.anchor.has_value();
  trend.anchor = question.anchor ? question.anchor->name : "the first runs";
  if (runs.empty()) return trend;
  std::int64_t newest = runs.front().started_at_unix_s;
  std::map<SeriesKey, std::vector<RunSummary>> complete;
  std::map<SeriesKey, std::size_t> left_out;
  for (const RunSummary& run : runs) {
    newest = std::max(newest, run.started_at_unix_s);
    if (run.complete) complete[key_of(run)].push_back(run);
    if (!run.complete) ++left_out[key_of(run)];
  }
  std::size_t counted = 0;
  for (const auto& [key, of_series] : complete) {
    counted += of_series.size();
    SeriesTrend series = series_trend(key, of_series, left_out[key], question, newest);
    left_out.erase(key);
    trend.runs += series.runs.size();
    if (!series.runs.empty()) trend.series.push_back(std::move(series));
  }
  for (const auto& [key, number] : left_out) {
    trend.notes.push_back(fmt::format("{}: {} run{} left out: interrupted, or the service died", std::get<0>(key),
                                      number, number == 1 ? "" : "s"));
  }
  if (counted > trend.runs)
    trend.notes.push_back(fmt::format("{} older runs are not in this period", counted - trend.runs));
  std::stable_sort(trend.series.begin(), trend.series.end(), [](const auto& a, const auto& b) {
    return a.runs.back().started_at_unix_s > b.runs.back().started_at_unix_s;
  });
  mark_superseded(trend.series);
  if (trend.series.empty()) return trend;
  trend.from_unix_s = trend.to_unix_s = trend.series.front().runs.back().started_at_unix_s;
  for (const SeriesTrend& series : trend.series) {
    trend.from_unix_s = std::min(trend.from_unix_s, series.runs.front().started_at_unix_s);
  }
  return trend;
}

namespace {

template <typename Question>
bool any_metric(const Trend& trend, Question question) {
  return std::any_of(trend.series.begin(), trend.series.end(), [&](const SeriesTrend& series) {
    return !series.superseded && std::any_of(series.metrics.begin(), series.metrics.end(), question);
  });
}

}  // namespace

bool has_degraded(const Trend& trend) {
  return any_metric(trend, [&](const MetricTrend& metric) {
    return metric.direction == Direction::degrading ||
           (trend.pinned && metric.drift && metric.drift->direction == Direction::degrading);
  });
}

bool has_lasting_shift(const Trend& trend) {
  return any_metric(trend, [](const MetricTrend& metric) {
    return std::any_of(metric.shifts.begin(), metric.shifts.end(),
                       [](const Shift& shift) { return shift.lasting && shift.worse_by > 0; });
  });
}

bool is_known(const Trend& trend) {
  return any_metric(trend, [](const MetricTrend& metric) { return metric.direction != Direction::too_few; });
}

}  // namespace burstgate::verdict
