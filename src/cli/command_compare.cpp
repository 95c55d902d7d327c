// Judge two saved results: no network, the same judge.
#include <fmt/format.h>

#include <chrono>

#include "base/error.hpp"
#include "cli/anchors.hpp"
#include "cli/commands.hpp"
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
        "with several runs the last one is judged.",
    .example = "  burstgate compare perf/baseline.json performance/results/burst_20260101_120000.json",
    .takes_thresholds = true,
    .takes_reports = true,
    .takes_ci = true,
};

config::Thresholds thresholds_of(const Arguments& arguments) {
  if (!arguments.thresholds_file) return config::default_thresholds();
  return config::read_thresholds(*arguments.thresholds_file, environment_variable);
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
  const config::Waived waived = waived_thresholds(arguments, thresholds_of(arguments));
  const config::Thresholds& thresholds = waived.thresholds;
  const std::string& base = arguments.positional[0];
  const verdict::BaselineSide baseline = read_baseline_side(base);
  const measure::Measurement candidate = read_saved(arguments.positional[1]).back();
  Outputs outputs = open_outputs(arguments, arguments.positional);

  const verdict::Verdict verdict = verdict::judge(baseline, candidate, thresholds);

  report::Report report;
  report.verdict = verdict;
  report.candidate = candidate;
  report.baseline = baseline.runs;
  report.baseline_file = base;
  report.thresholds_source = thresholds.source;
  report.command = "compare";
  report.reproduce = fmt::format("burstgate compare {} {}", base, arguments.positional[1]);
  add_waiver_notes(waived, report);
  report.total_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return publish(arguments, outputs, std::move(report), exit_code(verdict, 0, arguments.on_inconclusive));
}

}  // namespace burstgate::cli
