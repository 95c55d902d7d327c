#include "report/page.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "report/escape.hpp"

namespace burstgate::report {

namespace {

constexpr std::size_t label_columns = 11;

std::string_view code_of(Ink ink) {
  switch (ink) {
    case Ink::plain:
      return "";
    case Ink::good:
      return "\x1b[32m";
    case Ink::warn:
      return "\x1b[33m";
    case Ink::bad:
      return "\x1b[31m";
    case Ink::doubt:
      return "\x1b[35m";
    case Ink::bold:
      return "\x1b[1m";
    case Ink::faint:
      return "\x1b[2m";
  }
  return "";
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

// A unit stays in the line of its number.
bool is_unit(std::string_view word) {
  while (!word.empty() && (word.back() == ',' || word.back() == ';' || word.back() == ')')) word.remove_suffix(1);
  return word == "%" || word == "ms" || word == "us" || word == "s" || word == "pp" || word == "MiB";
}

std::vector<std::string> with_units(const std::vector<std::string>& words) {
  std::vector<std::string> glued;
  for (const std::string& word : words) {
    if (is_unit(word) && !glued.empty()) {
      glued.back() += " " + word;
    } else {
      glued.push_back(word);
    }
  }
  return glued;
}

// Cuts a word that is wider than a line into pieces that are not.
std::vector<std::string> pieces(std::string_view word, std::size_t width) {
  std::vector<std::string> list(1);
  while (!word.empty()) {
    std::size_t bytes = 1;
    while (bytes < word.size() && (static_cast<unsigned char>(word[bytes]) & 0xc0) == 0x80) ++bytes;
    const std::string_view character = word.substr(0, bytes);
    if (columns(list.back()) + columns(character) > width) list.emplace_back();
    list.back() += character;
    word.remove_prefix(bytes);
  }
  return list;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  for (const std::string& word : with_units(words_of(text))) {
    for (const std::string& piece : pieces(word, width)) {
      if (!lines.back().empty() && columns(lines.back()) + 1 + columns(piece) > width) lines.emplace_back();
      lines.back() += (lines.back().empty() ? "" : " ") + piece;
    }
  }
  return lines;
}

}  // namespace

std::string Page::clean(std::string_view text) const {
  return elided(terminal_text(elided(text, longest_paragraph), unicode_), longest_paragraph);
}

std::string Page::inked(Ink ink, std::string_view text) const {
  if (!color_ || ink == Ink::plain) return std::string(text);
  return std::string(code_of(ink)) + std::string(text) + "\x1b[0m";
}

void Page::paragraph(std::string_view lead, std::size_t lead_columns, std::string_view text) {
  std::string indent(lead);
  for (const std::string& part : wrapped(clean(text), page_columns - lead_columns)) {
    line(indent + part);
    indent = std::string(lead_columns, ' ');
  }
}

void Page::fact(std::size_t indent, std::string_view label, std::string_view text) {
  const std::string lead = std::string(indent, ' ') + left(label, label_columns);
  paragraph(lead, columns(lead), text);
}

void Page::command(std::size_t indent, std::string_view command) {
  std::string current(indent, ' ');
  bool empty = true;
  for (const std::string& word : words_of(terminal_text(command, unicode_))) {
    if (!empty && columns(current) + 1 + columns(word) + 2 > page_columns) {
      line(current + " \\");
      current = std::string(indent + 4, ' ');
      empty = true;
    }
    current += (empty ? "" : " ") + word;
    empty = false;
  }
  line(current);
}

std::string Page::text() const {
  return defused(text_);
}

std::string left(std::string_view text, std::size_t width) {
  const std::size_t used = columns(text);
  return std::string(text) + std::string(used < width ? width - used : 0, ' ');
}

std::string right(std::string_view text, std::size_t width) {
  const std::size_t used = columns(text);
  return std::string(used < width ? width - used : 0, ' ') + std::string(text);
}

}  // namespace burstgate::report
