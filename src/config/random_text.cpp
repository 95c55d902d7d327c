#include "config/random_text.hpp"

#include <charconv>

namespace burstgate::config {

namespace {

constexpr const char* examples =
    "expected {random:int:1:100}, {random:uuid}, {random:hex:16} or {random:choice:red|green}";

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

Parsed<Random> parse_integer(std::string_view text) {
  const std::size_t colon = text.find(':');
  const auto low = whole_number(text.substr(0, colon));
  const auto high = whole_number(colon == std::string_view::npos ? "" : text.substr(colon + 1));
  if (!low || !high) return UnitError{"random:int without its two whole numbers", examples};
  if (*low > *high) return UnitError{"random:int whose first number is above the second", "write the lower one first"};
  Random random;
  random.kind = Random::Kind::integer;
  random.low = *low;
  random.high = *high;
  return random;
}

Parsed<Random> parse_hex(std::string_view text) {
  const auto digits = whole_number(text);
  if (!digits || *digits < 1 || *digits > max_random_digits) {
    return UnitError{"random:hex without a number of digits from 1 to 64", examples};
  }
  Random random;
  random.kind = Random::Kind::hex;
  random.digits = static_cast<int>(*digits);
  return random;
}

}  // namespace

Parsed<Random> parse_random(std::string_view text) {
  constexpr std::string_view prefix = "random:";
  text.remove_prefix(prefix.size());
  const std::size_t colon = text.find(':');
  const std::string_view kind = text.substr(0, colon);
  const std::string_view rest = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  if (kind == "int") return parse_integer(rest);
  if (kind == "hex") return parse_hex(rest);
  if (kind == "uuid" && colon == std::string_view::npos) return Random{};
  if (kind != "choice" || rest.empty()) return UnitError{"a random value of no known kind", examples};
  Random random;
  random.kind = Random::Kind::choice;
  random.choices = split(rest, '|');
  return random;
}

}  // namespace burstgate::config
