// Reports: one table {name, render}, each a function from values to text. Nothing is decided here: rows are only put in
// order, worst first.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measure/measurement.hpp"
#include "measure/paired.hpp"
#include "verdict/verdict.hpp"

namespace burstgate::report {

// Everything a report may say. `verdict` is absent for `run` without limits and `record`.
struct Report {
  std::optional<verdict::Verdict> verdict;
  measure::Measurement candidate;
  std::optional<measure::PairedRun> paired;    // the rounds, of a paired comparison
  std::vector<measure::Measurement> baseline;  // the runs that were compared with; may be empty
  std::string baseline_file;                   // "" when none is configured
  std::string thresholds_source;               // file, or "built-in defaults"
  std::string command;                         // "gate", "run", "compare", ...
  std::string reproduce;                       // the command line that does this again locally
  std::string accept;                          // the command line that makes this the new baseline; "" when refused
  std::string result_file;                     // where the result JSON is stored, or ""
  int exit_code = 0;
  double total_seconds = 0;  // wall time of the command so far
};

std::string render_console(const Report& report, bool color, bool unicode);
std::string render_markdown(const Report& report);      // a step summary, below 900 KB
std::string render_comment(const Report& report);       // below 60,000 characters, a hidden marker in the first line
std::string render_junit(const Report& report);         // the common dialect
std::string render_junit_strict(const Report& report);  // for consumers that validate
std::string render_csv(const Report& report);
std::string render_openmetrics(const Report& report);
std::string render_prometheus(const Report& report);  // the same without its last line, which the older format lacks
std::string render_k6_summary(const Report& report);
std::string render_badge(const Report& report);
std::string render_json(const Report& report);  // the result JSON (measure/result_json) with the verdict inside

struct Format {
  std::string_view name;       // "junit"
  std::string_view flag;       // "--junit"
  std::string_view extension;  // "xml"
  std::string (*render)(const Report&);
  std::string_view help;  // of the flag
};
const std::vector<Format>& formats();  // those that are written to files

}  // namespace burstgate::report
