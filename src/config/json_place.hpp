// A place in a JSON message, "/items/0/id" (RFC 6901).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/fields.hpp"

namespace burstgate::config {

// The place as it is written; what is none, or the whole message, is reported. `what`: the key, for the message.
std::optional<std::string> read_json_place(const std::string& text, const Place& place, std::string_view what,
                                           Mistakes& mistakes);
std::optional<std::string> read_json_place(const Value& value, std::string_view what, Mistakes& mistakes);

}  // namespace burstgate::config
