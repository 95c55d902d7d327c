// A baseline is one or more saved measurements in one file:
//   {"schema": "burstgate-baseline/1", "runs": [<result>, ...], "complete": true}
// Also accepted wherever a baseline is read: one result file, and the flat summary JSON of importers/.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "measure/measurement.hpp"

namespace burstgate::baseline {

inline constexpr const char* baseline_schema = "burstgate-baseline/1";
inline constexpr std::size_t max_runs = 50;  // when appending, the oldest ones beyond this leave the file

// All runs in the file, oldest first. Error (Trouble::usage) with path and place when it cannot be used; the file is
// never changed by reading.
std::vector<measure::Measurement> read_baseline(const std::string& path);

// Appends (or, with replace, starts afresh) under a lock, atomically. Two writers lose nothing. Returns the number of
// runs now in the file. Error: the existing file is unreadable (usage; untouched), locked or not writable (output).
std::size_t append_run(const std::string& path, const measure::Measurement& run, bool replace);

// performance/results/{operation}_{YYYYMMDD_HHMMSS}.json in UTC; "_2", "_3" ... when that name is taken.
std::string result_file_name(const std::string& folder, const std::string& operation, std::int64_t unix_s);

}  // namespace burstgate::baseline
