// A service compared with itself: what selftest and calibrate ask of a paired comparison.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cli/arguments.hpp"
#include "cli/paired_session.hpp"
#include "config/read.hpp"

namespace burstgate::cli {

// The budget of a paired comparison as a flag gives it; Error (Trouble::usage) when it is none, or out of range.
std::chrono::microseconds budget_of(const std::string& flag, const std::string& text);

// The same plan as a paired comparison whose baseline is the service itself, with what the YAML file says about paired
// comparisons (budget, rate, relaunch). Error (Trouble::usage) when two copies of the service would want the same port.
config::Settings against_itself(config::Settings settings);
// The settings of the command line like that. `budget`: in place of the plan's; nothing: that stays.
config::Settings settings_against_itself(const Arguments& arguments,
                                         const std::optional<std::chrono::microseconds>& budget);

// The service did not start, died or answered nothing right, on whichever side: it is the same on both.
bool service_failed(const PairedResult& result);

}  // namespace burstgate::cli
