// The charts of the HTML report: which data of a report is drawn, and how it is named.
#pragma once

#include <string>
#include <vector>

#include "report/element.hpp"
#include "report/report.hpp"

namespace burstgate::report {

struct Figure {
  std::string title;  // "Latency over time"
  Markup drawing;     // SVG
};

// Latency by percentile, its distribution, and latency, throughput and errors over time, of both sides as far as they
// are known. Empty for results that have only summary numbers.
std::vector<Figure> figures(const Report& report);

// The change of a check and its interval against the limit, as a strip; strips of all checks have the same geometry,
// which is that of report/picture. Empty where there is no change or no limit.
Markup interval_strip(const verdict::Check& check);

}  // namespace burstgate::report
