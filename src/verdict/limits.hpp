// Absolute limits, judged on the whole run's value.
#pragma once

#include <string>
#include <vector>

#include "config/thresholds.hpp"
#include "measure/paired.hpp"
#include "verdict/comparability.hpp"

namespace burstgate::verdict {

// `paired`: the rounds, where both builds ran side by side; absolute throughput is that of their throughput phase.
// A limit that the comparable runs (their median) break as well is marked, and named in `notes`.
std::vector<Check> limit_checks(const Comparable& baseline, const measure::Measurement& candidate,
                                const config::Thresholds& thresholds, std::vector<std::string>& notes,
                                const measure::PairedRun* paired = nullptr);

}  // namespace burstgate::verdict
