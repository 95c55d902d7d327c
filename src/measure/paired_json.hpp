// The rounds of a paired run <-> JSON: the key "paired" of a result file, whose other keys are the candidate's
// Measurement. docs/baseline-format.md explains the form; the schema is schemas/result.schema.json.
//
// Everything comes back as it was written, times as whole nanoseconds (see result_json.hpp).
#pragma once

#include <optional>
#include <string>

#include "measure/paired.hpp"
#include "measure/result_json.hpp"

namespace burstgate::measure {

struct SavedPair {
  PairedRun run;
  Measurement baseline;
};

Json to_json(const PairedRun& run, const Measurement& baseline);

// Of the whole result's JSON; nothing when it has no "paired". Errors as from_json() makes them: types, ranges, finite
// numbers, monotone quantiles, endpoints that add up to their total, launches that do not go backwards.
std::optional<SavedPair> paired_from_json(const Json& result, const std::string& source, const std::string& path = "$");

// What the numbers of a slice are, in their order: "start_s", "duration_s", "ok", "failed", "samples", and where there
// are samples "latency_mean_ms", "latency_p50_ms" ...
const std::vector<std::string>& slice_columns();

}  // namespace burstgate::measure
