// A baseline is one or more saved measurements in one file:
//   {"schema": "burstgate-baseline/1", "runs": [<result>, ...], "anchors": [{"name", "run"}, ...], "complete": true}
// `runs` roll: new ones come, old ones leave. `anchors` stay until another release takes their place; there need be
// none. Also accepted wherever a baseline is read: one result file. (Foreign files are the business of importers/:
// whoever takes either looks for "schema" in the parsed file first.)
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
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

// How a run came into the file by `promote`.
struct Promotion {
  std::string at;        // UTC
  std::string file;      // the result that it was
  std::string outcome;   // of its verdict: "pass", ...; "" when it was not judged
  std::string accepted;  // why it was promoted although that was no pass; "" otherwise
};

struct StoredRun {
  measure::Measurement run;
  std::optional<Promotion> promotion;  // nothing: recorded
};

struct Anchor {
  std::string name;  // "v1.2.0"; runs of one name, machine class and workload belong together
  StoredRun stored;
};

struct Contents {
  std::vector<StoredRun> runs;  // oldest first, at least one
  std::vector<Anchor> anchors;
};

// All of a baseline file or of a result that parse_json() has read. Errors as read_baseline().
Contents read_contents(const nlohmann::ordered_json& json, const std::string& path);

// Appends (or, with replace, starts afresh) under a lock, atomically. Two writers lose nothing. Returns the number of
// runs now in the file. Runs also leave when the file would become too large to be read (max_json_bytes).
// Error: the existing file is unreadable (usage; untouched), locked or not writable (output).
std::size_t append_run(const std::string& path, const measure::Measurement& run, bool replace);

// The same with how it came there. `keep`: of each machine class and workload at most so many runs stay.
struct Appending {
  bool replace = false;
  std::optional<std::size_t> keep{};
};
std::size_t append_run(const std::string& path, const StoredRun& stored, const Appending& how);

// Pins the run under this name; anchors of another name with the same machine class and workload leave. In a file
// without runs it becomes one of these as well. Errors as append_run().
void pin_anchor(const std::string& path, const std::string& name, const StoredRun& stored);

// Which runs leave. One run at least stays; anchors always do.
struct PruneRule {
  std::optional<std::size_t> keep{};  // the newest of each machine class and workload
  std::optional<std::size_t> days{};  // before the newest run of the file
  std::optional<std::size_t> drop{};  // the run of this number, from 1
  bool dry_run = false;               // the file stays as it is
};
// The numbers of the runs that left, from 1. Error (Trouble::usage) when `drop` is no run of the file or the only one;
// otherwise as append_run().
std::vector<std::size_t> prune(const std::string& path, const PruneRule& rule);

// {folder}/{operation}_{YYYYMMDD_HHMMSS}.json in UTC; "_2", "_3" ... when that name is taken. Bytes of the operation
// other than letters, digits, "-" and "." become "_".
std::string result_file_name(const std::string& folder, const std::string& operation, std::int64_t unix_s);

}  // namespace burstgate::baseline
