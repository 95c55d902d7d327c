#include "config/pattern.hpp"

#include <fmt/format.h>

namespace burstgate::config {

namespace {

// What a match must begin with, as far as it can be read off simply.
std::string literal_prefix(const std::string& pattern) {
  constexpr std::string_view special = "\\^$.|?*+()[]{}";
  if (pattern.find('|') != std::string::npos) return {};
  const std::size_t end = std::min(pattern.find_first_of(special), pattern.size());
  const bool repeated = end < pattern.size() && std::string_view("?*{").find(pattern[end]) != std::string_view::npos;
  return pattern.substr(0, repeated && end > 0 ? end - 1 : end);
}

std::regex::flag_type flags() {
  auto flags = std::regex::ECMAScript | std::regex::optimize;
#ifdef __GLIBCXX__
  flags |=
      std::regex_constants::__polynomial;  // states side by side: the other way recurses for every byte of the text
#endif
  return flags;
}

}  // namespace

Parsed<Pattern> Pattern::compile(const std::string& text) {
  constexpr const char* expected = "expected an ECMAScript expression such as name=\"csrf\" value=\"([^\"]+)\"";
  if (text.empty()) return UnitError{"an empty regular expression", expected};
  if (text.size() > max_pattern_bytes) {
    return UnitError{fmt::format("a regular expression of more than {} bytes", max_pattern_bytes), expected};
  }
  Pattern pattern;
  try {
    pattern.regex_ = std::regex(text, flags());
  } catch (const std::regex_error& error) {
    if (error.code() == std::regex_constants::error_complexity) {
      return UnitError{"a regular expression that refers back to a group", "this is not supported"};
    }
    return UnitError{"not a regular expression", expected};
  }
  pattern.prefix_ = literal_prefix(text);
  return pattern;
}

std::optional<std::string_view> Pattern::find(std::string_view text) const {
  std::match_results<std::string_view::const_iterator> match;
  const auto searched = [&](std::size_t from, std::regex_constants::match_flag_type how) {
    const std::string_view part = text.substr(from, max_searched_bytes);
    if (!std::regex_search(part.begin(), part.end(), match, regex_, how)) return std::string_view();
    const auto& group = match[match.size() > 1 ? 1 : 0];
    return part.substr(static_cast<std::size_t>(group.first - part.begin()), static_cast<std::size_t>(group.length()));
  };
  if (prefix_.empty()) {
    const std::string_view found = searched(0, std::regex_constants::match_default);
    return match.empty() ? std::nullopt : std::optional(found);
  }
  for (std::size_t at = text.find(prefix_); at != std::string_view::npos; at = text.find(prefix_, at + 1)) {
    auto how = std::regex_constants::match_continuous;
    if (at > 0) how |= std::regex_constants::match_prev_avail;
    const std::string_view found = searched(at, how);
    if (!match.empty()) return found;
  }
  return std::nullopt;
}

}  // namespace burstgate::config
