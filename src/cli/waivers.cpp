#include "cli/waivers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/utc_time.hpp"

namespace burstgate::cli {

namespace {

std::string today() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return to_iso8601(std::chrono::duration_cast<std::chrono::seconds>(now).count()).substr(0, 10);
}

// Whether the rule's own limit would have done for this run.
bool is_unnecessary(const config::Waiver& waiver, const verdict::Verdict& verdict) {
  return std::all_of(verdict.checks.begin(), verdict.checks.end(), [&](const verdict::Check& check) {
    const bool is_meant = check.place.file == waiver.place.file && check.place.line == waiver.place.line &&
                          check.place.column == waiver.place.column;
    return !is_meant || check.outcome == verdict::Outcome::pass;
  });
}

}  // namespace

config::Waived waived_thresholds(const Arguments& arguments, config::Thresholds thresholds,
                                 const std::vector<config::Waiver>& written) {
  if (!arguments.waivers_file) return config::with_waivers(std::move(thresholds), written, today());
  return config::with_waivers(std::move(thresholds), config::read_waivers(*arguments.waivers_file), today());
}

void add_waiver_notes(const config::Waived& waived, report::Report& report) {
  std::vector<std::string> notes;
  for (const config::Waiver& waiver : waived.in_force) {
    const bool needless = report.verdict && is_unnecessary(waiver, *report.verdict);
    notes.push_back(config::text_of(waiver) + (needless ? "; this run did not need it" : ""));
  }
  for (const std::string& warning : waived.warnings) notes.push_back("WARNING: " + warning);
  auto& all = report.verdict ? report.verdict->notes : report.candidate.notes;
  all.insert(all.begin(), notes.begin(), notes.end());
}

}  // namespace burstgate::cli
