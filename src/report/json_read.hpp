// A saved result as a report again.
#pragma once

#include <string>

#include "measure/result_json.hpp"
#include "report/report.hpp"

namespace burstgate::report {

// What render_json() wrote: the candidate, the verdict (if it was judged), and of a paired comparison the rounds and
// the baseline. Not in the file, and empty: the runs of a stored baseline, the command, the path. Of an interval with
// one end the other one is infinite. Error (Trouble::usage) with file and JSON path for whatever does not fit.
Report report_from_json(const measure::Json& json, const std::string& source);

}  // namespace burstgate::report
