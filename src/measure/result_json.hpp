// Measurement <-> JSON ("burstgate/1"): times in ms with the unit in the key, ratios 0..1, stable key order,
// histograms in HdrHistogram V2 compressed form, base64. The schema is schemas/result.schema.json.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "measure/measurement.hpp"

namespace burstgate::measure {

using Json = nlohmann::ordered_json;

inline constexpr const char* result_schema = "burstgate/1";

Json to_json(const Measurement& measurement);

// `source` is the file's name, `path` the JSON path of this value ("$", "$.runs[2]"): an Error (Trouble::usage) names
// both, and the value that was found. Everything is checked: types, ranges, finite numbers, monotone quantiles, the
// accounting identity, the percentile definition, the schema version (a newer one is refused, unknown keys of the same
// version are ignored). "verdict" is ignored here.
Measurement from_json(const Json& json, const std::string& source, const std::string& path = "$");

// HdrHistogram V2 compressed encoding (cookie 0x1c849304, zlib, ZigZag LEB128 counts), base64.
std::string encode_histogram(const Histogram& histogram);
// Throws std::invalid_argument with the reason: wrong cookie, other layout, truncated, too large.
Histogram decode_histogram(const std::string& base64);

}  // namespace burstgate::measure
