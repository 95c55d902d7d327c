// A year on a page: the table with every figure's course first, then the days on which something changed, then the
// charts, in which the levels between the changes are drawn over the runs.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "report/chart.hpp"
#include "report/escape.hpp"
#include "report/html_document.hpp"
#include "report/sparkline.hpp"
#include "report/trend_wording.hpp"
#include "report/wording.hpp"

namespace burstgate::report {

using verdict::Direction;
using verdict::MetricTrend;
using verdict::SeriesTrend;

namespace {

constexpr double seconds_per_day = 86'400;
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_rows = 300;
constexpr std::size_t most_charts = 24;
constexpr std::size_t most_points = 2'000;  // of a chart
constexpr std::size_t html_columns = 40;

std::string role_of(Direction direction) {
  switch (direction) {
    case Direction::improving:
      return "pass";
    case Direction::degrading:
      return "fail";
    case Direction::unclear:
      return "doubt";
    case Direction::stable:
    case Direction::too_few:
      break;
  }
  return "";
}

Markup cell(std::string_view outside, std::string_view role = {}) {
  return element("td", {{"class", std::string(role)}}, safe_text(outside));
}

Markup header_row(std::initializer_list<std::pair<std::string_view, bool>> columns) {
  Markup cells;
  for (const auto& [title, is_number] : columns)
    cells += element("th", {{"scope", "col"}, {"class", is_number ? "number" : ""}}, text(title));
  return element("thead", {}, element("tr", {}, cells));
}

Markup list(const std::vector<std::string>& lines) {
  Markup items;
  for (std::size_t i = 0; i < std::min(lines.size(), most_rows); ++i) items += element("li", {}, safe_text(lines[i]));
  if (lines.size() > most_rows) items += element("li", {}, text(fmt::format("{} more", lines.size() - most_rows)));
  return items.empty() ? items : element("ul", {}, items);
}

Markup metric_table(const SeriesTrend& series) {
  Markup rows;
  const std::size_t shown = std::min(series.metrics.size(), most_rows);
  for (std::size_t i = 0; i < shown; ++i) {
    const MetricTrend& metric = series.metrics[i];
    Markup cells = element("th", {{"scope", "row"}}, safe_text(name_of(metric)));
    cells += cell(verdict::name(metric.direction), "verdict " + role_of(metric.direction));
    cells += cell(moved_text(metric), "number") + cell(ends_text(metric), "number");
    cells += cell(sparkline(metric.values, html_columns, true), "number");
    rows += element("tr", {}, cells);
  }
  Markup made = element(
      "table", {{"class", "wide"}},
      header_row({{"Figure", false}, {"Trend", false}, {"Change", true}, {"First -> now", true}, {"Course", true}}) +
          element("tbody", {}, rows));
  if (shown < series.metrics.size())
    made += element("p", {}, text(fmt::format("{} more figures", series.metrics.size() - shown)));
  return made;
}

Markup shift_list(const SeriesTrend& series) {
  const auto groups = shifts_newest_first(series);
  if (groups.empty()) return element("p", {}, text("No change of the level was found."));
  Markup items;
  for (std::size_t i = 0; i < std::min(groups.size(), most_rows); ++i) {
    const ShiftGroup& group = groups[i];
    const std::string role = !group.lasting ? "" : group.worse ? "fail" : "pass";
    const std::string day = day_text(series.runs[group.first_after].started_at_unix_s);
    items += element("li", {{"class", role}},
                     element("span", {{"class", "word"}}, text(day + " " + state_text(group))) +
                         safe_text("; " + range_text(series, group) + ": " + figures_text(group)));
  }
  if (groups.size() > most_rows)
    items += element("li", {}, text(fmt::format("{} older changes", groups.size() - most_rows)));
  return element("ul", {}, items);
}

double day_of(std::int64_t unix_s) {
  return static_cast<double>(unix_s) / seconds_per_day;
}

// Days for a short history, firsts of months for a long one: as many as fit below a chart.
std::vector<Tick> date_ticks(double from, double to) {
  using namespace std::chrono;
  constexpr double most = 5, longest_in_days = 120, days_per_month = 30.4;
  std::vector<Tick> ticks;
  const auto date = [](double day) { return year_month_day{sys_days{days{static_cast<int>(day)}}}; };
  if (to - from <= longest_in_days) {
    const double step = std::max(1.0, std::ceil((to - from) / most));
    for (double day = std::ceil(from); day <= to; day += step) {
      ticks.push_back({day, day_text(static_cast<std::int64_t>(day * seconds_per_day)).substr(5)});
    }
    return ticks;
  }
  const auto step = months{static_cast<int>(std::ceil((to - from) / days_per_month / most))};
  const year_month_day first = date(from);
  for (year_month month = first.year() / first.month() + months{1};; month += step) {
    const double day = static_cast<double>(sys_days{month / 1}.time_since_epoch().count());
    if (day > to) return ticks;
    ticks.push_back({day, day_text(static_cast<std::int64_t>(day * seconds_per_day)).substr(0, 7)});
  }
}

// In the unit of the chart's axis.
double drawn(Metric metric, double value) {
  switch (kind(metric)) {
    case MetricKind::latency:
      return value / 1e3;
    case MetricKind::share:
      return value * 100;
    case MetricKind::rate:
      break;
  }
  return value;
}
std::string_view unit_of(Metric metric) {
  return kind(metric) == MetricKind::latency ? "ms" : kind(metric) == MetricKind::share ? "%" : "1/s";
}

// The levels between the changes, as a line that jumps.
Series levels(const SeriesTrend& series, const MetricTrend& metric) {
  Series line{"level", Stroke::candidate, {}};
  const auto day = [&](std::size_t run) { return day_of(series.runs[run].started_at_unix_s); };
  for (std::size_t i = 0; i < metric.shifts.size(); ++i) {
    const verdict::Shift& shift = metric.shifts[i];
    if (i == 0) line.points.emplace_back(day(0), drawn(metric.metric, shift.before));
    line.points.emplace_back(day(shift.first_after), drawn(metric.metric, shift.before));
    line.points.emplace_back(day(shift.first_after), drawn(metric.metric, shift.after));
  }
  if (!metric.shifts.empty()) {
    line.points.emplace_back(day(series.runs.size() - 1), drawn(metric.metric, metric.shifts.back().after));
  }
  return line;
}

Markup figure(const SeriesTrend& series, const MetricTrend& metric) {
  ChartSpec spec;
  spec.summary = fmt::format("{}: {}, {}", name_of(metric), ends_text(metric), verdict::name(metric.direction));
  spec.x_title = "date";
  spec.y_title = std::string(unit_of(metric.metric));
  spec.y_from_zero = kind(metric.metric) == MetricKind::share;
  const bool has_levels = !metric.shifts.empty() && metric.values.size() <= most_points;
  Series runs{"runs", has_levels ? Stroke::baseline : Stroke::candidate, {}};
  const std::size_t from = metric.values.size() > most_points ? metric.values.size() - most_points : 0;
  for (std::size_t i = from; i < metric.values.size(); ++i) {
    const auto& value = metric.values[i];
    const double day = day_of(series.runs[i].started_at_unix_s);
    runs.points.emplace_back(day, value ? drawn(metric.metric, *value) : nothing);
    if (has_levels) runs.points.emplace_back(day, nothing);  // a dot for each run, and the levels as the line
  }
  spec.x_ticks = date_ticks(runs.points.front().first, runs.points.back().first);
  spec.series.push_back(std::move(runs));
  if (has_levels) spec.series.push_back(levels(series, metric));
  return element("figure", {}, element("figcaption", {}, safe_text(name_of(metric))) + chart(spec));
}

Markup charts(const SeriesTrend& series) {
  Markup grid;
  std::size_t drawn_charts = 0;
  for (const MetricTrend& metric : series.metrics) {
    if (metric.known < 2 || drawn_charts++ >= most_charts) continue;
    grid += figure(series, metric);
  }
  Markup made = grid.empty() ? grid : element("div", {{"class", "charts"}}, grid);
  if (drawn_charts > most_charts)
    made += element("p", {}, text(fmt::format("{} more figures are not drawn", drawn_charts - most_charts)));
  return made;
}

Markup series_section(const SeriesTrend& series, const std::string& anchor) {
  Markup content =
      element("p", {{"class", "faint"}},
              safe_text(span_text(series) + (series.machine_class.empty() ? "" : " on " + series.machine_class)));
  content += metric_table(series);
  content += element("h3", {}, text("Changes of the level, newest first")) + shift_list(series);
  const auto drift = drift_texts(series);
  if (!drift.empty()) content += element("h3", {}, safe_text("Since " + anchor)) + list(drift);
  content += charts(series) + list(series.notes);
  return html_section(elided(visible(title_of(series)), 200), content);
}

}  // namespace

std::string render_trend_html(const TrendReport& report) {
  const verdict::Trend& trend = report.trend;
  const std::string role = verdict::has_degraded(trend) || verdict::has_lasting_shift(trend) ? "fail" : "pass";
  Markup head = element("h1", {}, text(fmt::format("Trend of {} runs", count_text(trend.runs))));
  head += element("p", {{"class", "reason"}}, text(trend.series.empty() ? "nothing to show" : tally_text(trend)));
  std::string about = report.folder;
  if (!trend.series.empty()) about += " · " + day_text(trend.from_unix_s) + " to " + day_text(trend.to_unix_s);
  if (!report.filters.empty()) about += " · only " + join(report.filters, ", ");
  head += element("p", {{"class", "faint"}}, safe_text(about));
  Markup main = element("header", {{"class", trend.series.empty() ? "none" : role}}, head);
  for (const SeriesTrend& series : trend.series) main += series_section(series, trend.anchor);
  std::vector<std::string> notes = trend.notes;
  if (!trend.series.empty()) notes.emplace_back(trend_legend());
  main += html_section("Notes", list(notes)) + html_section("Files that were not counted", list(report.left_out));
  return html_document("burstgate trend: " + report.folder, main);
}

}  // namespace burstgate::report
