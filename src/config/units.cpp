// One grammar for every quantity: [sign] digits [. digits] unit. No exponents, no blanks, no locale; what does not
// match is refused together with what was probably meant.
#include "config/units.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

#include "base/text.hpp"

namespace burstgate::config {

namespace {

struct Unit {
  std::string_view name;
  double factor;
};

// What a kind of quantity is called and which units it has; `usual` is proposed when the unit is missing.
struct Quantity {
  std::string_view expected;
  std::string_view usual;
  std::vector<Unit> units;
  bool may_be_signed = false;
};

const Quantity& durations() {
  static const Quantity quantity{
      "expected a duration such as 250ms, 1.5s, 2m",
      "ms",
      {{"us", 1}, {"ms", 1e3}, {"s", 1e6}, {"m", 60e6}, {"h", 3600e6}},
  };
  return quantity;
}

const Quantity& rates() {
  static const Quantity quantity{
      "expected a rate such as 100/s, 6000/m, 1.5k/s",
      "/s",
      {{"/s", 1}, {"/m", 1.0 / 60}, {"/h", 1.0 / 3600}, {"k/s", 1e3}, {"k/m", 1e3 / 60}},
  };
  return quantity;
}

const Quantity& percents() {
  static const Quantity quantity{"expected a percentage such as 20%", "%", {{"%", 0.01}}, true};
  return quantity;
}

const Quantity& points() {
  static const Quantity quantity{"expected percentage points such as 0.5pp", "pp", {{"pp", 0.01}}, true};
  return quantity;
}

const Quantity& sizes() {
  static const Quantity quantity{
      "expected a size such as 512B, 64KiB, 10MB",
      "B",
      {{"B", 1}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}},
  };
  return quantity;
}

constexpr std::size_t max_digits = 15;  // more would not survive in a double
constexpr std::size_t longest_shown = 40;

std::string quoted(std::string_view text) {
  return fmt::format("'{}'", elided(text, longest_shown));
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Length of "digits [. digits]" at the head of `text`; 0 when it does not begin like that.
std::size_t number_length(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && is_digit(text[i])) ++i;
  if (i == 0) return 0;
  if (i + 1 < text.size() && text[i] == '.' && is_digit(text[i + 1])) {
    ++i;
    while (i < text.size() && is_digit(text[i])) ++i;
  }
  return i;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// The unit that somebody who wrote `word` had in mind, or empty.
std::string meant_unit(std::string_view word, const Quantity& quantity) {
  while (word.starts_with(' ') || word.starts_with('.')) word.remove_prefix(1);
  for (const Unit& unit : quantity.units) {
    if (unit.name == word) return std::string(unit.name);
  }
  for (const Unit& unit : quantity.units) {
    if (lower(unit.name) == lower(word)) return std::string(unit.name);
  }
  static const std::vector<std::pair<std::string_view, std::string_view>> long_names = {
      {"sec", "s"},           {"secs", "s"},    {"seconds", "s"}, {"second", "s"}, {"min", "m"},
      {"mins", "m"},          {"minutes", "m"}, {"minute", "m"},  {"hours", "h"},  {"hour", "h"},
      {"msec", "ms"},         {"millis", "ms"}, {"usec", "us"},   {"µs", "us"},    {"milliseconds", "ms"},
      {"microseconds", "us"}, {"rps", "/s"},    {"/sec", "/s"},   {"req/s", "/s"}, {"k", "KiB"},
      {"m", "MiB"},           {"g", "GiB"},     {"percent", "%"},
  };
  std::vector<std::string> names;
  for (const Unit& unit : quantity.units) names.emplace_back(unit.name);
  for (const auto& [long_name, name] : long_names) {
    if (lower(word) != long_name) continue;
    for (const Unit& unit : quantity.units) {
      if (unit.name == name) return std::string(name);
    }
  }
  return word.size() > 1 ? nearest_word(word, names) : std::string{};  // a single letter is near to everything
}

Parsed<double> refused(std::string_view text, std::string_view sign, std::string_view number, std::string_view rest,
                       const Quantity& quantity) {
  const auto proposal = [&](std::string_view unit) { return fmt::format("did you mean {}{}{}?", sign, number, unit); };
  const std::string meant = number.empty() ? std::string{} : meant_unit(rest, quantity);
  if (number.empty()) return UnitError{quoted(text) + " has no number", std::string(quantity.expected)};
  if (rest.empty()) return UnitError{quoted(text) + " has no unit", proposal(quantity.usual)};
  const std::string what = fmt::format("{} has the unknown unit '{}'", quoted(text), elided(rest, longest_shown));
  return UnitError{what, meant.empty() ? std::string(quantity.expected) : proposal(meant)};
}

// The value in the quantity's base unit.
Parsed<double> parse(std::string_view text, const Quantity& quantity) {
  std::string_view rest = text;
  std::string_view sign;
  if (!rest.empty() && (rest[0] == '+' || rest[0] == '-')) sign = rest.substr(0, 1), rest.remove_prefix(1);
  if (!sign.empty() && !quantity.may_be_signed) {
    return UnitError{quoted(text) + " has a sign", std::string(quantity.expected)};
  }
  const std::string_view number = rest.substr(0, number_length(rest));
  rest.remove_prefix(number.size());
  for (const Unit& unit : quantity.units) {
    if (number.empty() || rest != unit.name) continue;
    if (number.size() > max_digits) {
      return UnitError{quoted(text) + " has too many digits", std::string(quantity.expected)};
    }
    double value = 0;
    std::from_chars(number.data(), number.data() + number.size(), value);
    value *= unit.factor;
    return sign == "-" ? -value : value;
  }
  return refused(text, sign, number, rest, quantity);
}

}  // namespace

Parsed<std::chrono::microseconds> parse_duration(std::string_view text) {
  const Parsed<double> parsed = parse(text, durations());
  if (const auto* error = std::get_if<UnitError>(&parsed)) return *error;
  const double microseconds = std::get<double>(parsed);
  if (microseconds > 9e18) return UnitError{quoted(text) + " is too long", std::string(durations().expected)};
  return std::chrono::microseconds(std::llround(microseconds));
}

Parsed<double> parse_rate(std::string_view text) {
  const Parsed<double> parsed = parse(text, rates());
  if (const auto* value = std::get_if<double>(&parsed); value && *value <= 0) {
    return UnitError{quoted(text) + " is not above zero", std::string(rates().expected)};
  }
  return parsed;
}

Parsed<double> parse_percent(std::string_view text) {
  return parse(text, percents());
}

Parsed<double> parse_percentage_points(std::string_view text) {
  return parse(text, points());
}

Parsed<std::uint64_t> parse_bytes(std::string_view text) {
  const Parsed<double> parsed = parse(text, sizes());
  if (const auto* error = std::get_if<UnitError>(&parsed)) return *error;
  const double bytes = std::get<double>(parsed);
  if (bytes > 9e15) return UnitError{quoted(text) + " is too large", std::string(sizes().expected)};
  return static_cast<std::uint64_t>(std::llround(bytes));
}

namespace {

// "1.5" for 1'500'000 / 1'000'000; `decimals` digits at most, or nothing when that is not exact.
std::optional<std::string> exact(std::int64_t microseconds, std::int64_t unit, int decimals) {
  std::int64_t scale = 1;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  const std::int64_t whole = microseconds / unit;
  const std::int64_t scaled_rest = microseconds % unit * scale;
  if (scaled_rest % unit != 0) return std::nullopt;
  std::string text = fmt::format("{}.{:0{}}", whole, scaled_rest / unit, decimals);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

std::string to_text(std::chrono::microseconds duration) {
  const std::int64_t us = duration.count();
  struct Choice {
    std::int64_t unit;
    int decimals;
    std::string_view name;
  };
  // Hours and minutes only where they read well; "60.5 s", not "1.008 min".
  for (const Choice& choice : {Choice{3'600'000'000, 2, "h"}, Choice{60'000'000, 2, "min"}, Choice{1'000'000, 6, "s"},
                               Choice{1'000, 3, "ms"}}) {
    if (us < choice.unit) continue;
    if (const auto text = exact(us, choice.unit, choice.decimals)) return fmt::format("{} {}", *text, choice.name);
  }
  return us == 0 ? "0 s" : fmt::format("{} us", us);
}

}  // namespace burstgate::config
