// Other tools' results -> Measurement. A table of formats, recognised by their content.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measure/measurement.hpp"

namespace burstgate::importers {

using Json = nlohmann::ordered_json;

struct Format {
  std::string_view name;                                                    // "flat summary"
  bool (*recognise)(const Json& json);                                      // never throws
  measure::Measurement (*read)(const Json& json, const std::string& path);  // Error (Trouble::usage) with file and path
};
const std::vector<Format>& formats();

// The measurement in the parsed file, or nothing when no format recognises it. `path` names the file in errors.
std::optional<measure::Measurement> read_foreign(const Json& json, const std::string& path);

}  // namespace burstgate::importers
