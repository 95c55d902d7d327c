// Check files, send nothing.
#include <fmt/format.h>

#include <filesystem>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/saved.hpp"
#include "cli/session.hpp"

namespace burstgate::cli {

namespace {

const CommandHelp help = {
    .name = "validate",
    .usage = "burstgate validate [FILE ...]",
    .about =
        "Checks configuration, thresholds, baseline and result files (burstgate.yaml when none is named), says every\n"
        "mistake with its place, and sends nothing. Exit 0 when all are right, 2 otherwise.",
    .example =
        "  burstgate validate\n"
        "  burstgate validate burstgate.yaml thresholds/strict.yaml perf/baseline.json",
};

std::string count(std::size_t n, std::string_view what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

std::size_t rules_in(const config::Thresholds& thresholds) {
  std::size_t rules = thresholds.total.regression.size() + thresholds.total.limits.size();
  for (const auto& [endpoint, set] : thresholds.endpoints) rules += set.regression.size() + set.limits.size();
  return rules;
}

std::string describe(const std::string& path) {
  if (std::filesystem::path(path).extension() == ".json") {
    const auto runs = read_saved(path);
    return fmt::format("{} of {}", count(runs.size(), "run"), runs.back().operation);
  }
  if (config::is_thresholds_file(path)) {
    return count(rules_in(config::read_thresholds(path, environment_variable)), "rule");
  }
  if (const auto profile = config::read_profile_alone(path)) {
    return fmt::format("profile {}, {}", profile->name,
                       profile->open ? fmt::format("{:g}/s", profile->open->rate_per_s)
                                     : count(static_cast<std::size_t>(profile->closed.users), "user"));
  }
  Arguments arguments;
  arguments.config_file = path;
  const config::Settings settings = settings_of(arguments);
  const std::string load = settings.plan.exec ? "another tool"
                                              : fmt::format("profile {}, {}", settings.plan.profile.name,
                                                            count(settings.plan.scenarios.size(), "scenario"));
  return fmt::format("operation {}, {}, {}", settings.plan.operation, load,
                     count(rules_in(settings.thresholds), "rule"));
}

}  // namespace

const CommandHelp& help_of_validate() {
  return help;
}

int run_validate(const Words& words) {
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;
  std::vector<std::string> files = arguments.positional;
  if (files.empty()) files = {"burstgate.yaml"};
  int code = exit_pass;
  for (const auto& file : files) {
    try {
      const std::string text = describe(file);
      fmt::print("{}: ok ({})\n", visible(file), visible(text));
    } catch (const Error& error) {
      print_error(error);
      code = exit_usage;
    }
  }
  return code;
}

}  // namespace burstgate::cli
