// What is said about a history, in the same words in every format. Plain text, not escaped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/trend.hpp"

namespace burstgate::report {

inline constexpr std::size_t few_columns = 14;  // of a course in text

std::string day_text(std::int64_t unix_s);                  // "2026-01-31"
std::string title_of(const verdict::SeriesTrend& series);   // "checkout, profile pr"
std::string span_text(const verdict::SeriesTrend& series);  // "365 runs, 2026-01-01 to 2026-12-31"
std::string name_of(const verdict::MetricTrend& metric);    // "chat: latency p95"

// The figure's oldest values and its newest, one or both: "10.1 ms", "12.3 ms", "10.1 ms -> 12.3 ms"; "" with fewer
// than two runs.
std::string first_text(const verdict::MetricTrend& metric);
std::string now_text(const verdict::MetricTrend& metric);
std::string ends_text(const verdict::MetricTrend& metric);
std::string moved_text(const verdict::MetricTrend& metric);  // "+21.8 %"

// Changes of the level between the same two runs, in the same direction, that are or are not there any more: most often
// one cause moved them all.
struct ShiftGroup {
  std::size_t last_before = 0;  // runs of the series
  std::size_t first_after = 0;
  bool worse = false;
  bool lasting = false;
  std::vector<std::pair<const verdict::MetricTrend*, const verdict::Shift*>> shifts;
};
std::vector<ShiftGroup> shifts_newest_first(const verdict::SeriesTrend& series);

std::string state_text(const ShiftGroup& group);    // "worse, still there"
std::string figures_text(const ShiftGroup& group);  // "latency p95 10.1 ms -> 12.3 ms (+21.8 %), throughput ..."
// Which commits lie between: "commits a1b2c3d4e5..f6a7b8c9d0", or what is known instead of them.
std::string range_text(const verdict::SeriesTrend& series, const ShiftGroup& group);

// "chat: latency p95 +12.0 % (10.1 ms -> 11.3 ms)": figures that are not where the anchor was, worst first.
std::vector<std::string> drift_texts(const verdict::SeriesTrend& series);

// "1 degrading, 2 improving, 4 stable".
std::string tally_text(const verdict::Trend& trend);
// What the words mean, in a sentence.
std::string_view trend_legend();

}  // namespace burstgate::report
