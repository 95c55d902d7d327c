// man-pages(7) says which sections a manual page has and how they are written; groff_man(7) has the macros.
#include "cli/help_page.hpp"

#include <fmt/format.h>

#include <string_view>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"

namespace burstgate::cli {

namespace {

// Text as roff prints it: no escapes, no requests at the start of a line, and minus signs that can be copied.
std::string roff(std::string_view text) {
  std::string escaped;
  bool at_line_start = true;
  for (const char c : text) {
    if (at_line_start && (c == '.' || c == '\'')) escaped += "\\&";
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else {
      escaped += c;
    }
    at_line_start = c == '\n';
  }
  return escaped;
}

// Paragraphs, which an empty line parts.
std::string paragraphs(std::string_view text) {
  std::string page = roff(text);
  for (auto at = page.find("\n\n"); at != std::string::npos; at = page.find("\n\n", at + 1)) {
    page.replace(at, 2, "\n.PP\n");
  }
  return page + "\n";
}

std::string flag_entry(const FlagHelp& flag) {
  const std::string value = flag.value.empty() ? "" : fmt::format(" \\fI{}\\fR", roff(flag.value));
  return fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", roff(flag.name), value, roff(flag.help));
}

std::string verbatim(const std::string& lines) {
  return fmt::format(".PP\n.nf\n{}\n.fi\n", roff(lines));
}

std::string command_section(const Command& command) {
  const CommandHelp& help = command.help();
  std::string page = fmt::format(".SS {}\n.B {}\n.PP\n", roff(command.name), roff(help.usage));
  page += paragraphs(help.about);
  for (const FlagHelp& flag : flags_of(help)) {
    if (flag.name != "--help") page += flag_entry(flag);
  }
  if (!help.example.empty()) page += verbatim(help.example);
  return page;
}

std::string list_of_commands() {
  std::string page;
  for (const Command& command : commands()) {
    page += fmt::format(".TP\n\\fBburstgate {}\\fR\n{}\n", roff(command.name), roff(command.summary));
  }
  return page;
}

std::string exit_status() {
  std::string page;
  for (const int code : {exit_pass, exit_fail, exit_usage, exit_inconclusive, exit_target, exit_output, exit_internal,
                         exit_interrupted, exit_terminated}) {
    page += fmt::format(".TP\n\\fB{}\\fR\n{}\n", code, roff(exit_meaning(code)));
  }
  return page;
}

}  // namespace

std::string man_page() {
  std::string page = ".\\\" Written by `burstgate help --man`. Do not edit.\n";
  page += ".TH BURSTGATE 1 \"\" \"burstgate " BURSTGATE_VERSION "\" \"User Commands\"\n";
  page += ".SH NAME\nburstgate \\- a performance\\-regression gate for CI\n";
  page += ".SH SYNOPSIS\n.B burstgate\n.I COMMAND\n.RI [ flags ]\n";
  page += ".SH DESCRIPTION\n";
  page += paragraphs(
      "Runs a short load burst against a service, compares it with a baseline, and exits non-zero when the change "
      "made\n"
      "things worse.");
  page += list_of_commands();
  page += ".SH COMMANDS\nEvery command takes \\fB\\-\\-help\\fR.\n";
  for (const Command& command : commands()) page += command_section(command);
  page += ".SH EXIT STATUS\n" + exit_status();
  page += ".SH ENVIRONMENT\n.TP\n\\fBBURSTGATE_USERS\\fR, \\fBBURSTGATE_DURATION\\fR, ...\n";
  page +=
      "The flags about the load, the baseline and the thresholds. A flag wins over the environment, the environment\n";
  page += "over the YAML file.\n.TP\n\\fBNO_COLOR\\fR\nNo colour, whatever stdout is.\n";
  page +=
      ".SH FILES\n.TP\n\\fIburstgate.yaml\\fR\nRead when it is in the working folder and \\fB\\-\\-config\\fR is not "
      "given.\n";
  page += ".TP\n\\fIperformance/results/\\fR\nResults, unless \\fB\\-\\-output\\fR names another place.\n";
  return page;
}

}  // namespace burstgate::cli
