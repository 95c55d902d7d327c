#include "report/trend_wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.hpp"
#include "report/facts.hpp"
#include "report/wording.hpp"

namespace burstgate::report {

using verdict::Direction;
using verdict::MetricTrend;
using verdict::SeriesTrend;
using verdict::Shift;

namespace {

constexpr std::size_t commit_digits = 10;

std::string commit_text(const measure::RunSummary& run) {
  return elided(visible(run.commit), 40).substr(0, commit_digits);
}

std::string both_text(Metric metric, double before, double after) {
  return to_text(metric, before) + " -> " + to_text(metric, after);
}

}  // namespace

std::string day_text(std::int64_t unix_s) {
  return utc_text(unix_s).substr(0, 10);
}

std::string title_of(const SeriesTrend& series) {
  const std::string operation = series.operation.empty() ? "runs without a name" : series.operation;
  return operation + (series.profile.empty() ? "" : ", profile " + series.profile);
}

std::string span_text(const SeriesTrend& series) {
  const std::string from = day_text(series.runs.front().started_at_unix_s);
  const std::string to = day_text(series.runs.back().started_at_unix_s);
  return fmt::format("{} {}, {}", count_text(series.runs.size()), series.runs.size() == 1 ? "run" : "runs",
                     from == to ? from : from + " to " + to);
}

std::string name_of(const MetricTrend& metric) {
  return (metric.endpoint.empty() ? "" : metric.endpoint + ": ") + metric_text(metric.metric);
}

std::string first_text(const MetricTrend& metric) {
  return metric.known < 2 ? "" : to_text(metric.metric, metric.first);
}

std::string now_text(const MetricTrend& metric) {
  return metric.known < 2 ? "" : to_text(metric.metric, metric.last);
}

std::string ends_text(const MetricTrend& metric) {
  return metric.known < 2 ? "" : both_text(metric.metric, metric.first, metric.last);
}

std::string moved_text(const MetricTrend& metric) {
  return metric.known < 2 ? "" : change_text(metric.metric, metric.worse_by);
}

std::vector<ShiftGroup> shifts_newest_first(const SeriesTrend& series) {
  std::vector<ShiftGroup> groups;
  for (const MetricTrend& metric : series.metrics) {
    for (const Shift& shift : metric.shifts) {
      const bool worse = shift.worse_by > 0;
      auto group = std::find_if(groups.begin(), groups.end(), [&](const ShiftGroup& one) {
        return one.last_before == shift.last_before && one.first_after == shift.first_after && one.worse == worse &&
               one.lasting == shift.lasting;
      });
      if (group == groups.end()) {
        group = groups.insert(group, {shift.last_before, shift.first_after, worse, shift.lasting, {}});
      }
      group->shifts.emplace_back(&metric, &shift);
    }
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const ShiftGroup& a, const ShiftGroup& b) { return a.first_after > b.first_after; });
  return groups;
}

std::string state_text(const ShiftGroup& group) {
  return fmt::format("{}, {}", group.worse ? "worse" : "better", group.lasting ? "still there" : "gone by now");
}

std::string figures_text(const ShiftGroup& group) {
  constexpr std::size_t most_said = 8;
  std::vector<std::string> parts;
  for (const auto& [metric, shift] : group.shifts) {
    if (parts.size() == most_said) break;
    parts.push_back(fmt::format("{} {} ({})", name_of(*metric), both_text(metric->metric, shift->before, shift->after),
                                change_text(metric->metric, shift->worse_by)));
  }
  const std::size_t left = group.shifts.size() - parts.size();
  return join(parts, ", ") + (left > 0 ? fmt::format(" and {} more figures", left) : "");
}

std::string range_text(const SeriesTrend& series, const ShiftGroup& group) {
  const auto& before = series.runs[group.last_before];
  const auto& after = series.runs[group.first_after];
  if (before.commit.empty() || after.commit.empty()) return fmt::format("between {} and {}", before.file, after.file);
  if (before.commit != after.commit) return fmt::format("commits {}..{}", commit_text(before), commit_text(after));
  return fmt::format("commit {} on both sides: not the code", commit_text(after));
}

std::vector<std::string> drift_texts(const SeriesTrend& series) {
  std::vector<const MetricTrend*> drifted;
  for (const MetricTrend& metric : series.metrics) {
    if (metric.drift && metric.drift->direction != Direction::stable) drifted.push_back(&metric);
  }
  std::stable_sort(drifted.begin(), drifted.end(),
                   [](const MetricTrend* a, const MetricTrend* b) { return a->drift->worse_by > b->drift->worse_by; });
  std::vector<std::string> texts;
  for (const MetricTrend* metric : drifted) {
    const verdict::Drift& drift = *metric->drift;
    texts.push_back(fmt::format("{}: {}, {} ({})", name_of(*metric), change_text(metric->metric, drift.worse_by),
                                verdict::name(drift.direction), both_text(metric->metric, drift.anchor, drift.now)));
  }
  return texts;
}

std::string tally_text(const verdict::Trend& trend) {
  std::map<Direction, std::size_t> counts;
  for (const SeriesTrend& series : trend.series) {
    for (const MetricTrend& metric : series.metrics) ++counts[metric.direction];
  }
  std::vector<std::string> parts;
  for (const Direction direction :
       {Direction::degrading, Direction::unclear, Direction::improving, Direction::stable, Direction::too_few}) {
    if (counts[direction] > 0) parts.push_back(fmt::format("{} {}", counts[direction], verdict::name(direction)));
  }
  return join(parts, ", ");
}

std::string_view trend_legend() {
  return "first and now: medians of up to 7 runs at either end. stable: within 5 % (error rate: 0.5 pp); unclear: "
         "further, but runs differ by as much.";
}

}  // namespace burstgate::report
