// The commands: one file each, a table here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace burstgate::cli {

struct CommandHelp;
using Words = std::vector<std::string>;  // what follows the command's name

int run_gate(const Words& words);
int run_run(const Words& words);
int run_record(const Words& words);
int run_compare(const Words& words);
int run_explain(const Words& words);
int run_report(const Words& words);
int run_trend(const Words& words);
int run_promote(const Words& words);
int run_baseline(const Words& words);
int run_selftest(const Words& words);
int run_calibrate(const Words& words);
int run_validate(const Words& words);
int run_serve(const Words& words);
int run_demo(const Words& words);
int run_init(const Words& words);
int run_completions(const Words& words);
int run_help(const Words& words);

const CommandHelp& help_of_gate();
const CommandHelp& help_of_run();
const CommandHelp& help_of_record();
const CommandHelp& help_of_compare();
const CommandHelp& help_of_explain();
const CommandHelp& help_of_report();
const CommandHelp& help_of_trend();
const CommandHelp& help_of_promote();
const CommandHelp& help_of_baseline();
const CommandHelp& help_of_selftest();
const CommandHelp& help_of_calibrate();
const CommandHelp& help_of_validate();
const CommandHelp& help_of_serve();
const CommandHelp& help_of_demo();
const CommandHelp& help_of_init();
const CommandHelp& help_of_completions();
const CommandHelp& help_of_help();

struct Command {
  std::string_view name;
  std::string_view summary;  // a line in `burstgate --help`
  int (*run)(const Words& words);
  const CommandHelp& (*help)() = nullptr;
};
const std::vector<Command>& commands();

// `burstgate --help`.
std::string overview();

// argv -> the exit code. Errors are printed to stderr here.
int dispatch(const std::vector<std::string>& arguments);

}  // namespace burstgate::cli
