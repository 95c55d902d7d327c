// Which flags and variables a command takes, and the table that help, man page and completions are made of.
#include "cli/arguments.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "cli/commands.hpp"

using namespace burstgate;
using namespace burstgate::cli;

namespace {

std::vector<std::string> keys(const CommandHelp& command, const std::map<std::string, std::string>& variables) {
  const Arguments arguments = parse_arguments(command, {}, [&](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
  std::vector<std::string> found;
  for (const auto& override : arguments.overrides) {
    CHECK(override.ambient);
    found.push_back(override.key);
  }
  return found;
}

std::vector<std::string> flags(const CommandHelp& command) {
  std::vector<std::string> names;
  for (const auto& flag : flags_of(command)) names.push_back(flag.name);
  return names;
}

bool has(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

TEST_CASE("a variable concerns the commands that take its flag") {
  using Keys = std::vector<std::string>;
  const std::map<std::string, std::string> all = {
      {"BURSTGATE_BUDGET", "20s"}, {"BURSTGATE_DURATION", "5s"}, {"BURSTGATE_USERS", "3"}, {"BURSTGATE_BASELINE", "b"}};
  CHECK(keys(help_of_gate(), all) == Keys{"users", "duration", "baseline", "budget"});
  CHECK(keys(help_of_record(), all) == Keys{"users", "duration", "baseline"});
  CHECK(keys(help_of_run(), all) == Keys{"users", "duration"});
  CHECK(keys(help_of_selftest(), all) == Keys{"users"});
  CHECK(keys(help_of_calibrate(), all) == Keys{"users"});
  CHECK(keys(help_of_validate(), all) == Keys{});
}

TEST_CASE("flags that would have no effect are not taken") {
  for (const char* flag : {"--duration", "--warmup", "--baseline"}) CHECK_FALSE(has(flags(help_of_selftest()), flag));
  CHECK(has(flags(help_of_calibrate()), "--duration"));
  CHECK_FALSE(has(flags(help_of_calibrate()), "--warmup"));
  CHECK_FALSE(has(flags(help_of_record()), "--budget"));
  try {
    parse_arguments(help_of_selftest(), {"--warmup", "1s"}, environment_variable);
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(std::string(error.what()) == "--warmup: error[E-001]: unknown flag; see burstgate selftest --help");
  }
}

TEST_CASE("help says that --baseline may be a URL where it may be one") {
  CHECK(help_text(help_of_gate()).find("--baseline FILE|URL") != std::string::npos);
  CHECK(help_text(help_of_record()).find("--baseline FILE ") != std::string::npos);
}

TEST_CASE("every command has help under its own name, and no flag twice") {
  for (const Command& command : commands()) {
    INFO(command.name);
    REQUIRE((command.help != nullptr));
    const CommandHelp& help = command.help();
    CHECK(help.name == command.name);
    CHECK(help.usage.starts_with("burstgate " + help.name));
    CHECK_FALSE(help.about.empty());
    std::vector<std::string> names = flags(help);
    CHECK(has(names, "--help"));
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  }
}
