// The commands: one file each, a table here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace burstgate::cli {

using Words = std::vector<std::string>;  // what follows the command's name

int run_gate(const Words& words);
int run_run(const Words& words);
int run_record(const Words& words);
int run_compare(const Words& words);
int run_explain(const Words& words);
int run_report(const Words& words);
int run_selftest(const Words& words);
int run_calibrate(const Words& words);
int run_validate(const Words& words);
int run_serve(const Words& words);
int run_demo(const Words& words);

struct Command {
  std::string_view name;
  std::string_view summary;  // a line in `burstgate --help`
  int (*run)(const Words& words);
};
const std::vector<Command>& commands();

// argv -> the exit code. Errors are printed to stderr here.
int dispatch(const std::vector<std::string>& arguments);

}  // namespace burstgate::cli
