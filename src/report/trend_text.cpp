// A screen for each series: where every figure went, then the days on which it changed, then what else is to be said.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/escape.hpp"
#include "report/page.hpp"
#include "report/sparkline.hpp"
#include "report/trend_wording.hpp"

namespace burstgate::report {

using verdict::Direction;
using verdict::MetricTrend;
using verdict::SeriesTrend;

namespace {

constexpr std::size_t name_columns = 19;
constexpr std::size_t ends_columns = 20;
constexpr std::size_t change_columns = 9;
constexpr std::size_t most_lines = 50;  // of a list of files

Ink ink_of(Direction direction) {
  switch (direction) {
    case Direction::improving:
      return Ink::good;
    case Direction::degrading:
      return Ink::bad;
    case Direction::unclear:
      return Ink::doubt;
    case Direction::stable:
    case Direction::too_few:
      break;
  }
  return Ink::plain;
}

void add_metric(Page& page, const MetricTrend& metric) {
  const std::string name = page.clean(name_of(metric));
  std::string lead = "  " + left(name, name_columns);
  if (columns(name) > name_columns) {  // a line of its own, as it is
    page.paragraph("  ", 2, name);
    lead = std::string(name_columns + 2, ' ');
  }
  page.line(lead + " " + left(sparkline(metric.values, few_columns, page.unicode()), few_columns) + "  " +
            left(ends_text(metric), ends_columns) + right(moved_text(metric), change_columns) + "  " +
            page.inked(ink_of(metric.direction), verdict::name(metric.direction)));
}

void add_series(Page& page, const SeriesTrend& series) {
  page.title(page.clean(title_of(series)));
  page.paragraph("  ", 2, span_text(series) + (series.machine_class.empty() ? "" : " on " + series.machine_class));
  page.blank();
  for (const MetricTrend& metric : series.metrics) add_metric(page, metric);
  const auto groups = shifts_newest_first(series);
  if (!groups.empty()) page.title("  Changes of the level, newest first");
  for (const ShiftGroup& group : groups) {
    const std::string day = day_text(series.runs[group.first_after].started_at_unix_s);
    page.paragraph("  " + left(day, 12), 14, state_text(group) + "; " + range_text(series, group) + ":");
    page.paragraph(std::string(14, ' '), 14, figures_text(group));
  }
}

void add_drift(Page& page, const SeriesTrend& series, const std::string& anchor) {
  const auto texts = drift_texts(series);
  if (texts.empty()) return;
  page.title("  Since " + page.clean(anchor));
  for (const std::string& text : texts) page.paragraph("  ", 2, text);
}

}  // namespace

std::string render_trend_text(const TrendReport& report, bool color, bool unicode) {
  Page page(color, unicode);
  const verdict::Trend& trend = report.trend;
  page.paragraph("", 0,
                 fmt::format("{}: {} runs{}{}", report.folder, trend.runs,
                             report.filters.empty() ? "" : " with " + join(report.filters, ", "),
                             trend.series.empty() ? "" : "; " + tally_text(trend)));
  for (const SeriesTrend& series : trend.series) {
    add_series(page, series);
    add_drift(page, series, trend.anchor);
    for (const std::string& note : series.notes) page.paragraph("  note: ", 8, note);
  }
  page.blank();
  if (!trend.series.empty()) page.paragraph("", 0, trend_legend());
  for (const std::string& note : trend.notes) page.paragraph("note: ", 6, note);
  for (std::size_t i = 0; i < std::min(report.left_out.size(), most_lines); ++i)
    page.paragraph("file: ", 6, report.left_out[i]);
  if (report.left_out.size() > most_lines) page.line(fmt::format("file: {} more", report.left_out.size() - most_lines));
  return page.text();
}

}  // namespace burstgate::report
