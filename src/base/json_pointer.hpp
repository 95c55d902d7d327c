// Values of a JSON text by RFC 6901 pointers, without building the document: an answer is looked at once, for one or
// two values. The text is read up to the value that was asked for; what stands behind it is not looked at.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace burstgate {

// "/items/0/id" -> {"items", "0", "id"}; "" -> {}: the whole document. Nothing: it does not begin with '/', or '~' is
// followed by neither 0 nor 1.
using JsonPointer = std::vector<std::string>;
std::optional<JsonPointer> parse_json_pointer(std::string_view text);

// The value as it stands in the text: 42, true, "a\"b", {"x": 1}. Nothing: there is none, or the text before it is not
// JSON. Of several members of one name the first counts.
std::optional<std::string_view> find_json(std::string_view document, const JsonPointer& pointer);

// What find_json() found as text: a string without its quotes and escapes, anything else as it stands.
void append_json_text(std::string& out, std::string_view value);
std::string json_text(std::string_view value);

// Whether two values, each as it stands in a text, are equal: strings by their characters, numbers by their value;
// arrays and objects only when they are written alike.
bool same_json(std::string_view a, std::string_view b);

// Whether the text is one JSON value and nothing else.
bool is_json(std::string_view text);

// The text as a JSON string, without the quotes around it. Bytes that are not UTF-8 stay as they are.
void append_json_escaped(std::string& out, std::string_view text);

inline constexpr int max_pointed_json_depth = 128;

}  // namespace burstgate
