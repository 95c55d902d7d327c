#include "config/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "config/units.hpp"

namespace burstgate::config {

namespace {

constexpr std::size_t longest_shown = 60;

void wrong_type(const Value& value, std::string_view what, std::string_view expected, Mistakes& mistakes,
                const std::string& hint = {}) {
  if (value.kind == Value::Kind::refused) return;
  mistakes.add("E-102", value.place, fmt::format("{}: expected {}, got {}", what, expected, described(value)), hint);
}

void out_of_range(const Value& value, std::string_view what, std::string_view allowed, Mistakes& mistakes) {
  mistakes.add("E-105", value.place, fmt::format("{}: {} is out of range", what, elided(value.text, longest_shown)),
               fmt::format("allowed is {}", allowed));
}

// A quantity with a unit: any scalar, quoted or not; what is wrong with it is the unit parser's to say.
template <typename T>
std::optional<T> read_quantity(const Value& value, std::string_view what, std::string_view expected,
                               Parsed<T> (*parse)(std::string_view), Mistakes& mistakes) {
  if (value.kind != Value::Kind::scalar) {
    wrong_type(value, what, expected, mistakes);
    return std::nullopt;
  }
  const Parsed<T> parsed = parse(value.text);
  if (const auto* error = std::get_if<UnitError>(&parsed)) {
    mistakes.add("E-104", value.place, fmt::format("{}: {}", what, error->what), error->expected);
    return std::nullopt;
  }
  return std::get<T>(parsed);
}

std::string bytes_text(std::uint64_t bytes) {
  if (bytes >= 1u << 30 && bytes % (1u << 30) == 0) return fmt::format("{}GiB", bytes >> 30);
  if (bytes >= 1u << 10 && bytes % (1u << 10) == 0) return fmt::format("{}KiB", bytes >> 10);
  return fmt::format("{}B", bytes);
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

std::string described(const Value& value) {
  switch (value.kind) {
    case Value::Kind::mapping:
      return "a mapping";
    case Value::Kind::sequence:
      return "a list";
    case Value::Kind::scalar:
      return value.quoted ? fmt::format("the text \"{}\"", elided(value.text, longest_shown))
                          : fmt::format("'{}'", elided(value.text, longest_shown));
    case Value::Kind::null:
    case Value::Kind::refused:
      break;
  }
  return "nothing";
}

Value flag_value(const std::string& text, const std::string& origin) {
  Value value;
  value.kind = Value::Kind::scalar;
  value.text = text;
  value.place = Place{origin, 0, 0};
  return value;
}

bool read_mapping(const Value& value, std::string_view what, const std::vector<Field>& fields, Mistakes& mistakes) {
  if (value.kind != Value::Kind::mapping) {
    wrong_type(value, what, "a mapping", mistakes);
    return false;
  }
  std::vector<std::string> supported;
  for (const Field& field : fields) {
    if (field.read) supported.push_back(field.key);
  }
  for (const Entry& entry : value.entries) {
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.key == entry.key; });
    if (field == fields.end()) {
      const bool merge_key = entry.key == "<<" && entry.value.kind == Value::Kind::refused;  // the anchor is reported
      if (merge_key) continue;
      std::string hint = did_you_mean(entry.key, supported);
      if (hint.empty()) hint = "known are " + join(supported, ", ");
      mistakes.add("E-101", entry.place, fmt::format("unknown key '{}' in {}", elided(entry.key, longest_shown), what),
                   hint);
    } else if (!field->read) {
      mistakes.add("E-108", entry.place, fmt::format("'{}' is not supported by this version", entry.key));
    } else {
      field->read(entry);
    }
  }
  return true;
}

void read_entries(const Value& value, std::string_view what, const std::function<void(const Entry&)>& read,
                  Mistakes& mistakes) {
  if (value.kind != Value::Kind::mapping) return wrong_type(value, what, "a mapping", mistakes);
  for (const Entry& entry : value.entries) read(entry);
}

bool read_items(const Value& value, std::string_view what, const std::function<void(const Value&)>& read,
                Mistakes& mistakes) {
  if (value.kind != Value::Kind::sequence) {
    wrong_type(value, what, "a list", mistakes);
    return false;
  }
  if (value.items.empty()) {
    mistakes.add("E-102", value.place, fmt::format("{}: the list is empty", what));
    return false;
  }
  for (const Value& item : value.items) read(item);
  return true;
}

std::optional<std::string> read_text(const Value& value, std::string_view what, Mistakes& mistakes) {
  if (value.kind == Value::Kind::mapping && value.entries.size() == 1 &&
      value.entries[0].value.kind == Value::Kind::null) {
    wrong_type(value, what, "text", mistakes, fmt::format("put it in quotes: \"{{{}}}\"", value.entries[0].key));
    return std::nullopt;
  }
  if (value.kind != Value::Kind::scalar) {
    wrong_type(value, what, "text", mistakes);
    return std::nullopt;
  }
  const bool from_flag = value.place.line == 0;
  if (!value.quoted && !from_flag && plain_meaning(value.text) != PlainMeaning::text) {
    wrong_type(value, what, "text", mistakes,
               fmt::format("put it in quotes: \"{}\"", elided(value.text, longest_shown)));
    return std::nullopt;
  }
  if (value.text.empty()) {
    mistakes.add("E-102", value.place, fmt::format("{}: the text is empty", what));
    return std::nullopt;
  }
  return value.text;
}

std::optional<std::string> read_line(const Value& value, std::string_view what, Mistakes& mistakes) {
  const auto text = read_text(value, what, mistakes);
  if (!text) return std::nullopt;
  const auto control = std::find_if(text->begin(), text->end(), is_control);
  if (control == text->end()) return text;
  mistakes.add("E-119", value.place,
               fmt::format("{}: contains the control character 0x{:02x}", what, static_cast<unsigned char>(*control)));
  return std::nullopt;
}

std::optional<std::size_t> read_choice(const Entry& entry, const std::vector<std::string>& words, Mistakes& mistakes) {
  const auto word = read_line(entry.value, entry.key, mistakes);
  if (!word) return std::nullopt;
  const auto found = std::find(words.begin(), words.end(), *word);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  const std::string hint = did_you_mean(*word, words);
  mistakes.add("E-105", entry.value.place, fmt::format("{}: unknown '{}'", entry.key, elided(*word, longest_shown)),
               hint.empty() ? "known are " + join(words, ", ") : hint);
  return std::nullopt;
}

std::optional<bool> read_bool(const Value& value, std::string_view what, Mistakes& mistakes) {
  if (value.kind == Value::Kind::scalar && !value.quoted) {
    if (value.text == "true") return true;
    if (value.text == "false") return false;
  }
  wrong_type(value, what, "true or false", mistakes);
  return std::nullopt;
}

std::optional<std::int64_t> read_integer(const Value& value, std::string_view what, IntegerRange range,
                                         Mistakes& mistakes) {
  const bool number =
      value.kind == Value::Kind::scalar && !value.quoted && plain_meaning(value.text) == PlainMeaning::number;
  if (!number || value.text.find('.') != std::string::npos) {
    const bool digits_in_quotes = value.quoted && plain_meaning(value.text) == PlainMeaning::number;
    wrong_type(value, what, "a whole number in decimal digits", mistakes,
               digits_in_quotes ? "write it without quotes" : "");
    return std::nullopt;
  }
  std::int64_t parsed = 0;
  const auto [end, error] = std::from_chars(value.text.data(), value.text.data() + value.text.size(), parsed);
  if (error != std::errc{} || parsed < range.least || parsed > range.most) {
    out_of_range(value, what, fmt::format("{} to {}", range.least, range.most), mistakes);
    return std::nullopt;
  }
  return parsed;
}

std::optional<double> read_positive(const Value& value, std::string_view what, double most, Mistakes& mistakes) {
  if (value.kind != Value::Kind::scalar || value.quoted || plain_meaning(value.text) != PlainMeaning::number) {
    wrong_type(value, what, "a decimal number", mistakes);
    return std::nullopt;
  }
  double parsed = 0;
  const auto [end, error] = std::from_chars(value.text.data(), value.text.data() + value.text.size(), parsed);
  if (error != std::errc{} || parsed <= 0 || parsed > most) {
    out_of_range(value, what, fmt::format("above 0, at most {}", most), mistakes);
    return std::nullopt;
  }
  return parsed;
}

std::optional<std::chrono::microseconds> read_duration(const Value& value, std::string_view what, DurationRange range,
                                                       Mistakes& mistakes) {
  const auto parsed = read_quantity(value, what, "a duration such as 10s", parse_duration, mistakes);
  if (parsed && (*parsed < range.least || *parsed > range.most)) {
    out_of_range(value, what, fmt::format("{} to {}", to_text(range.least), to_text(range.most)), mistakes);
    return std::nullopt;
  }
  return parsed;
}

std::optional<double> read_rate(const Value& value, std::string_view what, RateRange range, Mistakes& mistakes) {
  const auto allowed = fmt::format("{}/s to {:.0f}/s", range.least, range.most);
  const bool zero = value.kind == Value::Kind::scalar && (value.text == "0/s" || value.text == "0");
  if (zero) {
    out_of_range(value, what, allowed, mistakes);
    return std::nullopt;
  }
  const auto parsed = read_quantity(value, what, "a rate such as 100/s", parse_rate, mistakes);
  if (parsed && (*parsed < range.least || *parsed > range.most)) {
    out_of_range(value, what, allowed, mistakes);
    return std::nullopt;
  }
  return parsed;
}

std::optional<std::uint64_t> read_bytes(const Value& value, std::string_view what, std::uint64_t least,
                                        std::uint64_t most, Mistakes& mistakes) {
  const auto parsed = read_quantity(value, what, "a size such as 64MiB", parse_bytes, mistakes);
  if (parsed && (*parsed < least || *parsed > most)) {
    out_of_range(value, what, fmt::format("{} to {}", bytes_text(least), bytes_text(most)), mistakes);
    return std::nullopt;
  }
  return parsed;
}

}  // namespace burstgate::config
