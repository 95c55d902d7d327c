// Text that came from outside (names, figures, notes, commands) made harmless for the format that it lands in.
//
// base/text.hpp's visible() is the ground of all of them: no control byte, no invalid UTF-8 and no bidirectional or
// zero-width character survives. Each function may be applied to text that is visible() already.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace burstgate::report {

// One line for a terminal. Without unicode every character outside ASCII is written as \u{..}.
std::string terminal_text(std::string_view text, bool unicode);

// Character data and attribute values of XML 1.0, in one pair for all consumers: whatever the bytes, the result is
// well formed. Line feeds stay in text (they are ours: names have theirs escaped before) and become &#10; in
// attributes.
std::string xml_text(std::string_view text);
std::string xml_attribute(std::string_view text);

// One table cell or list item of GitHub-flavoured Markdown: never a new column, line, element, link or mention.
std::string markdown_text(std::string_view text);

// A fenced code block around lines, or one line, with a fence longer than any run of backticks in them.
std::string markdown_code_block(const std::vector<std::string>& lines, std::string_view language);
std::string markdown_code_block(std::string_view line, std::string_view language);

// Finished text in which no CI system finds a command: GitHub takes a line that starts with "::" after blanks, GitHub
// and Azure take "##[" and "##vso[" anywhere in a line.
std::string defused(std::string_view text);
// The same for finished JSON, which stays the same document.
std::string defused_json(std::string json);

// What a reader sees who trims all that Unicode calls white space (line feeds are not trimmed).
std::string_view without_leading_blanks(std::string_view text);

// Different names that would look the same after `shorten` get a suffix made from their bytes ("name~1b2c3d4e"), so
// that a label belongs to one name and stays the same from run to run. `taken` are labels that no name may have.
std::map<std::string, std::string> unique_labels(const std::vector<std::string>& names,
                                                 const std::function<std::string(std::string_view)>& shorten,
                                                 const std::vector<std::string>& taken = {});

// Columns on a terminal: wide East Asian characters and emoji take two, combining marks none.
std::size_t columns(std::string_view utf8);

}  // namespace burstgate::report
