#include "cli/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cxxopts.hpp>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "report/report.hpp"

namespace burstgate::cli {

namespace {

struct Flag {
  std::string_view name;
  std::string_view value;  // its value's name in the help; empty: a switch
  std::string_view help;
  bool CommandHelp::*applies;  // nullptr: every command
};

constexpr Flag flags[] = {
    {"config", "FILE", "the YAML file (default: burstgate.yaml here, if there is one)", &CommandHelp::takes_load},
    {"profile", "NAME", "which profile of the YAML file", &CommandHelp::takes_load},
    {"users", "N", "closed model: this many users, each waiting for its answer", &CommandHelp::takes_load},
    {"rate", "R/s", "open model: arrivals at this rate, e.g. 200/s", &CommandHelp::takes_load},
    {"duration", "D", "how long is measured, e.g. 10s", &CommandHelp::takes_times},
    {"duration", "D", "load of each run, on both copies together (default: 12s)", &CommandHelp::calibrates},
    {"warmup", "D", "how long is warmed up before, e.g. 2s", &CommandHelp::takes_times},
    {"seed", "N", "of every random choice", &CommandHelp::takes_load},
    {"baseline", "FILE|URL", "the baseline file; or the URL of a running build, for a paired comparison",
     &CommandHelp::takes_baseline},
    {"baseline", "FILE", "the baseline file that the run is appended to", &CommandHelp::records},
    {"budget", "D", "paired comparison: load on both builds together, e.g. 60s", &CommandHelp::takes_budget},
    {"budget", "D", "load of each of the three runs, at most (default: as in the YAML file, or 60s)",
     &CommandHelp::tests_itself},
    {"runs", "N", "how many comparisons of the service with itself (default: 5)", &CommandHelp::calibrates},
    {"output", "FILE", "write the proposed limits here (default: stdout)", &CommandHelp::calibrates},
    {"replace", "", "start the baseline afresh instead of appending", &CommandHelp::takes_replace},
    {"thresholds", "FILE", "the limits (default: p95 +20 %, throughput -15 %, errors +0.5pp and at most 1 %)",
     &CommandHelp::takes_thresholds},
    {"thresholds", "FILE", "with RESULT: what if, judge again with these limits; without: the limits in force",
     &CommandHelp::explains},
    {"thresholds", "FILE", "the limits that shall hold (default: p95 +20 %, throughput -15 %, errors +0.5pp)",
     &CommandHelp::tests_itself},
    {"waivers", "FILE", "limits that are wider for a while, each with its reason and its last day",
     &CommandHelp::takes_thresholds},
    {"on-inconclusive", "fail|warn|pass", "what an undecided run leads to: exit 3 (fail, the default) or 0",
     &CommandHelp::takes_thresholds},
    {"dry-run", "", "print the plan, send nothing", &CommandHelp::takes_dry_run},
    {"json", "", "one JSON document on stdout instead of the text", &CommandHelp::takes_reports},
    {"quiet", "", "no progress; the verdict only when it is not a pass", &CommandHelp::takes_reports},
    {"quiet", "", "no progress; nothing at all when all runs are as they must be", &CommandHelp::tests_itself},
    {"quiet", "", "no progress", &CommandHelp::calibrates},
    {"color", "auto|always|never", "colour of the text on stdout", &CommandHelp::takes_reports},
    {"color", "auto|always|never", "colour of the text on stdout", &CommandHelp::explains},
    {"junit-profile", "common|strict", "the dialect of the JUnit report; strict: for consumers that validate",
     &CommandHelp::takes_reports},
    {"ci", "auto|none|github|gitlab|azure|buildkite", "annotations and summary for this CI system (default: auto)",
     &CommandHelp::takes_ci},
    {"no-alerts", "", "send none of the YAML file's alerts", &CommandHelp::alerts},
    {"allow-hooks", "", "let alerts run commands although a stranger's pull request may have written them",
     &CommandHelp::alerts},
    {"push-gateway", "URL", "put the figures into this Prometheus Pushgateway", &CommandHelp::takes_reports},
    {"help", "", "this text", nullptr},
};

bool applies(const Flag& flag, const CommandHelp& command) {
  return flag.applies == nullptr || command.*flag.applies;
}

// The JSON report is the result itself.
constexpr std::string_view result_format = "json";

[[noreturn]] void refuse(std::string where, std::string what, std::string hint) {
  throw Error(Trouble::usage,
              {.code = "E-001", .where = std::move(where), .what = std::move(what), .hint = std::move(hint)});
}

std::vector<std::string> flag_names(const CommandHelp& command) {
  std::vector<std::string> names;
  for (const FlagHelp& flag : flags_of(command)) names.push_back(flag.name);
  return names;
}

cxxopts::Options make_options(const CommandHelp& command) {
  cxxopts::Options options("burstgate " + command.name);
  for (const FlagHelp& flag : flags_of(command)) {
    const std::string name = flag.name.substr(2);
    if (flag.value.empty()) {
      options.add_options()(name, flag.help);
    } else {
      options.add_options()(name, flag.help, cxxopts::value<std::string>());
    }
  }
  return options;
}

template <typename T>
T choose(const std::string& flag, const std::string& word, const std::vector<std::pair<std::string, T>>& choices) {
  std::vector<std::string> words;
  for (const auto& [name, value] : choices) {
    if (name == word) return value;
    words.push_back(name);
  }
  refuse("--" + flag, fmt::format("unknown value '{}'", word), "expected one of: " + join(words, ", "));
}

void read_overrides(Arguments& arguments, const cxxopts::ParseResult& parsed, const CommandHelp& command,
                    const config::Environment& environment) {
  std::vector<std::string> keys;
  if (command.takes_load) keys = {"profile", "users", "rate"};
  if (command.takes_times) keys.insert(keys.end(), {"duration", "warmup"});
  if (command.takes_load) keys.emplace_back("seed");
  if (command.takes_baseline || command.records) keys.emplace_back("baseline");
  if (command.takes_budget) keys.emplace_back("budget");
  if (command.takes_thresholds || command.tests_itself || command.explains) keys.emplace_back("thresholds");
  for (const std::string& key : keys) {
    if (parsed.count(key) > 0) {
      arguments.overrides.push_back({key, parsed[key].as<std::string>(), "--" + key});
      continue;
    }
    std::string variable = "BURSTGATE_" + key;
    std::transform(variable.begin(), variable.end(), variable.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    if (const auto value = environment(variable)) arguments.overrides.push_back({key, *value, variable, true});
  }
  for (const auto& override : arguments.overrides) {
    if (override.key == "baseline") arguments.baseline_file = override.value;
    if (override.key == "thresholds") arguments.thresholds_file = override.value;
  }
}

void read_flags(Arguments& arguments, const cxxopts::ParseResult& parsed) {
  const auto text = [&](const char* flag) -> std::optional<std::string> {
    return parsed.count(flag) > 0 ? std::optional(parsed[flag].as<std::string>()) : std::nullopt;
  };
  arguments.config_file = text("config");
  arguments.thresholds_file = text("thresholds");
  arguments.waivers_file = text("waivers");
  arguments.push_gateway = text("push-gateway");
  arguments.budget = text("budget");
  arguments.length = text("duration");
  arguments.runs = text("runs");
  arguments.value_unit = text("value-unit");
  arguments.different_tools = parsed.count("different-tools") > 0;
  arguments.json = parsed.count("json") > 0;
  arguments.quiet = parsed.count("quiet") > 0;
  arguments.replace = parsed.count("replace") > 0;
  arguments.dry_run = parsed.count("dry-run") > 0;
  arguments.no_alerts = parsed.count("no-alerts") > 0;
  arguments.allow_hooks = parsed.count("allow-hooks") > 0;
  arguments.help = parsed.count("help") > 0;
  for (const auto& format : report::formats()) {
    const std::string flag(format.flag.substr(2));
    const auto path = text(flag.c_str());
    if (!path) continue;
    if (format.name == result_format) {
      arguments.output_file = path;
    } else {
      arguments.reports.emplace_back(format.name, *path);
    }
  }
  if (const auto word = text("color")) {
    arguments.color =
        choose<Color>("color", *word, {{"auto", Color::automatic}, {"always", Color::always}, {"never", Color::never}});
  }
  if (const auto word = text("junit-profile")) {
    arguments.junit_profile = choose<JunitProfile>(
        "junit-profile", *word, {{"common", JunitProfile::common}, {"strict", JunitProfile::strict}});
  }
  if (const auto word = text("ci")) {
    std::vector<std::pair<std::string, std::optional<CiSystem>>> choices = {{"auto", std::nullopt},
                                                                            {"none", CiSystem::none}};
    for (const KnownCi& known : known_cis()) choices.emplace_back(known.name, known.system);
    arguments.ci = choose("ci", *word, choices);
  }
  if (const auto word = text("on-inconclusive")) {
    arguments.on_inconclusive = choose<OnInconclusive>(
        "on-inconclusive", *word,
        {{"fail", OnInconclusive::fail}, {"warn", OnInconclusive::warn}, {"pass", OnInconclusive::pass}});
  }
}

}  // namespace

// What cxxopts would say less well: unknown and repeated flags.
void check_flags(const std::string& command, const std::vector<std::string>& words,
                 const std::vector<std::string>& known, const std::vector<std::string>& repeatable) {
  const auto holds = [](const std::vector<std::string>& list, const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
  };
  std::set<std::string> seen;
  for (const std::string& word : words) {
    const std::string flag = word.substr(0, word.find('='));
    if (flag.rfind("-", 0) != 0 || flag == "-" || flag == "-h") continue;
    if (!holds(known, flag)) {
      const std::string hint = did_you_mean(flag, known);
      refuse(flag, "unknown flag", hint.empty() ? fmt::format("see burstgate {} --help", command) : hint);
    }
    if (!seen.insert(flag).second && !holds(repeatable, flag)) refuse(flag, "given more than once", "give it once");
  }
}

Arguments parse_arguments(const CommandHelp& command, const std::vector<std::string>& words,
                          const config::Environment& environment) {
  check_flags(command.name, words, flag_names(command));
  cxxopts::Options options = make_options(command);
  options.allow_unrecognised_options();  // positional words; unknown flags are refused above
  std::vector<const char*> argv = {"burstgate"};
  for (const auto& word : words) argv.push_back(word == "-h" ? "--help" : word.c_str());
  Arguments arguments;
  try {
    const auto parsed = options.parse(static_cast<int>(argv.size()), argv.data());
    read_flags(arguments, parsed);
    for (const FlagHelp& flag : command.own_flags) {
      const std::string name = flag.name.substr(2);
      if (parsed.count(name) > 0) arguments.own[flag.name] = flag.value.empty() ? "" : parsed[name].as<std::string>();
    }
    read_overrides(arguments, parsed, command, environment);
    arguments.positional = parsed.unmatched();
  } catch (const cxxopts::exceptions::exception& error) {
    refuse("", error.what(), fmt::format("see burstgate {} --help", command.name));
  }
  return arguments;
}

std::vector<FlagHelp> flags_of(const CommandHelp& command) {
  std::vector<FlagHelp> all = command.own_flags;
  for (const Flag& flag : flags) {
    if (applies(flag, command)) {
      all.push_back({"--" + std::string(flag.name), std::string(flag.value), std::string(flag.help)});
    }
  }
  if (!command.takes_reports) return all;
  for (const auto& format : report::formats()) {
    all.push_back({std::string(format.flag), "FILE", std::string(format.help)});
  }
  return all;
}

std::string help_text(const CommandHelp& command) {
  std::string text = fmt::format("{}\n\nUsage: {}\n\n", command.about, command.usage);
  if (!command.example.empty()) text += fmt::format("Examples:\n{}\n\n", command.example);
  text += "Flags:\n";
  for (const FlagHelp& flag : flags_of(command)) {
    text += fmt::format("  {:<28} {}\n", flag.name + (flag.value.empty() ? "" : " ") + flag.value, flag.help);
  }
  if (command.takes_load) {
    text +=
        "\nEach value can also be set as BURSTGATE_USERS, BURSTGATE_DURATION, ...; flags win over the environment,\n"
        "the environment over the YAML file.\n";
  }
  return text;
}

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace burstgate::cli
