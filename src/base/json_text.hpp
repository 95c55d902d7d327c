// Strict JSON reading: what a lenient parser would hide is an error with its place.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace burstgate {

inline constexpr std::size_t max_json_bytes = 64u << 20;
inline constexpr int max_json_depth = 64;

// Parses one UTF-8 JSON document. Error (Trouble::usage) with "path:line:column" (columns count bytes from 1) for:
// empty, truncated or malformed text, trailing garbage, a byte order mark, UTF-16 or a NUL byte, duplicate keys,
// nesting deeper than max_json_depth, numbers outside a double's range, more than max_json_bytes. A -0 stays one (as a
// double), so that a reader can refuse it.
nlohmann::ordered_json parse_json(std::string_view text, const std::string& path);

// Compact or indented text; never NaN or Inf (assertion), invalid UTF-8 replaced by U+FFFD.
std::string dump_json(const nlohmann::ordered_json& json, int indent);

}  // namespace burstgate
