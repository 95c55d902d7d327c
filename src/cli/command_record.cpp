// Burst and append the run to a baseline file. A run that is no measurement is refused.
#include <fmt/format.h>

#include <chrono>

#include "base/error.hpp"
#include "base/file.hpp"
#include "baseline/baseline.hpp"
#include "cli/acceptance.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/plan_text.hpp"
#include "cli/saved.hpp"
#include "cli/session.hpp"
#include "cli/tool_limits.hpp"
#include "cli/waivers.hpp"
#include "measure/merge.hpp"
#include "verdict/comparability.hpp"
#include "verdict/estimate.hpp"
#include "verdict/outlier.hpp"

namespace burstgate::cli {

namespace {

const CommandHelp help = {
    .name = "record",
    .usage = "burstgate record [URL] --baseline FILE [flags]",
    .about =
        "Bursts load at a service and appends the run to the baseline file (made if it is missing). Five recorded\n"
        "runs on the machine that gates let the verdict see how much runs differ there; fewer work, with wider\n"
        "intervals. Refused when the run was no measurement: nothing succeeded, the generator was the limit, ...; and\n"
        "(exit 3) when it is an outlier among five or more comparable runs: --accept \"reason\" takes it all the same.",
    .example =
        "  burstgate record http://127.0.0.1:8080/ --baseline perf/baseline.json\n"
        "  for i in 1 2 3 4 5; do burstgate record --config burstgate.yaml; done",
    .takes_load = true,
    .takes_times = true,
    .records = true,
    .takes_thresholds = true,
    .takes_reports = true,
    .takes_ci = true,
    .takes_replace = true,
    .takes_dry_run = true,
    .alerts = true,
    .own_flags = {accept_flag()},
};

std::string baseline_path(const config::Settings& settings) {
  if (settings.plan.baseline_file) return *settings.plan.baseline_file;
  throw Error(Trouble::usage, {.code = "E-004",
                               .where = "",
                               .what = "no baseline file to record into",
                               .hint = "give --baseline perf/baseline.json, or baseline.file in the YAML file"});
}

// How many runs a gate like this one would compare with here: its own machine class, and this workload.
std::string comparable_text(const std::string& path, const measure::Measurement& measured) {
  const std::vector<measure::Measurement> recorded = baseline::read_baseline(path);
  const std::size_t usable = verdict::comparable_runs(recorded, measured).runs.size();
  return fmt::format("{} of {} runs on this machine class with this workload{}", usable, recorded.size(),
                     usable < verdict::min_runs_for_spread
                         ? fmt::format("; from {} on their own spread is used", verdict::min_runs_for_spread)
                         : "");
}

// Why the run is unlike those in the file; nothing when it is not, or when there is nothing to be unlike.
std::optional<std::string> oddness(const std::string& path, const measure::Measurement& measured, bool replace) {
  if (replace || !file_exists(path)) return std::nullopt;
  return verdict::outlier_reason(baseline::read_baseline(path), measured);
}

// Appends the runs unless one of them is odd, and says so in the report's notes; returns the exit code.
int take(const std::string& path, const std::vector<measure::Measurement>& runs, bool replace,
         const std::string& accepted, report::Report& report) {
  std::vector<std::string>& notes = report.candidate.notes;
  std::vector<std::optional<std::string>> oddities;
  for (const measure::Measurement& run : runs) {
    const auto& odd = oddities.emplace_back(oddness(path, run, replace));
    if (!odd || !accepted.empty()) continue;
    notes.push_back(fmt::format("not recorded, it is an outlier: {}; {} is unchanged", *odd, path));
    print_error(
        Error(Trouble::inconclusive, {.code = "E-047",
                                      .where = path,
                                      .what = "not recorded, the run is an outlier: " + *odd,
                                      .hint = "look for what was different; if it is meant: --accept \"reason\""}));
    return exit_inconclusive;
  }
  std::size_t number = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    baseline::StoredRun stored{runs[i], std::nullopt};
    if (oddities[i]) stored.promotion = accepted_promotion(report, report.result_file, accepted);
    number = baseline::append_run(path, stored, {.replace = replace && i == 0});
    if (oddities[i]) notes.push_back(fmt::format("accepted although it is an outlier: {}: {}", *oddities[i], accepted));
  }
  const std::string several = runs.size() == 1 ? "" : fmt::format("s {} to", number - runs.size() + 1);
  notes.push_back(fmt::format("recorded as run{} {} of {}", several, number, path));
  notes.push_back(comparable_text(path, report.candidate));
  return exit_pass;
}

}  // namespace

const CommandHelp& help_of_record() {
  return help;
}

int run_record(const Words& words) {
  const auto began = std::chrono::steady_clock::now();
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;

  config::Settings settings = settings_to_send(arguments);
  const config::Waived waived = waived_thresholds(arguments, settings.thresholds, settings.waivers);
  settings.thresholds = waived.thresholds;
  const std::string path = baseline_path(settings);
  const std::string accepted = reason_to_accept(arguments);
  if (arguments.dry_run) return fmt::print("{}", plan_text(settings)), exit_pass;
  if (!arguments.replace && file_exists(path)) read_saved(path);  // a broken file is found before the burst
  Outputs outputs = open_outputs(arguments, settings);

  const std::vector<measure::Measurement> runs = measure_runs(arguments, settings);
  const measure::Measurement measured = measure::as_one(runs);
  // From here on nothing touches the network.
  fit_limits_to_tool(settings, {measured}, measured);
  const verdict::Verdict verdict = verdict::judge_alone(measured, settings.thresholds);
  int code = exit_code(verdict, signal_received().load(), OnInconclusive::fail);

  report::Report report;
  report.verdict = verdict;
  report.candidate = measured;
  report.result_file = outputs.result_path;
  report.baseline_file = path;
  report.thresholds_source = settings.thresholds.source;
  add_waiver_notes(waived, report);
  report.command = "record";
  report.reproduce = command_line("record", arguments, settings);
  // A broken absolute limit does not make the measurement wrong: today's service is what later ones are compared with.
  const bool is_measurement = code == exit_pass || code == exit_fail;
  if (is_measurement) {
    try {
      code = more_important(code, take(path, runs, arguments.replace, accepted, report));
    } catch (const Error& error) {
      print_error(error);
      code = more_important(code, exit_code(error.trouble()));
    }
  } else {
    report.candidate.notes.push_back(fmt::format("not recorded: {} is unchanged", path));
  }
  report.total_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return publish(arguments, outputs, std::move(report), code);
}

}  // namespace burstgate::cli
