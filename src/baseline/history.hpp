// A folder of results is a history. Every file is read, reduced to its summary and forgotten: histograms and slices are
// skipped, memory does not grow with their size.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measure/run_summary.hpp"

namespace burstgate::baseline {

// What was not counted, and why: nothing vanishes silently.
struct LeftOut {
  std::string file;
  std::string why;
};

struct History {
  std::vector<measure::RunSummary> runs;  // by start, then by file name
  std::vector<LeftOut> unread;            // no results of ours, or broken
  std::vector<LeftOut> copies;            // the same run once more
  std::vector<LeftOut> doubtful;          // counted, but a clock was wrong
  std::size_t from_index = 0;             // files that did not have to be read
};

// The cache: in the folder, may be deleted at any time. It is written for folders of many files only, and when it
// cannot be written nothing is said.
inline constexpr const char* history_index = ".burstgate-history.jsonl";
inline constexpr std::size_t min_files_for_index = 100;

// All files *.json of the folder, not of folders inside. Error (Trouble::usage) when there is no such folder.
History read_history(const std::string& folder);

// The summary of one result file's text. Error (Trouble::usage) naming `file` when it is not one.
measure::RunSummary read_summary(std::string_view text, const std::string& file);

// Which runs are looked at. Nothing given: all. A commit is named by its beginning, a machine by a part of its class.
struct RunFilter {
  std::optional<std::string> operation{}, profile{}, branch{}, commit{}, pull_request{}, machine{};
};
bool matches(const measure::RunSummary& run, const RunFilter& filter);

// Puts runs in order and takes out copies: the same start, operation, machine and figures under another file name.
void order_runs(History& history);

}  // namespace burstgate::baseline
