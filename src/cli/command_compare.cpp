// Judge two saved results: no network, the same judge.
#include <fmt/format.h>

#include <chrono>

#include "base/error.hpp"
#include "cli/anchors.hpp"
#include "cli/commands.hpp"
#include "cli/import_limits.hpp"
#include "cli/saved.hpp"
#include "cli/session.hpp"
#include "cli/waivers.hpp"

namespace burstgate::cli {

namespace {

const CommandHelp help = {
    .name = "compare",
    .usage = "burstgate compare BASE CANDIDATE [flags]",
    .about =
        "Judges a saved result against a baseline file, another result, or a flat summary JSON. Of a candidate file\n"
        "with several runs the last one is judged. Both may be results of k6, Locust, JMeter, wrk and other tools\n"
        "(burstgate import --help): they are read as they are.",
    .example =
        "  burstgate compare perf/baseline.json performance/results/burst_20260101_120000.json\n"
        "  burstgate compare old-summary.json new-summary.json",
    .takes_thresholds = true,
    .takes_reports = true,
    .takes_ci = true,
    .own_flags = {{"--different-tools", "", "compare although the tools, or their definitions of latency, differ"},
                  {"--value-unit", "ns|us|ms|s", "unit of the values in an HdrHistogram log, which does not tell it"}},
};

// The built-in limits are fitted to what imported files have; limits of the user's own are taken as they are.
config::Thresholds thresholds_of(const Arguments& arguments, const std::vector<measure::Measurement>& recorded,
                                 measure::Measurement& candidate) {
  if (arguments.thresholds_file) return config::read_thresholds(*arguments.thresholds_file, environment_variable);
  if (!is_imported(candidate)) return config::default_thresholds();
  FittedLimits fitted = fitted_limits(config::default_thresholds(), recorded, candidate);
  candidate.notes.insert(candidate.notes.end(), fitted.notes.begin(), fitted.notes.end());
  return std::move(fitted.thresholds);
}

// As they were given, for the same command again.
std::string own_flags(const Arguments& arguments) {
  std::string flags = arguments.different_tools ? " --different-tools" : "";
  if (arguments.value_unit) flags += " --value-unit " + *arguments.value_unit;
  return flags;
}

}  // namespace

const CommandHelp& help_of_compare() {
  return help;
}

int run_compare(const Words& words) {
  const auto began = std::chrono::steady_clock::now();
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;
  if (arguments.positional.size() != 2) {
    throw Error(Trouble::usage, {.code = "E-005",
                                 .where = "",
                                 .what = fmt::format("{} files given", arguments.positional.size()),
                                 .hint = "burstgate compare BASE CANDIDATE"});
  }
  const std::string& base = arguments.positional[0];
  const auto unit = value_unit_us(arguments.value_unit);
  verdict::BaselineSide baseline = read_baseline_side(base, unit);
  measure::Measurement candidate = read_saved(arguments.positional[1], unit).back();
  settle_tool_differences(baseline.runs, candidate,
                          arguments.different_tools ? DifferentTools::ignored : DifferentTools::apart);
  const config::Waived waived = waived_thresholds(arguments, thresholds_of(arguments, baseline.runs, candidate));
  const config::Thresholds& thresholds = waived.thresholds;
  Outputs outputs = open_outputs(arguments, arguments.positional);

  const verdict::Verdict verdict = verdict::judge(baseline, candidate, thresholds);

  report::Report report;
  report.verdict = verdict;
  report.candidate = candidate;
  report.baseline = baseline.runs;
  report.baseline_file = base;
  report.thresholds_source = thresholds.source;
  report.command = "compare";
  report.reproduce = fmt::format("burstgate compare {} {}{}", base, arguments.positional[1], own_flags(arguments));
  add_waiver_notes(waived, report);
  report.total_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return publish(arguments, outputs, std::move(report), exit_code(verdict, 0, arguments.on_inconclusive));
}

}  // namespace burstgate::cli
