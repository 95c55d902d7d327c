// What goes to stderr. Text from outside is in it, so it is made harmless for CI systems that take commands from a log.
#pragma once

#include <fmt/format.h>

#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "report/escape.hpp"

namespace burstgate::cli {

// As it stands: commands of our own. A stderr that was closed or whose disk is full changes nothing, here and below:
// the verdict is what counts.
void write_stderr(std::string_view text);

// From now on print_stderr() writes *** for this text: a secret of the settings, which may stand in a command that is
// announced and in the lines that a service writes. Texts of fewer than six characters are not looked for: ports and
// words like "main" are everywhere.
void hide_from_messages(const std::string& secret);
std::string without_hidden(std::string text);

// Whole lines in which no CI system finds a command.
template <typename... Arguments>
void print_stderr(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  write_stderr(report::defused(without_hidden(fmt::format(format, std::forward<Arguments>(arguments)...))));
}

void print_error(const std::exception& error);

// A service's output, each line behind a bar.
void print_log_tail(std::string_view lines);

}  // namespace burstgate::cli
