// argv -> options. The only user of cxxopts. Unknown flags, missing values and repeated flags are errors
// (Trouble::usage), with the nearest flag.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/ci_system.hpp"
#include "cli/exit_code.hpp"
#include "config/read.hpp"

namespace burstgate::cli {

enum class Color { automatic, always, never };
enum class JunitProfile { common, strict };

// What the commands have in common; each command uses the part that its help names.
struct Arguments {
  std::vector<std::string> positional;
  std::optional<std::string> config_file;
  std::vector<config::Override> overrides;  // from flags, then from BURSTGATE_* where there is no flag
  std::optional<std::string> thresholds_file;
  std::optional<std::string> baseline_file;
  std::optional<std::string> waivers_file;
  std::optional<std::string> push_gateway;
  std::optional<std::string> output_file;
  std::optional<std::string> budget;  // of selftest, whose plan need not be that of a paired comparison
  std::optional<std::string> length;  // of calibrate: --duration is the load of a run there
  std::optional<std::string> runs;
  std::optional<std::string> value_unit;                     // of compare and import: "us"
  bool different_tools = false;                              // of compare
  std::map<std::string, std::string> own;                    // values of the command's own flags by name ("--days")
  std::vector<std::pair<std::string, std::string>> reports;  // format name and path
  bool json = false;
  bool quiet = false;
  bool replace = false;
  bool dry_run = false;
  bool no_alerts = false;
  bool allow_hooks = false;
  bool help = false;
  Color color = Color::automatic;
  OnInconclusive on_inconclusive = OnInconclusive::fail;
  JunitProfile junit_profile = JunitProfile::common;
  std::optional<CiSystem> ci;  // nothing: whichever the environment shows
};

// One flag as help, man page and completions show it.
struct FlagHelp {
  std::string name;   // "--users"
  std::string value;  // its value's name, "N"; words in lower case with bars are all there are; empty: a switch
  std::string help;
};

// The flags a command takes, and how its help begins.
struct CommandHelp {
  std::string name;         // "gate"
  std::string usage;        // "burstgate gate [URL] [flags]"
  std::string about;        // a paragraph
  std::string example;      // lines
  bool takes_load = false;  // --users, --rate, ... and a URL
  bool takes_times = false;
  bool takes_baseline = false;
  bool takes_budget = false;
  bool records = false;  // --baseline as the file that is written
  bool takes_thresholds = false;
  bool takes_reports = false;
  bool takes_ci = false;
  bool takes_replace = false;
  bool takes_dry_run = false;
  bool alerts = false;    // sends those of the YAML file
  bool explains = false;  // --thresholds as a question
  bool tests_itself = false;
  bool calibrates = false;
  std::vector<FlagHelp> own_flags{};  // that no other command has, or not with this meaning
};

// All flags of the command, in the order of its help.
std::vector<FlagHelp> flags_of(const CommandHelp& command);

// `words`: what follows the command's name.
Arguments parse_arguments(const CommandHelp& command, const std::vector<std::string>& words,
                          const config::Environment& environment);
std::string help_text(const CommandHelp& command);

// Refuses flags that are not `known`, and those given twice that are not `repeatable` ("--users" form).
void check_flags(const std::string& command, const std::vector<std::string>& words,
                 const std::vector<std::string>& known, const std::vector<std::string>& repeatable = {});

// Environment variables of this process.
std::optional<std::string> environment_variable(const std::string& name);

}  // namespace burstgate::cli
