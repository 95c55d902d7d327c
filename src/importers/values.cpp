#include "importers/values.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "base/text.hpp"
#include "base/utc_time.hpp"

namespace burstgate::importers {

namespace {

constexpr std::size_t longest_shown = 80;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool has_decimal_comma(std::string_view text) {
  const auto comma = text.find(',');
  return comma != text.npos && comma > 0 && comma + 1 < text.size() && is_digit(text[comma - 1]) &&
         is_digit(text[comma + 1]);
}

[[noreturn]] void refuse(const Source& source, std::string_view text, std::string_view name, std::string_view expected,
                         std::uint64_t line) {
  source.fail(malformed, fmt::format("{}: expected {}, got \"{}\"", name, expected, elided(text, longest_shown)),
              has_decimal_comma(text) ? "a decimal comma? run the tool with LC_ALL=C" : "", line);
}

struct Unit {
  std::string_view name;
  double us;
};
constexpr std::array<Unit, 12> units = {{{"ns", us_per_ns},
                                         {"us", 1},
                                         {"\xc2\xb5s", 1},  // MICRO SIGN
                                         {"\xce\xbcs", 1},  // GREEK SMALL LETTER MU
                                         {"ms", us_per_ms},
                                         {"msec", us_per_ms},
                                         {"s", us_per_s},
                                         {"sec", us_per_s},
                                         {"secs", us_per_s},
                                         {"seconds", us_per_s},
                                         {"m", 60 * us_per_s},
                                         {"h", 3600 * us_per_s}}};

// The fraction's digits behind "." as microseconds; `rest` is what follows them.
std::optional<std::int64_t> fraction_us(std::string_view& rest) {
  if (!rest.starts_with('.')) return 0;
  rest.remove_prefix(1);
  std::int64_t us = 0;
  std::int64_t weight = 100'000;
  std::size_t digits = 0;
  for (; digits < rest.size() && is_digit(rest[digits]); ++digits, weight /= 10) us += (rest[digits] - '0') * weight;
  if (digits == 0) return std::nullopt;
  rest.remove_prefix(digits);
  return us;
}

// "Z", "+02:00": seconds to subtract.
std::optional<std::int64_t> offset_s(std::string_view zone) {
  if (zone == "Z") return 0;
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
  const auto hours = count_in(zone.substr(1, 2)), minutes = count_in(zone.substr(4, 2));
  if (!hours || !minutes) return std::nullopt;
  const auto seconds = static_cast<std::int64_t>(*hours * 3600 + *minutes * 60);
  return zone[0] == '+' ? seconds : -seconds;
}

}  // namespace

std::optional<double> number_in(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> count_in(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

int status_in(std::string_view text) {
  constexpr std::uint64_t first = 100, last = 999;
  const auto value = count_in(text);
  return value && *value >= first && *value <= last ? static_cast<int>(*value) : 0;
}

double need_number(const Source& source, std::string_view text, std::string_view name, std::uint64_t line) {
  const auto value = number_in(text);
  if (!value || *value < 0) refuse(source, text, name, "a number, at least 0", line);
  return *value;
}

std::uint64_t need_count(const Source& source, std::string_view text, std::string_view name, std::uint64_t line) {
  constexpr std::uint64_t most = std::uint64_t{1} << 53;  // exact in every JSON reader
  const auto value = count_in(text);
  if (!value || *value > most) refuse(source, text, name, "a whole number", line);
  return *value;
}

std::int64_t need_time_us(const Source& source, std::string_view text, std::string_view name, double us_per_unit) {
  constexpr double most_us = 30.0 * 24 * 3600 * us_per_s;
  const double us = need_number(source, text, name) * us_per_unit;
  if (us > most_us) refuse(source, text, name, "a time of at most 30 days", 0);
  return std::llround(us);
}

std::optional<double> time_with_unit_us(std::string_view text) {
  const auto number_end = text.find_first_not_of("0123456789.");
  if (number_end == text.npos || number_end == 0) return std::nullopt;
  const auto value = number_in(text.substr(0, number_end));
  const std::string_view unit = trimmed(text.substr(number_end));
  for (const Unit& known : units) {
    if (value && unit == known.name) return *value * known.us;
  }
  return std::nullopt;
}

std::optional<std::int64_t> rfc3339_us(std::string_view text) {
  constexpr std::size_t seconds_end = 19;  // "2026-11-21T13:15:54"
  if (text.size() <= seconds_end) return std::nullopt;
  std::array<char, seconds_end + 1> form{};
  text.copy(form.data(), seconds_end);
  form[10] = form[10] == ' ' ? 'T' : form[10];
  form[seconds_end] = 'Z';
  const auto seconds = from_iso8601({form.data(), form.size()});
  std::string_view rest = text.substr(seconds_end);
  const auto fraction = fraction_us(rest);
  const auto offset = offset_s(rest);
  if (!seconds || !fraction || !offset) return std::nullopt;
  return (*seconds - *offset) * 1'000'000 + *fraction;
}

std::optional<Epoch> epoch_in(std::string_view text) {
  const auto point = text.find('.');
  const auto whole = count_in(text.substr(0, point));
  if (!whole || *whole > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
  const auto value = static_cast<std::int64_t>(*whole);
  constexpr std::int64_t first_ms = 100'000'000'000, first_us = first_ms * 1000, first_ns = first_us * 1000;
  if (value >= first_ns) return Epoch{value / 1000, false};
  if (value >= first_us) return Epoch{value, false};
  if (value >= first_ms) return Epoch{value * 1000, false};
  if (point == text.npos) return Epoch{value * 1'000'000, true};
  std::string_view rest = text.substr(point);
  const auto fraction = fraction_us(rest);
  if (!fraction || !rest.empty()) return std::nullopt;
  return Epoch{value * 1'000'000 + *fraction, false};
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace burstgate::importers
