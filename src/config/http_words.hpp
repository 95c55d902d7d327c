// What may stand in a request line and in header fields (RFC 9110, RFC 3986), checked before anything is sent: a line
// end smuggled in by a variable would be a second request.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace burstgate::config {

// Each: why the word is refused, or nothing.
std::optional<std::string> target_trouble(std::string_view target);
std::optional<std::string> header_name_trouble(std::string_view name);
std::optional<std::string> header_value_trouble(std::string_view value);

// Of names of headers and cookies.
std::optional<std::string> token_trouble(std::string_view name);

// Header names compare without regard to case.
bool same_header(std::string_view a, std::string_view b);

// Headers whose literal value must not be shown.
bool is_secret_header(std::string_view name);

// "/search?q=***&page=***": query values may be secrets.
std::string without_query_values(std::string_view target);

inline constexpr std::size_t max_target_bytes = 8000;         // RFC 9110, section 4.1 asks for at least this
inline constexpr std::size_t max_header_value_bytes = 16384;  // more is refused by every common server

}  // namespace burstgate::config
