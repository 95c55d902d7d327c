// Waivers of the command line, or else of the file: applied before the verdict, said in every report after it.
#pragma once

#include "cli/arguments.hpp"
#include "config/waivers.hpp"
#include "report/report.hpp"

namespace burstgate::cli {

// The thresholds with the waivers of --waivers, or else with those `written` in burstgate.yaml, as of today (UTC).
// Error (Trouble::usage).
config::Waived waived_thresholds(const Arguments& arguments, config::Thresholds thresholds,
                                 const std::vector<config::Waiver>& written = {});

// Puts what is waived, and which waiver did nothing, before the verdict's other notes.
void add_waiver_notes(const config::Waived& waived, report::Report& report);

}  // namespace burstgate::cli
