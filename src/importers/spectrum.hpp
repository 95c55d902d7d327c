// HdrHistogram's percentile spectrum as text: rows of value, percentile as a ratio, count, 1/(1-percentile).
#pragma once

#include <map>

#include "base/metric.hpp"
#include "importers/text_report.hpp"

namespace burstgate::importers {

// Puts the values of exactly those percentiles that are metrics; between two rows nothing is made up. The row of
// percentile 1 is the maximum. Of two spectra in one text the first counts; what `point` has already stays.
void put_spectrum(const TextReport& report, double us_per_unit, std::map<Metric, double>& point);

}  // namespace burstgate::importers
