#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/escape.hpp"
#include "report/sparkline.hpp"
#include "report/trend_wording.hpp"

namespace burstgate::report {

using verdict::Direction;
using verdict::MetricTrend;
using verdict::SeriesTrend;

namespace {

constexpr std::size_t most_rows = 200;  // of each list: a step summary takes 1 MiB
constexpr std::size_t longest_text = 300;

std::string cell(std::string_view text) {
  return markdown_text(elided(visible(text), longest_text));
}

std::string long_cell(std::string_view text) {
  constexpr std::size_t longest_list = 2'000;
  return markdown_text(elided(visible(text), longest_list));
}

std::string list(const std::vector<std::string>& lines) {
  std::string text;
  for (std::size_t i = 0; i < std::min(lines.size(), most_rows); ++i) text += "- " + cell(lines[i]) + "\n";
  if (lines.size() > most_rows) text += fmt::format("- {} more\n", lines.size() - most_rows);
  return text;
}

std::string table(const SeriesTrend& series) {
  std::string text = "| figure | course | first | now | change | trend |\n|---|---|---|---|---|---|\n";
  const std::size_t shown = std::min(series.metrics.size(), most_rows);
  for (std::size_t i = 0; i < shown; ++i) {
    const MetricTrend& metric = series.metrics[i];
    const std::string direction(verdict::name(metric.direction));
    const bool loud = metric.direction == Direction::degrading || metric.direction == Direction::improving;
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", cell(name_of(metric)),
                        sparkline(metric.values, few_columns, true), cell(first_text(metric)), cell(now_text(metric)),
                        cell(moved_text(metric)), loud ? "**" + direction + "**" : direction);
  }
  if (shown < series.metrics.size()) text += fmt::format("\n{} more figures\n", series.metrics.size() - shown);
  return text;
}

std::string changes(const SeriesTrend& series) {
  const auto groups = shifts_newest_first(series);
  if (groups.empty()) return "\nNo change of the level was found.\n";
  std::string text = "\nChanges of the level, newest first:\n\n";
  for (std::size_t i = 0; i < std::min(groups.size(), most_rows); ++i) {
    const ShiftGroup& group = groups[i];
    text += fmt::format("- {}: {}{}{}; {}: {}\n", day_text(series.runs[group.first_after].started_at_unix_s),
                        group.lasting ? "**" : "", state_text(group), group.lasting ? "**" : "",
                        cell(range_text(series, group)), long_cell(figures_text(group)));
  }
  if (groups.size() > most_rows) text += fmt::format("- {} older changes\n", groups.size() - most_rows);
  return text;
}

}  // namespace

std::string render_trend_markdown(const TrendReport& report) {
  const verdict::Trend& trend = report.trend;
  std::string text =
      fmt::format("## Trend of {} runs{}\n", trend.runs, trend.series.empty() ? "" : ": " + tally_text(trend));
  if (!report.filters.empty()) text += "\nOnly " + cell(join(report.filters, ", ")) + "\n";
  for (const SeriesTrend& series : trend.series) {
    text += fmt::format("\n### {}\n\n{}{}\n\n", cell(title_of(series)), span_text(series),
                        series.machine_class.empty() ? "" : " on " + cell(series.machine_class));
    text += table(series) + changes(series);
    const auto drift = drift_texts(series);
    if (!drift.empty()) text += "\nSince " + cell(trend.anchor) + ":\n\n" + list(drift);
    if (!series.notes.empty()) text += "\n" + list(series.notes);
  }
  if (!trend.series.empty()) text += "\n" + std::string(trend_legend()) + "\n";
  if (!trend.notes.empty()) text += "\n" + list(trend.notes);
  if (!report.left_out.empty()) text += "\nFiles:\n\n" + list(report.left_out);
  return defused(text);
}

}  // namespace burstgate::report
