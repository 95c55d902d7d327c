#include <algorithm>
#include <array>

#include "config/yaml_document.hpp"

namespace burstgate::config {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t digits(std::string_view text, std::size_t from) {
  std::size_t i = from;
  while (i < text.size() && is_digit(text[i])) ++i;
  return i - from;
}

// -?(0|[1-9][0-9]*)(\.[0-9]+)?: the numbers that every YAML version and JSON read alike.
bool is_undisputed_number(std::string_view text) {
  std::size_t i = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = digits(text, i);
  if (whole == 0 || (whole > 1 && text[i] == '0')) return false;
  i += whole;
  if (i == text.size()) return true;
  return text[i] == '.' && digits(text, i + 1) > 0 && i + 1 + digits(text, i + 1) == text.size();
}

constexpr std::array<std::string_view, 28> ambiguous_words = {
    "yes",   "Yes",   "YES",   "no",    "No",    "NO",    "on",   "On",   "ON",   "off",
    "Off",   "OFF",   "True",  "TRUE",  "False", "FALSE", ".inf", ".Inf", ".INF", "+.inf",
    "-.inf", "-.Inf", "-.INF", "+.Inf", "+.INF", ".nan",  ".NaN", ".NAN",
};

// Digits with underscores, colons, points, exponents, or another base: a number to some reader of YAML.
bool looks_like_number(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  if (text.starts_with("0x") || text.starts_with("0o") || text.starts_with("0b")) {
    const auto odd = [](char c) {
      return !(is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '_');
    };
    return text.size() > 2 && std::none_of(text.begin() + 2, text.end(), odd);
  }
  const std::size_t exponent = text.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    std::string_view power = text.substr(exponent + 1);
    if (power.starts_with('+') || power.starts_with('-')) power.remove_prefix(1);
    if (power.empty() || digits(power, 0) != power.size()) return false;
    text = text.substr(0, exponent);
  }
  const auto points = std::count(text.begin(), text.end(), '.');
  const auto odd = [](char c) { return !is_digit(c) && c != '_' && c != ':' && c != '.'; };
  const bool begins = !text.empty() && (is_digit(text[0]) || (text[0] == '.' && text.size() > 1 && is_digit(text[1])));
  return begins && points <= 1 && std::none_of(text.begin(), text.end(), odd);
}

}  // namespace

PlainMeaning plain_meaning(std::string_view text) {
  if (text == "true" || text == "false") return PlainMeaning::boolean;
  if (is_undisputed_number(text)) return PlainMeaning::number;
  const bool word = std::find(ambiguous_words.begin(), ambiguous_words.end(), text) != ambiguous_words.end();
  return word || looks_like_number(text) ? PlainMeaning::ambiguous : PlainMeaning::text;
}

}  // namespace burstgate::config
