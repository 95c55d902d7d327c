// Markup that cannot be broken by what stands in it: elements and escaped text, for HTML and SVG. What comes out is
// well formed as XML as well, so that strict parsers can check it.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace burstgate::report {

// Finished markup. Only the functions below make it, so outside text is always escaped exactly once.
class Markup {
 public:
  Markup() = default;
  Markup& operator+=(const Markup& more) {
    source_ += more.source_;
    return *this;
  }
  friend Markup operator+(Markup a, const Markup& b) { return a += b; }
  bool empty() const { return source_.empty(); }
  const std::string& source() const { return source_; }

 private:
  friend Markup text(std::string_view);
  friend Markup element(std::string_view, std::initializer_list<std::pair<std::string_view, std::string>>,
                        const Markup&);
  friend Markup own_markup(std::string_view);
  std::string source_;
};

using Attributes = std::initializer_list<std::pair<std::string_view, std::string>>;

// Character data; line feeds stay, every other control character becomes visible.
Markup text(std::string_view outside);

// <name a="b">content</name>, or <name a="b"/> for elements that HTML knows to be empty and for empty SVG shapes.
// Names are ours; values are escaped; an attribute with an empty value is left out.
Markup element(std::string_view name, Attributes attributes, const Markup& content = {});

// A constant of this program (style sheet, doctype) as it stands.
Markup own_markup(std::string_view constant);

}  // namespace burstgate::report
