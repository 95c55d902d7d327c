// The baseline file as JSON, for those who change it: whatever else a run's JSON holds is kept.
#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "base/json_node.hpp"

namespace burstgate::baseline {

struct FileParts {
  nlohmann::ordered_json runs = nlohmann::ordered_json::array();     // results, oldest first
  nlohmann::ordered_json anchors = nlohmann::ordered_json::array();  // {name, run}
};

bool is_baseline(const nlohmann::ordered_json& json);
// Error (Trouble::usage) when it was written by another version, or is not complete.
void check_heading(const JsonNode& root);

// Runs that are compared with each other: one machine class, one workload.
std::string group_of(const nlohmann::ordered_json& run);

// A file of one result is a baseline of one run. Error (Trouble::usage) when it cannot be used.
FileParts read_parts(const std::string& path);

// Reads the file (a missing one is empty; with `afresh` only its anchors stay), lets `change` work on it and puts it
// back, under the file's lock and atomically. Error: the existing file is unreadable (usage; untouched), locked or not
// writable (output).
void change_file(const std::string& path, bool afresh, const std::function<void(FileParts&)>& change);

// Drops the oldest runs of every group that has more than `most`.
void keep_newest(nlohmann::ordered_json& runs, std::size_t most);

// Drops runs until the file can be read again.
void fit(FileParts& parts);

}  // namespace burstgate::baseline
