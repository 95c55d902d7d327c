// How long something has been going on: runs in a row with certain outcomes.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "measure/run_summary.hpp"

namespace burstgate::baseline {

// How many of the newest runs in a row had one of the outcomes. Runs that were not judged, and those that somebody
// interrupted, neither count nor end the row. `runs`: oldest first.
std::size_t streak(const std::vector<measure::RunSummary>& runs, const std::vector<std::string>& outcomes);

}  // namespace burstgate::baseline
