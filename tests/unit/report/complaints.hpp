// Strict readers of the reports. Each says what is wrong with a text, or "".
#pragma once

#include <string>
#include <vector>

namespace burstgate::test {

std::vector<std::string> lines_of(const std::string& text);
std::string without_our_colors(std::string text);

// A line that GitHub's or Azure's log reader would take for a command.
std::string ci_command_complaint(const std::string& text);
// Anything but printable characters in valid UTF-8, or outside ASCII without `unicode`.
std::string terminal_complaint(const std::string& text, bool color, bool unicode);
// Tables that lost a column, elements that are not ours, lines of which a part is invisible.
std::string markdown_complaint(const std::string& text);

std::vector<std::vector<std::string>> csv_rows(const std::string& text);  // RFC 4180, or a last row "broken: ..."
std::string csv_complaint(const std::string& text);
std::string openmetrics_complaint(const std::string& text);
// Lines that are not one annotation each, with values that stay where they belong.
std::string github_complaint(const std::string& text);
std::string azure_complaint(const std::string& text);

}  // namespace burstgate::test
