// The judging scale: every metric is turned so that a positive change is worse, and ratios become logarithms.
#pragma once

#include <string>

#include "base/metric.hpp"

namespace burstgate::verdict {

// "Worse by" to the judging scale: ln(1 + t) for latency, -ln(1 - t) for throughput, t itself for shares.
double to_scale(Metric metric, double worse_by);
double from_scale(Metric metric, double scaled);

// "Worse by" as users write it: "+8.1 %" (latency), "-8.1 %" (throughput: 8.1 % less), "+0.12 pp" (shares).
std::string worse_text(Metric metric, double worse_by);

// A share in per cent, three digits: "5 %", "0.11 %".
std::string percent(double share);

// The rule's limit read as "improved by more than the limit": the same distance on the other side of "unchanged".
double mirrored(Metric metric, double worse_by);

}  // namespace burstgate::verdict
