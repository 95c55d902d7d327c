// Measurement <-> JSON ("burstgate/1"): times in ms with the unit in the key, ratios 0..1, stable key order,
// histograms in HdrHistogram V2 compressed form, base64. The schema is schemas/result.schema.json.
//
// A Measurement comes back as it was written, doubles included, but that times which are not whole nanoseconds are
// rounded to them: a double of milliseconds cannot carry every double of microseconds.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

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

// The key under which a point measurement has a metric: "latency_p95_ms", "throughput_rps", "error_rate".
std::string point_key(Metric metric);

// HdrHistogram V2 compressed encoding (cookie 0x1c849304, zlib, ZigZag LEB128 counts), base64. Smallest and largest
// sample and the overflow are not part of it; the result JSON holds them beside it.
std::string encode_histogram(const Histogram& histogram);
// Throws std::invalid_argument with the reason: wrong cookie, other layout, truncated, too large. Min and max are
// bucket bounds.
Histogram decode_histogram(const std::string& base64);
std::vector<std::uint64_t> decode_histogram_counts(const std::string& base64);  // trailing zeros may be missing
inline constexpr std::uint64_t largest_histogram_count = std::uint64_t{1} << 53;

}  // namespace burstgate::measure
