// One figure over the runs of a series: direction, changes of the level, drift.
#pragma once

#include <string>
#include <vector>

#include "verdict/trend.hpp"

namespace burstgate::verdict {

// `runs` by time; `anchor`: the runs that drift is measured from, may be empty. "" is the whole run.
MetricTrend metric_trend(const std::vector<measure::RunSummary>& runs, const std::vector<measure::RunSummary>& anchor,
                         const std::string& endpoint, Metric metric);

}  // namespace burstgate::verdict
