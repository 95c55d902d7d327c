// A baseline is one or more saved measurements in one file:
//   {"schema": "burstgate-baseline/1", "runs": [<result>, ...], "complete": true}
// Also accepted wherever a baseline is read: one result file. (Foreign files are the business of importers/: whoever
// takes either looks for "schema" in the parsed file first.)
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "measure/measurement.hpp"

namespace burstgate::baseline {

inline constexpr const char* baseline_schema = "burstgate-baseline/1";
inline constexpr std::size_t max_runs = 50;  // when appending, those beyond this leave the file: the oldest run of
                                             // the largest group of one machine class and workload

// All runs in the file, oldest first. Error (Trouble::usage) with path and place when it cannot be used; the file is
// never changed by reading.
std::vector<measure::Measurement> read_baseline(const std::string& path);

// The same for a file that parse_json() has already read; `path` names it in errors.
std::vector<measure::Measurement> read_baseline(const nlohmann::ordered_json& json, const std::string& path);

// Appends (or, with replace, starts afresh) under a lock, atomically. Two writers lose nothing. Returns the number of
// runs now in the file. Runs also leave when the file would become too large to be read (max_json_bytes).
// Error: the existing file is unreadable (usage; untouched), locked or not writable (output).
std::size_t append_run(const std::string& path, const measure::Measurement& run, bool replace);

// {folder}/{operation}_{YYYYMMDD_HHMMSS}.json in UTC; "_2", "_3" ... when that name is taken. Bytes of the operation
// other than letters, digits, "-" and "." become "_".
std::string result_file_name(const std::string& folder, const std::string& operation, std::int64_t unix_s);

}  // namespace burstgate::baseline
