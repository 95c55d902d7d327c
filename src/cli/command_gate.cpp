// The main job: read the plan, open the reports, burst, compare with the baseline, judge, write, exit.
#include <fmt/format.h>

#include <chrono>

#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/anchors.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/paired_session.hpp"
#include "cli/plan_text.hpp"
#include "cli/session.hpp"
#include "cli/tool_limits.hpp"
#include "cli/waivers.hpp"

namespace burstgate::cli {

namespace {

const CommandHelp help = {
    .name = "gate",
    .usage = "burstgate gate [URL] [flags]",
    .about =
        "Bursts load at a service, compares it with the baseline, applies the limits, and exits non-zero when\n"
        "the service got worse. Starts the service when the YAML file says how; otherwise it must be running.\n"
        "Without a baseline only absolute limits are judged, and the report says so.",
    .example =
        "  burstgate gate http://127.0.0.1:8080/\n"
        "  burstgate gate http://127.0.0.1:8080/ --baseline perf/baseline.json --junit report.xml\n"
        "  burstgate gate --config burstgate.yaml --profile pr --markdown summary.md",
    .takes_load = true,
    .takes_times = true,
    .takes_baseline = true,
    .takes_budget = true,
    .takes_thresholds = true,
    .takes_reports = true,
    .takes_ci = true,
    .takes_dry_run = true,
    .alerts = true,
};

verdict::BaselineSide baseline_side(const config::Plan& plan) {
  if (!plan.baseline_file) return {};
  if (file_exists(*plan.baseline_file)) return read_baseline_side(*plan.baseline_file);
  return {.configured = true, .runs = {}};
}

// A gate that could only ever pass is a mistake, found before anything is sent.
void refuse_nothing_to_judge(const config::Settings& settings) {
  bool has_limit = !settings.thresholds.total.limits.empty();
  for (const auto& [endpoint, rules] : settings.thresholds.endpoints) has_limit |= !rules.limits.empty();
  if (has_limit || settings.plan.baseline_file || settings.plan.paired) return;
  throw Error(Trouble::usage, {.code = "E-008",
                               .where = settings.thresholds.source,
                               .what = "only limits against a baseline, and no baseline is configured",
                               .hint = "give --baseline FILE (burstgate record makes it), or an absolute limit"});
}

// The command that makes a run like this one the baseline.
std::string accepting_command(const Arguments& arguments, const config::Settings& settings) {
  if (settings.plan.baseline_file) return command_line("record --replace", arguments, settings);
  return command_line("record", arguments, settings) + " --baseline perf/baseline.json";
}

report::Report compared_with_stored(const verdict::BaselineSide& baseline, const Arguments& arguments,
                                    config::Settings& settings) {
  report::Report report;
  report.candidate = measure_service(arguments, settings);
  // From here on nothing touches the network.
  if (!baseline.runs.empty()) {
    for (std::string& note : fit_limits_to_tool(settings, baseline.runs, report.candidate)) {
      report.candidate.notes.push_back(std::move(note));
    }
  }
  report.verdict = verdict::judge(baseline, report.candidate, settings.thresholds);
  report.baseline = baseline.runs;
  report.baseline_file = settings.plan.baseline_file.value_or("");
  report.accept = accepting_command(arguments, settings);
  return report;
}

report::Report compared_side_by_side(const Arguments& arguments, const config::Settings& settings) {
  PairedResult result = compare_side_by_side(settings, arguments.quiet);
  add_circumstances(result.baseline, settings);
  add_circumstances(result.candidate, settings);
  report::Report report;
  report.candidate = std::move(result.candidate);
  report.baseline = {std::move(result.baseline)};
  report.paired = std::move(result.run);
  report.verdict = std::move(result.verdict);
  return report;
}

}  // namespace

const CommandHelp& help_of_gate() {
  return help;
}

int run_gate(const Words& words) {
  const auto began = std::chrono::steady_clock::now();
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;

  config::Settings settings = settings_to_send(arguments);
  const config::Waived waived = waived_thresholds(arguments, settings.thresholds, settings.waivers);
  settings.thresholds = waived.thresholds;
  refuse_nothing_to_judge(settings);
  if (arguments.dry_run) return fmt::print("{}", plan_text(settings)), exit_pass;
  const verdict::BaselineSide baseline = baseline_side(settings.plan);
  Outputs outputs = open_outputs(arguments, settings);

  report::Report report = settings.plan.paired ? compared_side_by_side(arguments, settings)
                                               : compared_with_stored(baseline, arguments, settings);
  add_waiver_notes(waived, report);
  report.thresholds_source = settings.thresholds.source;
  report.command = "gate";
  report.reproduce = command_line("gate", arguments, settings);
  report.total_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  const int code = exit_code(*report.verdict, signal_received().load(), arguments.on_inconclusive);
  return publish(arguments, outputs, std::move(report), code);
}

}  // namespace burstgate::cli
