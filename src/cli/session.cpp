#include "cli/session.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"
#include "base/text.hpp"
#include "baseline/baseline.hpp"
#include "cli/ci_output.hpp"
#include "cli/course_figures.hpp"
#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/progress.hpp"
#include "cli/reference_probe.hpp"
#include "cli/service_command.hpp"
#include "cli/tool_run.hpp"
#include "config/tls_reader.hpp"
#include "config/units.hpp"
#include "config/websocket_text.hpp"
#include "load/burst.hpp"
#include "load/tls_settings.hpp"
#include "measure/merge.hpp"
#include "protocol/url.hpp"
#include "report/screen.hpp"
#include "target/service_process.hpp"

namespace burstgate::cli {

namespace {

constexpr const char* default_config = "burstgate.yaml";
constexpr const char* results_folder = "performance/results";

// What came from the environment is secret, and so are the headers that the reader shows as ***.
void hide_secrets_of(const config::Plan& plan) {
  hide_from_messages(plan.service.tls.key_passphrase.text);
  const auto hide = [](const std::vector<config::Header>& headers) {
    for (const auto& header : headers) {
      if (header.value.shown == header.value.text) continue;
      hide_from_messages(header.value.text);
      hide_from_messages(header.value.text.substr(header.value.text.rfind(' ') + 1));  // "Bearer TOKEN"
    }
  };
  for (const config::Step* step : config::every_step(plan)) hide(step->headers);
  for (const auto& scenario : plan.scenarios) {
    if (scenario.websocket) hide(scenario.websocket->headers);
  }
}

std::optional<std::string> secret_variable(const std::string& name) {
  auto value = environment_variable(name);
  if (value) hide_from_messages(*value);
  return value;
}

}  // namespace

config::Settings settings_of(const Arguments& arguments) {
  std::optional<std::string> file = arguments.config_file;
  if (!file && std::filesystem::exists(default_config)) file = default_config;
  std::vector<config::Override> overrides = arguments.overrides;
  if (arguments.positional.size() > 1) {
    throw Error(
        Trouble::usage,
        {.code = "E-003", .where = arguments.positional[1], .what = "one URL at most", .hint = "flags come with --"});
  }
  if (!arguments.positional.empty())
    overrides.push_back({"url", arguments.positional.front(), "the URL on the command line"});
  config::Settings settings = config::read_settings(file, overrides, secret_variable);
  hide_secrets_of(settings.plan);
  check_receivers(settings);
  protocol::parse_url(with_port(settings.plan.service.url, "80"), settings.plan.service.place.text());
  return settings;
}

config::Settings settings_to_send(const Arguments& arguments) {
  config::Settings settings = settings_of(arguments);
  const config::Service& service = settings.plan.service;
  load::tls_context(service, protocol::parse_url(with_port(service.url, "80"), service.place.text()));
  for (const std::string& warning : config::transport_warnings(settings.plan)) print_stderr("{}\n", warning);
  return settings;
}

Outputs open_outputs(const Arguments& arguments, const std::vector<std::string>& read) {
  std::vector<std::string> written;
  if (arguments.output_file) written.push_back(*arguments.output_file);
  for (const auto& [format, path] : arguments.reports) written.push_back(path);
  check_distinct(written, read);
  Outputs outputs;
  for (const auto& [format, path] : arguments.reports) outputs.reports.emplace_back(format, OutputFile(path));
  if (arguments.output_file) {
    outputs.result_path = *arguments.output_file;
    outputs.result.emplace(outputs.result_path);
  }
  outputs.receivers = receivers_of(arguments);
  return outputs;
}

Outputs open_outputs(const Arguments& arguments, const config::Settings& settings) {
  std::vector<std::string> read;
  if (!settings.config_file.empty()) read.push_back(settings.config_file);
  if (settings.plan.baseline_file) read.push_back(*settings.plan.baseline_file);
  if (arguments.thresholds_file) read.push_back(*arguments.thresholds_file);
  const Receivers receivers = receivers_of(arguments, settings);
  Outputs outputs = open_outputs(arguments, read);
  outputs.receivers = receivers;
  if (outputs.result) return outputs;
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  outputs.result_path = baseline::result_file_name(results_folder, settings.plan.operation, now);
  try {
    outputs.result.emplace(outputs.result_path);
  } catch (const Error& error) {
    // Nobody asked for this file by name: a read-only checkout can still be gated.
    print_stderr("warning: the result is not stored\n");
    print_error(error);
    outputs.result_path.clear();
  }
  return outputs;
}

namespace {

using Runs = std::vector<measure::Measurement>;

// The plan's tool so many times, until one is cut short.
Runs runs_of_tool(const config::Plan& plan, const std::string& url, ProgressLine& progress,
                  target::ServiceProcess* service) {
  if (service == nullptr) check_service_is_there(url);
  const auto alive = [service] { return service == nullptr || service->alive(); };
  Runs runs;
  for (int i = 1; i <= plan.exec->times && (runs.empty() || !runs.back().partial); ++i) {
    progress.say(fmt::format("run {} of {}: {}", i, plan.exec->times, plan.exec->shown()));
    runs.push_back(run_tool_once(plan, url, alive));
  }
  return runs;
}

measure::Measurement own_burst(const config::Plan& plan, const std::string& url, ProgressLine& progress,
                               target::ServiceProcess* service) {
  load::Control control;
  control.stop_signal = &signal_received();
  control.on_progress = [&](const load::Progress& p) { progress.show(p); };
  if (service != nullptr) control.target_alive = [service] { return service->alive(); };
  measure::Measurement measurement = load::run_burst(plan, url, control);
  progress.end();
  return measurement;
}

Runs burst(const config::Settings& settings, const std::string& url, ProgressLine& progress,
           target::ServiceProcess* service) {
  const config::Plan& plan = settings.plan;
  ReferenceProbe reference(plan.seed, signal_received());
  reference.measure_half();
  Runs runs = plan.exec ? runs_of_tool(plan, url, progress, service) : Runs{own_burst(plan, url, progress, service)};
  if (!runs.back().partial) reference.measure_half();
  for (measure::Measurement& run : runs) {
    run.reference = reference.result();
    if (!reference.trouble().empty()) run.notes.push_back("no reference probe: " + reference.trouble());
  }
  return runs;
}

Runs start_and_burst(const config::Settings& settings, ProgressLine& progress) {
  const config::Service& service = settings.plan.service;
  if (service.command.empty()) return burst(settings, service.url, progress, nullptr);

  progress.say("starting " + join(service.command, " "));
  const auto interrupted = [] { return signal_received().load() != 0; };
  target::ServiceProcess process = target::ServiceProcess::start(service_command(service), interrupted);
  Runs runs = burst(settings, process.url(), progress, &process);
  if (measure::Measurement& measurement = runs.back(); measurement.target_died) {
    measurement.stop_reason += process.exit_text().empty() ? "" : " (" + process.exit_text() + ")";
    progress.say("the service's last lines:");
    print_log_tail(process.log_tail());
  }
  for (const auto& warning : process.stop()) progress.say("warning: " + warning);
  return runs;
}

// A service that could not be had is a result as well: reports are written, and the verdict says why.
measure::Measurement without_service(const config::Settings& settings, const Error& error) {
  const bool interrupted = signal_received().load() != 0;
  print_error(error);
  const Problem& problem = error.problems().front();
  const std::string& url = settings.plan.service.url;
  const bool has_port = url.find("{port}") == std::string::npos;
  const std::string origin = has_port ? protocol::parse_url(url, "service.url").origin() : url;
  measure::Measurement measurement = load::blank_measurement(settings.plan, origin);
  if (settings.plan.exec) measurement.workload = exec_workload(*settings.plan.exec);
  measurement.partial = true;
  measurement.target_died = !interrupted;
  measurement.tool_failed = !interrupted && dynamic_cast<const target::ToolError*>(&error) != nullptr;
  measurement.stop_reason = interrupted ? "interrupted before the burst" : problem.where + ": " + problem.what;
  return measurement;
}

}  // namespace

namespace {

// How long it will take, as far as that is known.
std::string announcement(const config::Plan& plan) {
  if (plan.exec) {
    return fmt::format("another tool sends the load: {} run{} of at most {}, and {:.1f} s of reference probe",
                       plan.exec->times, plan.exec->times == 1 ? "" : "s", config::to_text(plan.exec->timeout),
                       reference_seconds());
  }
  const double burst_s = load::planned_seconds(plan);
  return fmt::format("{:.1f} s: a burst of {:.1f} s, {:.1f} s of it warm-up, and {:.1f} s of reference probe",
                     burst_s + reference_seconds(), burst_s, load::warmup_seconds(plan), reference_seconds());
}

}  // namespace

std::vector<measure::Measurement> measure_runs(const Arguments& arguments, const config::Settings& settings) {
  ProgressLine progress(arguments.quiet);
  progress.say(announcement(settings.plan));
  Runs runs;
  try {
    runs = start_and_burst(settings, progress);
  } catch (const Error& error) {
    if (error.trouble() != Trouble::target) throw;
    runs = {without_service(settings, error)};
  }
  for (measure::Measurement& run : runs) {
    if (!run.partial && !settings.plan.exec) add_course_figures(run, settings);
    add_circumstances(run, settings);
  }
  return runs;
}

measure::Measurement measure_service(const Arguments& arguments, const config::Settings& settings) {
  return measure::as_one(measure_runs(arguments, settings));
}

void add_circumstances(measure::Measurement& measurement, const config::Settings& settings) {
  const Circumstances known = circumstances(environment_variable);
  measurement.commit = known.commit;
  measurement.branch = known.branch;
  measurement.pull_request = known.pull_request;
  measurement.environment.ci = ci_name(environment_variable);
  for (const auto& note : settings.notes) measurement.notes.push_back(note);
}

bool stdout_in_color(Color color) {
  if (color != Color::automatic) return color == Color::always;
  const auto no_color = environment_variable("NO_COLOR");
  if (no_color && !no_color->empty()) return false;
  return isatty(STDOUT_FILENO) == 1 && environment_variable("TERM").value_or("dumb") != "dumb";
}

bool stdout_in_unicode() {
  for (const char* variable : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto value = environment_variable(variable);
    if (!value || value->empty()) continue;
    return value->find("UTF-8") != std::string::npos || value->find("utf8") != std::string::npos;
  }
  return false;
}

bool commit_output(OutputFile& file, const std::string& content) {
  try {
    file.commit(content);
    return true;
  } catch (const Error& error) {
    print_error(error);
    return false;
  }
}

namespace {

std::string markdown_path(const Outputs& outputs) {
  for (const auto& [format, file] : outputs.reports) {
    if (format == "markdown") return file.path();
  }
  return {};
}

}  // namespace

bool write_reports(const Arguments& arguments, Outputs& outputs, const report::Report& report) {
  bool written = true;
  if (outputs.result) written = commit_output(*outputs.result, report::render_json(report) + "\n");
  for (auto& [format_name, file] : outputs.reports) {
    for (const auto& format : report::formats()) {
      if (format.name != format_name) continue;
      const bool strict = format_name == "junit" && arguments.junit_profile == JunitProfile::strict;
      written = commit_output(file, strict ? report::render_junit_strict(report) : format.render(report)) && written;
    }
  }
  return written;
}

bool print_output(const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (std::fflush(stdout) == 0 && written) return true;
  if (errno == EPIPE) return true;
  print_error(Error(Trouble::output, {.code = "E-011",
                                      .where = "stdout",
                                      .what = fmt::format("write failed: {}", std::strerror(errno)),
                                      .hint = "the report is missing or incomplete"}));
  return false;
}

bool print_report(const Arguments& arguments, const report::Report& report, Extent extent) {
  std::string text;
  if (arguments.json) {
    text = report::render_json(report) + "\n";
  } else if (!arguments.quiet || report.exit_code != 0) {
    const auto render = extent == Extent::screen ? report::render_screen : report::render_console;
    text = render(report, stdout_in_color(arguments.color), stdout_in_unicode());
  }
  return print_output(text);
}

int publish(const Arguments& arguments, Outputs& outputs, report::Report report, int code) {
  report.exit_code = code;
  report.result_file = outputs.result_path;
  bool written = write_reports(arguments, outputs, report);
  // A person at a terminal wants the result on one screen; a log is read later and wants everything.
  const Extent extent = isatty(STDOUT_FILENO) == 1 ? Extent::screen : Extent::whole;
  written = print_report(arguments, report, extent) && written;
  written = tell_ci(arguments.ci, report, markdown_path(outputs)) && written;
  if (!written) code = more_important(code, exit_output);
  tell_receivers(outputs.receivers, report, results_folder, arguments.quiet);
  say_exit(code, arguments.quiet);
  return code;
}

void say_exit(int code, bool quiet) {
  // A person at a terminal has just read it at the end of the report.
  const bool already_read = isatty(STDOUT_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
  if (already_read || (quiet && code == 0)) return;
  print_stderr("exit {}: {}\n", code, exit_meaning(code));
}

namespace {

// One word for a POSIX shell.
std::string shell_word(const std::string& word) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./:=,@%+").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// The URL as it was given, without the values of its query.
std::string shown_url(const config::Plan& plan) {
  const std::string& url = plan.service.url;
  const auto query = url.find('?');
  if (query == std::string::npos) return url;
  const std::string& shown =
      plan.scenarios.front().steps.front().target_shown;  // without a workload the URL is the step
  return url.substr(0, query) + (shown.find('?') == std::string::npos ? "" : shown.substr(shown.find('?')));
}

}  // namespace

std::string command_line(const std::string& command, const Arguments& arguments, const config::Settings& settings) {
  std::string line = "burstgate " + command;
  if (!arguments.positional.empty()) line += " " + shell_word(shown_url(settings.plan));
  if (arguments.config_file) line += " --config " + shell_word(*arguments.config_file);
  for (const auto& override : arguments.overrides) {
    if (override.key != "url") line += fmt::format(" --{} {}", override.key, shell_word(override.value));
  }
  if (arguments.waivers_file) line += " --waivers " + shell_word(*arguments.waivers_file);
  return line;
}

}  // namespace burstgate::cli
