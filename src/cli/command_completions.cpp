// Scripts for shells, printed: what is installed by a package, and what `source <(burstgate completions bash)` reads.
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/help_page.hpp"

namespace burstgate::cli {

namespace {

const CommandHelp help = {
    .name = "completions",
    .usage = "burstgate completions bash|zsh|fish",
    .about = "Prints a script that completes commands, flags and their values.",
    .example =
        "  source <(burstgate completions bash)\n"
        "  burstgate completions zsh > ~/.zfunc/_burstgate\n"
        "  burstgate completions fish > ~/.config/fish/completions/burstgate.fish",
};

struct Shell {
  const char* name;
  std::string (*script)();
};
constexpr Shell shells[] = {{"bash", bash_completions}, {"zsh", zsh_completions}, {"fish", fish_completions}};

}  // namespace

const CommandHelp& help_of_completions() {
  return help;
}

int run_completions(const Words& words) {
  const Arguments arguments = parse_arguments(help, words, environment_variable);
  if (arguments.help) return fmt::print("{}", help_text(help)), exit_pass;
  const std::string wanted = arguments.positional.size() == 1 ? arguments.positional.front() : "";
  std::vector<std::string> known;
  for (const Shell& shell : shells) {
    if (wanted == shell.name) return fmt::print("{}", shell.script()), exit_pass;
    known.emplace_back(shell.name);
  }
  throw Error(Trouble::usage, {.code = "E-023",
                               .where = wanted,
                               .what = wanted.empty() ? "which shell?" : "no shell that is known",
                               .hint = "expected one of: " + join(known, ", ")});
}

}  // namespace burstgate::cli
