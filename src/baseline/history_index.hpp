// The cache of a history: a line of JSON for every file, good as long as the file has the same size and time.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "measure/run_summary.hpp"

namespace burstgate::baseline {

struct FileState {
  std::string name;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  bool operator==(const FileState&) const = default;
};

struct IndexEntry {
  FileState state;
  measure::RunSummary run;
};
using HistoryIndex = std::map<std::string, IndexEntry>;  // by file name

// Lines that cannot be read are as good as not there; so is a missing file, or one of another version.
HistoryIndex read_index(const std::string& path);

// Atomically; what goes wrong is of no importance.
void write_index(const std::string& path, const HistoryIndex& index);

}  // namespace burstgate::baseline
