// A saved result in other formats: nothing is measured and nothing is judged again.
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_text.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "report/escape.hpp"
#include "report/json_read.hpp"
#include "report/rows.hpp"

namespace burstgate::cli {

namespace {

const CommandHelp help = {
    .name = "report",
    .usage = "burstgate report RESULT [--junit FILE] [--markdown FILE] ...",
    .about =
        "Writes the reports of a saved result again, in any format; without flags it prints the text report. The "
        "verdict\nis the saved one. Exit 0 when everything is written, whatever the verdict was.",
    .example =
        "  burstgate report performance/results/burst_20260101_120000.json\n"
        "  burstgate report performance/results/burst_20260101_120000.json --comment comment.md --csv figures.csv",
    .takes_reports = true,
};

// Our own files only: what else could be read here has no verdict and no figures to report.
report::Report read_result(const std::string& path) {
  const auto json = parse_json(read_file(path, max_json_bytes), path);
  const auto refuse = [&](std::string what, std::string hint) {
    throw Error(Trouble::usage, {.code = "E-021", .where = path, .what = std::move(what), .hint = std::move(hint)});
  };
  if (json.is_object() && json.contains("runs")) {
    refuse("a baseline file holds runs without a verdict",
           "burstgate compare " + path + " RESULT judges a result against it");
  }
  if (!json.is_object() || !json.contains("schema")) {
    refuse("not a burstgate result", "gate, run and compare write one with --output FILE");
  }
  report::Report report = report::report_from_json(json, path);
  report.command = "report";
  report.result_file = path;
  return report;
}

// What was written, and what the saved verdict meant for the process that came to it.
std::string written_text(const Outputs& outputs, const report::Report& report) {
  std::vector<std::string> paths;
  for (const auto& [format, file] : outputs.reports) paths.push_back(file.path());
  if (outputs.result) paths.push_back(outputs.result_path);
  const std::string word = report::headline(report, {}).word;
  if (paths.empty()) return word + "\n";
  return fmt::format("{}{}; written: {}\n", word,
                     report.verdict ? fmt::format(", exit code {} when it was judged", report.exit_code) : "",
                     report::terminal_text(join(paths, ", "), stdout_in_unicode()));
}

}  // namespace

const CommandHelp& help_of_report() {
  return help;
}

int run_report(const Words& words) {
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;
  if (arguments.positional.size() != 1) {
    throw Error(Trouble::usage, {.code = "E-021",
                                 .where = "",
                                 .what = fmt::format("{} files given", arguments.positional.size()),
                                 .hint = "burstgate report RESULT"});
  }
  const report::Report report = read_result(arguments.positional.front());
  Outputs outputs = open_outputs(arguments, arguments.positional);
  const bool has_files = !outputs.reports.empty() || outputs.result || arguments.push_gateway;
  bool written = write_reports(arguments, outputs, report);
  if (arguments.json || !has_files) {
    written = print_report(arguments, report, Extent::whole) && written;
  } else if (written && !arguments.quiet) {
    fmt::print("{}", report::defused(written_text(outputs, report)));
  }
  // Here that is what was asked for, not something beside a verdict.
  written = push_figures(outputs.receivers, report, arguments.quiet) && written;
  const int code = written ? exit_pass : exit_output;
  if (code != exit_pass) say_exit(code, arguments.quiet);
  return code;
}

}  // namespace burstgate::cli
