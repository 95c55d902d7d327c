// A history as text, Markdown, HTML and JSON. What it says was decided in verdict/trend; here it is only put in order.
#pragma once

#include <string>
#include <vector>

#include "verdict/trend.hpp"

namespace burstgate::report {

struct TrendReport {
  verdict::Trend trend;
  std::string folder;                 // as it was named
  std::vector<std::string> left_out;  // files that were not counted, and why: one line each
  std::vector<std::string> filters;   // "branch main"
};

std::string render_trend_text(const TrendReport& report, bool color, bool unicode);
std::string render_trend_markdown(const TrendReport& report);
std::string render_trend_html(const TrendReport& report);
// {"schema": "burstgate-trend/1", ...}: docs/reports.md has the keys.
std::string render_trend_json(const TrendReport& report);

}  // namespace burstgate::report
