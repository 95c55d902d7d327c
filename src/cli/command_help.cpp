// What burstgate says about itself: the overview, a command's help, the man page.
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/help_page.hpp"

namespace burstgate::cli {

namespace {

const CommandHelp help = {
    .name = "help",
    .usage = "burstgate help [COMMAND]",
    .about =
        "What `burstgate COMMAND --help` says, or the list of commands. With --man the manual page of all of them, as\n"
        "man/burstgate.1 holds it.",
    .example =
        "  burstgate help gate\n"
        "  burstgate help --man | man -l -",
    .own_flags = {{"--man", "", "the manual page (roff)"}},
};

std::string help_of(const std::string& word) {
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    if (command.name == word) return help_text(command.help());
    names.emplace_back(command.name);
  }
  const std::string hint = did_you_mean(word, names);
  throw Error(Trouble::usage, {.code = "E-002",
                               .where = "",
                               .what = fmt::format("unknown command '{}'", word),
                               .hint = hint.empty() ? "see burstgate --help" : hint});
}

}  // namespace

const CommandHelp& help_of_help() {
  return help;
}

int run_help(const Words& words) {
  if (!words.empty() && words.front() == "--man") return fmt::print("{}", man_page()), exit_pass;
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;
  if (arguments.positional.size() > 1) {
    throw Error(Trouble::usage, {.code = "E-003",
                                 .where = arguments.positional[1],
                                 .what = "one command at most",
                                 .hint = "burstgate help COMMAND"});
  }
  fmt::print("{}", arguments.positional.empty() ? overview() : help_of(arguments.positional.front()));
  return exit_pass;
}

}  // namespace burstgate::cli
