// YAML that was not written for burstgate: compose files, OpenAPI documents. What is surprising in a settings file is
// everyday there, so it is read with aliases and merge keys, and without places; but within bounds.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace burstgate::config {

// The first document of the text as JSON: scalars are strings as they stand, of equal keys the last one holds, tags
// are ignored. Nothing when it is no YAML, or goes beyond a bound.
std::optional<nlohmann::ordered_json> parse_foreign_yaml(const std::string& text);

inline constexpr std::size_t max_foreign_yaml_bytes = 1u << 20;
inline constexpr std::size_t max_foreign_yaml_nodes = 200'000;  // copies through aliases count
inline constexpr std::size_t max_foreign_yaml_depth = 64;

}  // namespace burstgate::config
