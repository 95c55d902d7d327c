// Regular expressions over answers. A text from a peer must not cost more than its length: no expression backtracks,
// and only so much of a text is looked at.
#pragma once

#include <optional>
#include <regex>
#include <string>
#include <string_view>

#include "config/units.hpp"

namespace burstgate::config {

class Pattern {
 public:
  // ECMAScript's syntax without references to groups. UnitError: why it is none.
  static Parsed<Pattern> compile(const std::string& text);

  // The first group of the first match, or the whole match when there is no group.
  std::optional<std::string_view> find(std::string_view text) const;

 private:
  std::regex regex_;
  std::string prefix_;  // every match begins with this; found much faster than the rest
};

inline constexpr std::size_t max_searched_bytes = 16u << 10;  // of a text, or from a match's beginning
inline constexpr std::size_t max_pattern_bytes = 1000;

}  // namespace burstgate::config
