#include "cli/commands.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/exit_code.hpp"
#include "cli/interrupt.hpp"
#include "cli/messages.hpp"

namespace burstgate::cli {

const std::vector<Command>& commands() {
  static const std::vector<Command> table = {
      {"init", "look at a repository and write its first configuration, limits and workflow", run_init, help_of_init},
      {"gate", "burst, compare with the baseline, judge, report; exits 1 on a regression", run_gate, help_of_gate},
      {"run", "burst and report; absolute limits only", run_run, help_of_run},
      {"record", "burst and append the run to a baseline file", run_record, help_of_record},
      {"compare", "judge two saved results, no network", run_compare, help_of_compare},
      {"explain", "the settings and where each comes from; or how a saved result was judged", run_explain,
       help_of_explain},
      {"report", "a saved result in other formats", run_report, help_of_report},
      {"trend", "many results: where each figure went, and between which commits it changed", run_trend, help_of_trend},
      {"promote", "make a saved run part of the baseline", run_promote, help_of_promote},
      {"baseline", "show, diff, prune or verify a baseline file", run_baseline, help_of_baseline},
      {"selftest", "prove here that an unchanged service passes and a worse one fails", run_selftest, help_of_selftest},
      {"calibrate", "what can be seen on this machine, and limits that fit it", run_calibrate, help_of_calibrate},
      {"validate", "check configuration, thresholds and baseline files, send nothing", run_validate, help_of_validate},
      {"serve", "the built-in service: known service times, slowdowns, errors", run_serve, help_of_serve},
      {"demo", "the whole story on the built-in service, in half a minute", run_demo, help_of_demo},
      {"completions", "a script that completes commands and flags in bash, zsh or fish", run_completions,
       help_of_completions},
      {"help", "this text, or that of a command", run_help, help_of_help},
  };
  return table;
}

std::string overview() {
  std::string text =
      "burstgate: a performance-regression gate for CI\n\n"
      "Runs a short load burst against a service, compares it with a baseline, and exits non-zero\n"
      "when the change made things worse.\n\n"
      "Usage: burstgate COMMAND [flags]\n\nCommands:\n";
  for (const Command& command : commands()) text += fmt::format("  {:<11} {}\n", command.name, command.summary);
  text +=
      "\nFirst steps:\n"
      "  burstgate demo                                    see it work\n"
      "  burstgate init                                    write burstgate.yaml for this repository\n"
      "  burstgate record http://127.0.0.1:8080/ --baseline perf/baseline.json\n"
      "  burstgate gate http://127.0.0.1:8080/ --baseline perf/baseline.json\n\n"
      "Exit codes: 0 pass, 1 regression, 2 bad usage, 3 inconclusive, 4 the service failed,\n"
      "5 a report could not be written, 70 a bug, 130/143 interrupted.\n\n"
      "`burstgate COMMAND --help` explains a command.\n";
  return text;
}

namespace {

// Descriptors 0 to 2 must exist, or a socket could become "stdout".
void ensure_standard_streams() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) == -1) open("/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY);
  }
}

int unknown_command(const std::string& word) {
  std::vector<std::string> names;
  for (const Command& command : commands()) names.emplace_back(command.name);
  const std::string hint = did_you_mean(word, names);
  throw Error(Trouble::usage, {.code = "E-002",
                               .where = "",
                               .what = fmt::format("unknown command '{}'", word),
                               .hint = hint.empty() ? "see burstgate --help" : hint});
}

int run_command(const std::vector<std::string>& arguments) {
  const std::string& word = arguments.front();
  if (word == "--help" || word == "-h") {
    fmt::print("{}", overview());
    return exit_pass;
  }
  if (word == "--version") {
    fmt::print("burstgate " BURSTGATE_VERSION "\n");
    return exit_pass;
  }
  for (const Command& command : commands()) {
    if (command.name == word) return command.run({arguments.begin() + 1, arguments.end()});
  }
  return unknown_command(word);
}

}  // namespace

int dispatch(const std::vector<std::string>& arguments) {
  ensure_standard_streams();
  watch_signals();
  if (arguments.empty()) {
    print_stderr("{}", overview());
    return exit_usage;
  }
  try {
    return run_command(arguments);
  } catch (const Error& error) {
    const int signal = signal_received().load();
    const int code = signal != 0 ? 128 + signal : exit_code(error.trouble());
    print_error(error);
    print_stderr("exit {}: {}\n", code, exit_meaning(code));
    return code;
  }
}

}  // namespace burstgate::cli
