// Typed reading of YAML values: each function returns the value, or reports what was expected and returns nothing.
// A value that came from a flag is read by the same functions (flag_value()).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/yaml_document.hpp"

namespace burstgate::config {

// A value and where it was written, for notes and contradictions.
template <typename T>
struct Placed {
  T value{};
  Place place;
};

// Reads into `target` and remembers the place; what was refused leaves it as it is.
template <typename T, typename From>
void keep(std::optional<Placed<T>>& target, const std::optional<From>& value, const Place& place) {
  if (value) target = Placed<T>{static_cast<T>(*value), place};
}

// One key of a mapping, and what to do with it. Without `read` the key is known, but belongs to a later version.
struct Field {
  std::string key;
  std::function<void(const Entry&)> read;
};

// Calls the fields' functions in the order of the file; reports other keys with the nearest known one. `what` names the
// mapping in messages ("a step"). False: `value` is no mapping (reported).
bool read_mapping(const Value& value, std::string_view what, const std::vector<Field>& fields, Mistakes& mistakes);

// Calls `read` for every entry of a mapping whose keys are the user's own.
void read_entries(const Value& value, std::string_view what, const std::function<void(const Entry&)>& read,
                  Mistakes& mistakes);

// Calls `read` for every item; reports what is no list. False when there was none to read.
bool read_items(const Value& value, std::string_view what, const std::function<void(const Value&)>& read,
                Mistakes& mistakes);

// Text of one line. A number, true, no ... without quotes is refused: it is not clear that text was meant.
std::optional<std::string> read_line(const Value& value, std::string_view what, Mistakes& mistakes);
// The same with any character in it.
std::optional<std::string> read_text(const Value& value, std::string_view what, Mistakes& mistakes);

// One of the words: its index.
std::optional<std::size_t> read_choice(const Entry& entry, const std::vector<std::string>& words, Mistakes& mistakes);

std::optional<bool> read_bool(const Value& value, std::string_view what, Mistakes& mistakes);

struct IntegerRange {
  std::int64_t least;
  std::int64_t most;
};
std::optional<std::int64_t> read_integer(const Value& value, std::string_view what, IntegerRange range,
                                         Mistakes& mistakes);

// A plain decimal number above 0, at most `most`.
std::optional<double> read_positive(const Value& value, std::string_view what, double most, Mistakes& mistakes);

struct DurationRange {
  std::chrono::microseconds least;
  std::chrono::microseconds most;
};
std::optional<std::chrono::microseconds> read_duration(const Value& value, std::string_view what, DurationRange range,
                                                       Mistakes& mistakes);

struct RateRange {
  double least;
  double most;
};
std::optional<double> read_rate(const Value& value, std::string_view what, RateRange range, Mistakes& mistakes);

std::optional<std::uint64_t> read_bytes(const Value& value, std::string_view what, std::uint64_t least,
                                        std::uint64_t most, Mistakes& mistakes);

// "a mapping", "a list", "nothing", "'abc'".
std::string described(const Value& value);

// A flag's value as if it had been written in a file; its place reads "--users".
Value flag_value(const std::string& text, const std::string& origin);

}  // namespace burstgate::config
