// What gate, run and record share: settings in, a measured burst out, and the writing of what came of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/outputs.hpp"
#include "cli/receivers.hpp"
#include "config/read.hpp"
#include "measure/measurement.hpp"
#include "report/report.hpp"
#include "verdict/judge.hpp"

namespace burstgate::cli {

// The settings that flags, environment and YAML make together; checks the URL too. Nothing is sent.
config::Settings settings_of(const Arguments& arguments);
// The same for a command that will send something: certificates and keys are looked at, too.
config::Settings settings_to_send(const Arguments& arguments);

// Every file that will be written, opened before the burst.
struct Outputs {
  std::vector<std::pair<std::string, OutputFile>> reports;  // by format name
  std::optional<OutputFile> result;  // the result JSON; absent when the results folder cannot be written
  std::string result_path;
  Receivers receivers;  // and who is told afterwards
};
// Those that flags name, and the Pushgateway of a flag. Error (Trouble::usage) when one cannot be written, two are the
// same, or one is among `read`.
Outputs open_outputs(const Arguments& arguments, const std::vector<std::string>& read);
// And the result in performance/results/ where no flag names another place, and the receivers of the settings.
Outputs open_outputs(const Arguments& arguments, const config::Settings& settings);

// Starts the service or reaches it, runs the burst, stops the service. A service that could not be started or reached
// leaves a measurement without requests whose stop_reason says why.
measure::Measurement measure_service(const Arguments& arguments, const config::Settings& settings);
// The same as its single runs, of which another tool's workload may have several.
std::vector<measure::Measurement> measure_runs(const Arguments& arguments, const config::Settings& settings);

// Commit, branch, pull request, CI system and the notes of the settings, for a measurement that was made otherwise.
void add_circumstances(measure::Measurement& measurement, const config::Settings& settings);

// Puts a file under its name, or text on stdout. Returns false, and says why on stderr, when that was not possible.
bool commit_output(OutputFile& file, const std::string& content);
bool print_output(const std::string& text);

// Writes all files. Returns false, and says why on stderr, when one could not be written; the others are there.
bool write_reports(const Arguments& arguments, Outputs& outputs, const report::Report& report);

// The report on stdout, as text or JSON. Returns false, and says why on stderr, when stdout did not take it; a reader
// who has gone away, as `| head` does, has what it wanted.
enum class Extent { screen, whole };
bool print_report(const Arguments& arguments, const report::Report& report, Extent extent);

// Writes all files, prints the report to stdout, tells the CI system and the receivers, and returns the exit code:
// `code`, or 5 when that was 0 and a file could not be written.
int publish(const Arguments& arguments, Outputs& outputs, report::Report report, int code);

// Whether text on stdout may have colour, and characters beyond ASCII.
bool stdout_in_color(Color color);
bool stdout_in_unicode();

// "exit 1: regression or limit broken", the last line on stderr where the report is not on the same terminal.
void say_exit(int code, bool quiet);

// The same command line again, for the report.
std::string command_line(const std::string& command, const Arguments& arguments, const config::Settings& settings);

}  // namespace burstgate::cli
