// The built-in limits where another tool sent the load: fitted to what its results have.
#pragma once

#include <string>
#include <vector>

#include "config/read.hpp"
#include "measure/measurement.hpp"

namespace burstgate::cli {

// Does nothing for burstgate's own load, for limits of the user's own, and for a run that was cut short. Returns, for
// the report of a comparison, what is judged in place of what. Error (Trouble::usage) when nothing can be judged.
std::vector<std::string> fit_limits_to_tool(config::Settings& settings,
                                            const std::vector<measure::Measurement>& recorded,
                                            const measure::Measurement& measured);

}  // namespace burstgate::cli
