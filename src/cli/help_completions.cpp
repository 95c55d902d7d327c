// One list of what can be completed, three ways to write it. What a word's value is follows from the help: lower-case
// words with bars between them are all the values there are, FILE is a file, anything else only the user knows.
#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/help_page.hpp"

namespace burstgate::cli {

namespace {

struct Completable {
  std::vector<std::string> words{};  // all there are; empty: not known
  bool files = false;
};

Completable value_of(std::string_view placeholder) {
  Completable value;
  const bool lower = !placeholder.empty() && placeholder.front() >= 'a' && placeholder.front() <= 'z';
  if (lower && placeholder.find('|') != std::string_view::npos) {
    std::istringstream words{std::string(placeholder)};
    for (std::string word; std::getline(words, word, '|');) value.words.push_back(word);
  }
  for (const std::string_view name : {"FILE", "DIR", "RESULT", "BASE", "CANDIDATE", "FOLDER"}) {
    value.files = value.files || placeholder.find(name) != std::string_view::npos;
  }
  return value;
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const Command& command : commands()) names.emplace_back(command.name);
  return names;
}

// What may stand beside the flags: "burstgate validate [FILE ...]".
Completable positional_of(const CommandHelp& help) {
  const std::string prefix = "burstgate " + help.name;
  const std::string rest = help.usage.substr(std::min(prefix.size(), help.usage.size()));
  if (rest.find("COMMAND") != std::string::npos) return {command_names(), false};
  const std::string first = rest.empty() ? rest : rest.substr(1, rest.find(' ', 1) - 1);
  const Completable words = value_of(first);
  return words.words.empty() ? value_of(rest.empty() ? rest : rest.substr(1)) : words;
}

std::vector<std::string> flag_names(const CommandHelp& help) {
  std::vector<std::string> names;
  for (const FlagHelp& flag : flags_of(help)) names.push_back(flag.name);
  return names;
}

constexpr const char* heading = "# burstgate's completions for {}, written by `burstgate completions {}`.\n";

// ---- bash ----

std::string bash_reply(const Completable& value) {
  if (!value.words.empty()) {
    return fmt::format("mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$word\")", join(value.words, " "));
  }
  return value.files ? "mapfile -t COMPREPLY < <(compgen -f -- \"$word\")" : "COMPREPLY=()";
}

std::string bash_case(const Command& command) {
  const CommandHelp& help = command.help();
  std::string text;
  for (const FlagHelp& flag : flags_of(help)) {
    if (flag.value.empty()) continue;
    text += fmt::format("    '{} {}') {}; return ;;\n", command.name, flag.name, bash_reply(value_of(flag.value)));
  }
  return text;
}

// ---- zsh ----

// Inside single quotes, and inside what _arguments and _describe take apart at colons and brackets.
std::string zsh_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\'') {
      escaped += "'\\''";
    } else if (std::string_view("[]:\\").find(c) != std::string_view::npos) {
      escaped += fmt::format("\\{}", c);
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string zsh_action(const Completable& value) {
  if (!value.words.empty()) return fmt::format("({})", join(value.words, " "));
  return value.files ? "_files" : " ";
}

std::string zsh_case(const Command& command) {
  const CommandHelp& help = command.help();
  std::string text = fmt::format("    {})\n      _arguments", command.name);
  for (const FlagHelp& flag : flags_of(help)) {
    text += fmt::format(" \\\n        '{}[{}]", flag.name, zsh_text(flag.help));
    if (!flag.value.empty()) text += fmt::format(":{}:{}", zsh_text(flag.value), zsh_action(value_of(flag.value)));
    text += "'";
  }
  const Completable positional = positional_of(help);
  if (positional.files || !positional.words.empty()) {
    text += fmt::format(" \\\n        '*:word:{}'", zsh_action(positional));
  }
  return text + " ;;\n";
}

// ---- fish ----

std::string fish_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\'' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return "'" + escaped + "'";
}

std::string fish_value(const Completable& value) {
  if (!value.words.empty()) return " -x -a " + fish_text(join(value.words, " "));
  return value.files ? " -r -F" : " -x";
}

std::string fish_lines(const Command& command) {
  const CommandHelp& help = command.help();
  const std::string condition = fmt::format("complete -c burstgate -n '__fish_seen_subcommand_from {}'", command.name);
  std::string text = fmt::format("complete -c burstgate -n __fish_use_subcommand -a {} -d {}\n", command.name,
                                 fish_text(command.summary));
  for (const FlagHelp& flag : flags_of(help)) {
    text += fmt::format("{} -l {}{} -d {}\n", condition, flag.name.substr(2),
                        flag.value.empty() ? "" : fish_value(value_of(flag.value)), fish_text(flag.help));
  }
  const Completable positional = positional_of(help);
  if (!positional.words.empty()) text += condition + " -a " + fish_text(join(positional.words, " ")) + "\n";
  if (positional.files) text += condition + " -F\n";
  return text;
}

}  // namespace

std::string bash_completions() {
  std::string text = fmt::format(fmt::runtime(heading), "bash", "bash");
  text +=
      "_burstgate() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}\n"
      "  if [ \"$COMP_CWORD\" = 1 ]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W '" +
      join(command_names(), " ") +
      " --help --version' -- \"$word\")\n"
      "    return\n"
      "  fi\n"
      "  case \"$command $before\" in\n";
  for (const Command& command : commands()) text += bash_case(command);
  text += "  esac\n  case \"$command $word\" in\n";
  for (const Command& command : commands()) {
    const CommandHelp& help = command.help();
    text += fmt::format("    '{} -'*) {} ;;\n", command.name, bash_reply({flag_names(help), false}));
    text += fmt::format("    '{} '*) {} ;;\n", command.name, bash_reply(positional_of(help)));
  }
  return text + "  esac\n}\ncomplete -o filenames -F _burstgate burstgate\n";
}

std::string zsh_completions() {
  std::string text = "#compdef burstgate\n" + fmt::format(fmt::runtime(heading), "zsh", "zsh");
  text += "_burstgate() {\n  local -a commands=(\n";
  for (const Command& command : commands()) {
    text += fmt::format("    '{}:{}'\n", command.name, zsh_text(command.summary));
  }
  text +=
      "  )\n"
      "  if (( CURRENT == 2 )); then\n"
      "    _describe command commands\n"
      "    return\n"
      "  fi\n"
      "  local command=$words[2]\n"
      "  shift words\n"
      "  (( CURRENT-- ))\n"
      "  case $command in\n";
  for (const Command& command : commands()) text += zsh_case(command);
  return text +
         "  esac\n}\n"
         "if [ \"$funcstack[1]\" = _burstgate ]; then _burstgate \"$@\"; else compdef _burstgate burstgate; fi\n";
}

std::string fish_completions() {
  std::string text = fmt::format(fmt::runtime(heading), "fish", "fish") + "complete -c burstgate -f\n";
  for (const Command& command : commands()) text += fish_lines(command);
  return text;
}

}  // namespace burstgate::cli
