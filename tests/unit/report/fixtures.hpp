// Reports as the commands would make them, for golden files and for the properties that every report must have.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "config/thresholds.hpp"
#include "report/report.hpp"

namespace burstgate::test {

struct ReportCase {
  std::string name;  // of the golden files
  std::function<report::Report()> make;
};
const std::vector<ReportCase>& report_cases();

// The limits of the paired ones among them.
config::Thresholds paired_thresholds();

// The explanation of a judged report, with the looks of a paired comparison.
std::string explanation_of(const report::Report& report, bool color, bool unicode);

// A failing report in which every outside text is `text`; nothing was measured.
report::Report report_of(const std::string& text);
// A failing report with an endpoint of each name, one failing check each.
report::Report report_with_endpoints(const std::vector<std::string>& names);
// A failing report with so many endpoints, one failing check each.
report::Report report_with_endpoints(std::size_t count);

}  // namespace burstgate::test
