// Burst and report: no baseline, no verdict beyond absolute limits.
#include <fmt/format.h>

#include <chrono>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/plan_text.hpp"
#include "cli/session.hpp"
#include "cli/tool_limits.hpp"
#include "cli/waivers.hpp"

namespace burstgate::cli {

namespace {

const CommandHelp help = {
    .name = "run",
    .usage = "burstgate run [URL] [flags]",
    .about = "Bursts load at a service and reports what it measured. Absolute limits are judged; nothing is compared.",
    .example =
        "  burstgate run http://127.0.0.1:8080/ --users 50 --duration 30s\n"
        "  burstgate run http://127.0.0.1:8080/ --rate 500/s --json",
    .takes_load = true,
    .takes_times = true,
    .takes_thresholds = true,
    .takes_reports = true,
    .takes_ci = true,
    .takes_dry_run = true,
    .alerts = true,
};

}  // namespace

const CommandHelp& help_of_run() {
  return help;
}

int run_run(const Words& words) {
  const auto began = std::chrono::steady_clock::now();
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;

  config::Settings settings = settings_to_send(arguments);
  const config::Waived waived = waived_thresholds(arguments, settings.thresholds, settings.waivers);
  settings.thresholds = waived.thresholds;
  if (arguments.dry_run) return fmt::print("{}", plan_text(settings)), exit_pass;
  Outputs outputs = open_outputs(arguments, settings);

  const measure::Measurement measured = measure_service(arguments, settings);
  // From here on nothing touches the network.
  fit_limits_to_tool(settings, {measured}, measured);
  const verdict::Verdict verdict = verdict::judge_alone(measured, settings.thresholds);

  report::Report report;
  report.verdict = verdict;
  report.candidate = measured;
  report.thresholds_source = settings.thresholds.source;
  add_waiver_notes(waived, report);
  report.command = "run";
  report.reproduce = command_line("run", arguments, settings);
  report.total_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  const int code = exit_code(verdict, signal_received().load(), arguments.on_inconclusive);
  return publish(arguments, outputs, std::move(report), code);
}

}  // namespace burstgate::cli
