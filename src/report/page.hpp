// A page of terminal text, 80 columns wide: wraps, indents, pads and colours. Knows nothing about verdicts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace burstgate::report {

inline constexpr std::size_t page_columns = 80;
inline constexpr std::size_t longest_paragraph = 600;  // bytes of outside text that a page shows in one go

enum class Ink { plain, good, warn, bad, doubt, bold, faint };

class Page {
 public:
  Page(bool color, bool unicode) : color_(color), unicode_(unicode) {}

  bool unicode() const { return unicode_; }

  // The text made safe for this terminal and at most longest_paragraph bytes.
  std::string clean(std::string_view text) const;
  std::string inked(Ink ink, std::string_view text) const;

  void blank() { text_ += '\n'; }
  void title(std::string_view text) { text_ += '\n' + inked(Ink::bold, text) + '\n'; }
  void line(std::string_view finished) { text_ += std::string(finished) + '\n'; }  // as it stands

  // `lead` (as it stands, `lead_columns` wide) and then the outside text, wrapped with a hanging indent below it.
  void paragraph(std::string_view lead, std::size_t lead_columns, std::string_view text);
  // "  label     text", the text in a column of its own.
  void fact(std::size_t indent, std::string_view label, std::string_view text);
  // A command line to copy: wrapped at blanks with a backslash, never inside a word, and never shortened.
  void command(std::size_t indent, std::string_view command);

  std::string text() const;

 private:
  bool color_;
  bool unicode_;
  std::string text_;
};

// `text` filled up with blanks to so many columns: `left` aligned to the left, `right` to the right.
std::string left(std::string_view text, std::size_t width);
std::string right(std::string_view text, std::size_t width);

}  // namespace burstgate::report
