#include "config/random_text.hpp"

#include <charconv>

namespace burstgate::config {

namespace {

constexpr const char* examples =
    "expected {random:int:1:100}, {random:uuid}, {random:hex:16} or {random:choice:red|green}";

// False: the text is no whole number.
bool read_whole(std::string_view text, std::int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
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
  Random random;
  random.kind = Random::Kind::integer;
  const bool whole = colon != std::string_view::npos && read_whole(text.substr(0, colon), random.low) &&
                     read_whole(text.substr(colon + 1), random.high);
  if (!whole) return UnitError{"random:int without its two whole numbers", examples};
  if (random.low > random.high) {
    return UnitError{"random:int whose first number is above the second", "write the lower one first"};
  }
  return random;
}

Parsed<Random> parse_hex(std::string_view text) {
  std::int64_t digits = 0;
  if (!read_whole(text, digits) || digits < 1 || digits > max_random_digits) {
    return UnitError{"random:hex without a number of digits from 1 to 64", examples};
  }
  Random random;
  random.kind = Random::Kind::hex;
  random.digits = static_cast<int>(digits);
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
