// What a CI system is told besides the reports: annotations in its log, and the summary of a step.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "cli/ci_system.hpp"
#include "report/report.hpp"

namespace burstgate::cli {

inline constexpr std::size_t most_summary_bytes = 1u << 20;  // of a step, everybody's together

// `ci`: nothing means whichever the environment shows. Annotations go to stderr, the summary is appended to the file
// that GITHUB_STEP_SUMMARY names. `markdown_file`: the Markdown report that was written, or "". Returns false, and says
// why on stderr, when the summary could not be written.
bool tell_ci(std::optional<CiSystem> ci, const report::Report& report, const std::string& markdown_file);

// Appends the summary, or the shorter comment where only that fits below most_summary_bytes, or nothing with a warning
// on stderr where neither does. Error (Trouble::output).
void append_step_summary(const std::string& path, const report::Report& report);

}  // namespace burstgate::cli
