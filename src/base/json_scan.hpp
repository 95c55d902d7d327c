// Looking into JSON text without building it: where the members of an object and the elements of an array stand. What
// nobody asks for is skipped at the speed of a search for brackets. For files that were written by ourselves and are
// read by the thousand; whoever needs all of a file, or its mistakes with their places, takes base/json_text.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace burstgate {

struct JsonMember {
  std::string_view key;    // as it is written, escapes included
  std::string_view value;  // likewise: "12.5", "\"text\"", "{...}"
};

// The whole text as one object or array; nothing when it is none, or when brackets or quotes are not closed. What
// stands inside of the values is not looked at.
std::optional<std::vector<JsonMember>> json_members(std::string_view object);
std::optional<std::vector<std::string_view>> json_elements(std::string_view array);

// One of them; an empty view when it is not there.
std::string_view member_named(const std::vector<JsonMember>& members, std::string_view key);

// A scalar as it stands in the text; nothing for anything else.
std::optional<std::string> json_string(std::string_view value);
std::optional<double> json_number(std::string_view value);  // finite
std::optional<bool> json_boolean(std::string_view value);

}  // namespace burstgate
