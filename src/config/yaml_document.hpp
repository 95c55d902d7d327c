// A YAML file as a small tree with places. Everything about YAML that surprises is refused here: aliases, tags,
// duplicate and non-text keys, several documents, odd encodings, documents that explode.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/place.hpp"
#include "config/mistakes.hpp"

namespace burstgate::config {

struct Entry;

struct Value {
  enum class Kind { null, scalar, sequence, mapping, refused };  // refused: already reported; readers skip it
  Kind kind = Kind::null;
  bool quoted = false;         // a scalar in quotes or a block scalar: text, whatever it looks like
  std::string text;            // of a scalar
  std::vector<Value> items;    // of a sequence
  std::vector<Entry> entries;  // of a mapping, in the order of the file; keys are unique
  Place place;
};

struct Entry {
  std::string key;
  Place place;  // of the key
  Value value;
};

// Parses `text`; `file` names it in places. Nothing when it cannot be read at all (the reason is in `mistakes`).
std::optional<Value> parse_yaml(const std::string& text, const std::string& file, Mistakes& mistakes);

// What a scalar without quotes stands for. YAML 1.1 and 1.2 disagree about `no`, 0x10, 1_000, 08, 1:30, 1e3 ...: these
// are ambiguous, and nobody's guess is taken.
enum class PlainMeaning { text, boolean, number, ambiguous };
PlainMeaning plain_meaning(std::string_view text);

inline constexpr std::size_t max_yaml_scalar_bytes = 256u << 10;

}  // namespace burstgate::config
