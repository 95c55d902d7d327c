// The chart's text is a program for a parser in the reader's browser, and its labels cannot be escaped in every version
// of it. So nothing but plain characters goes in: https://mermaid.js.org/syntax/xyChart.html
#include "report/mermaid.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/rounded.hpp"

namespace burstgate::report {

namespace {

constexpr std::size_t most_bars = 8;               // more labels would overlap
constexpr std::size_t longest_label = 24;          // of a bar
constexpr double headroom = 1.1;                   // above the tallest bar
constexpr double smallest = 1e-3, largest = 1e12;  // drawn; whatever is beyond needs an exponent

bool is_drawable(const ChartRow& row) {
  const auto fits = [](double value) { return value >= smallest && value <= largest; };
  return fits(row.baseline) && fits(row.now);
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == '/' ||
         c == '.' || c == '-' || c == '_' || c == ':';
}

std::string label_of(const ChartRow& row) {
  const bool plain = std::all_of(row.label.begin(), row.label.end(), is_plain);
  return plain && row.label.size() <= longest_label ? row.label : fmt::format("row {}", row.number);
}

}  // namespace

std::string mermaid_chart(std::string_view title, std::string_view unit, const std::vector<ChartRow>& rows) {
  std::vector<std::string> labels, before, now;
  double top = 0;
  for (const ChartRow& row : rows) {
    if (!is_drawable(row) || labels.size() == most_bars) continue;
    labels.push_back(fmt::format("\"{}\"", label_of(row)));
    before.push_back(rounded_text(row.baseline));
    now.push_back(rounded_text(row.now));
    top = std::max({top, row.baseline, row.now});
  }
  if (labels.size() < 2) return {};
  return fmt::format(
      "```mermaid\nxychart-beta\n  title \"{}\"\n  x-axis [{}]\n  y-axis \"{}\" 0 --> {}\n  bar [{}]\n  line [{}]\n"
      "```\n",
      title, join(labels, ", "), unit, rounded_text(top * headroom), join(now, ", "), join(before, ", "));
}

}  // namespace burstgate::report
