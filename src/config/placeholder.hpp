// Places in a text where a value is put in when it is sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/place.hpp"

namespace burstgate::config {

// {random:int:1:100}, {random:uuid}, {random:hex:16}, {random:choice:a|b}: drawn each time it is put in.
struct Random {
  enum class Kind { integer, uuid, hex, choice };
  Kind kind = Kind::uuid;
  std::int64_t low = 0, high = 0;    // integer: both may be drawn
  int digits = 0;                    // hex
  std::vector<std::string> choices;  // at least one
};

// What a value becomes where it is put in.
enum class Encoding {
  verbatim,
  header,      // refused with a control character in it
  segment,     // of a URL: everything but letters, digits and -._~ as %XX
  target,      // {name:raw} in a URL: only what may not stand in a request line as %XX
  form,        // as segment, blanks as +
  json_text,   // inside a JSON string
  json_value,  // {name:json}: a value that is JSON as it stands, anything else as a string
};

// A place in a text where a value is put in.
struct Placeholder {
  std::size_t at = 0;  // before this byte of the text
  std::string name;    // "session", "random:uuid"
  Encoding encoding = Encoding::verbatim;
  std::optional<Random> random;  // otherwise a variable:
  std::size_t slot = 0;          // its number among the scenario's
  Place place;
};

// The text with its placeholders by name, as in "/items/{id}?q={random:uuid}".
std::string spelled(std::string_view text, const std::vector<Placeholder>& placeholders);

}  // namespace burstgate::config
