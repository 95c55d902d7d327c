// Charts in Mermaid's language, which GitHub and GitLab draw inside Markdown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace burstgate::report {

struct ChartRow {
  std::size_t number = 0;  // from 1, in the table that stands above
  std::string label;       // outside text; one that is long or not made of plain characters is shown as "row 3"
  double baseline = 0;
  double now = 0;
};

// A fenced xychart of the first rows, bars for now and a line for the baseline. Empty when fewer than two rows have
// finite values above zero. `title` and `unit` are ours: letters, digits, blanks, ",:()" only.
std::string mermaid_chart(std::string_view title, std::string_view unit, const std::vector<ChartRow>& rows);

}  // namespace burstgate::report
