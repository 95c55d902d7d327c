#include "config/json_place.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace burstgate::config {

using Json = nlohmann::json;

std::optional<std::string> read_json_place(const std::string& text, const Place& place, std::string_view what,
                                           Mistakes& mistakes) {
  try {
    if (!Json::json_pointer(text).empty()) return text;
  } catch (const Json::exception&) {
  }
  mistakes.add("E-105", place, fmt::format("{}: '{}' is not a place in a JSON message", what, elided(text, 60)),
               "a JSON pointer such as /type or /items/0/id");
  return std::nullopt;
}

std::optional<std::string> read_json_place(const Value& value, std::string_view what, Mistakes& mistakes) {
  const auto text = read_line(value, what, mistakes);
  return text ? read_json_place(*text, value.place, what, mistakes) : std::nullopt;
}

}  // namespace burstgate::config
