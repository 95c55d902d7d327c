// Waivers of the command line: applied before the verdict, said in every report after it.
#pragma once

#include "cli/arguments.hpp"
#include "config/waivers.hpp"
#include "report/report.hpp"

namespace burstgate::cli {

// The thresholds with the waivers of --waivers, as of today (UTC); without the flag as they are. Error
// (Trouble::usage).
config::Waived waived_thresholds(const Arguments& arguments, config::Thresholds thresholds);

// Puts what is waived, and which waiver did nothing, before the verdict's other notes.
void add_waiver_notes(const config::Waived& waived, report::Report& report);

}  // namespace burstgate::cli
