// Rules about the course of a run that the profile's course of load can never decide.
#pragma once

#include "config/mistakes.hpp"
#include "config/plan.hpp"
#include "config/thresholds.hpp"

namespace burstgate::config {

// recovery_time without a recovery, or with a limit beyond what is measured of it; sustained_throughput and
// latency_drift without a plateau; each of them, and peak_throughput, in a paired comparison.
void check_course_rules(const RuleSet& rules, const Plan& plan, Mistakes& mistakes);

}  // namespace burstgate::config
