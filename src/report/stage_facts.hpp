// The stages of a profile, each with what was measured in it.
#pragma once

#include <vector>

#include "report/rows.hpp"

namespace burstgate::report {

// One fact per stage; none for a constant load. The p95 is the median of the stage's slices.
std::vector<Fact> stage_facts(const measure::Measurement& run);

}  // namespace burstgate::report
