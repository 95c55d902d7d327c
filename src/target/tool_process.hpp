// Another program that is run to its end: own process group, stdout apart from the rest, bounded in time, and nothing
// of it is left running.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace burstgate::target {

struct ToolCommand {
  std::vector<std::string> argv;
  std::string folder{};  // where it runs; empty: here
  int output = -1;       // a file for its stdout; -1: its stdout goes where its stderr does
  std::chrono::microseconds timeout{300'000'000};
};

struct ToolEnd {
  bool stopped = false;    // because `stopped` said so
  bool good = false;       // it ended by itself, with status 0
  std::string text;        // "exited with status 3", "did not end within 5 min and was stopped"
  double seconds = 0;      // that it ran
  std::string last_words;  // the last 50 lines of its stderr
};

inline constexpr std::uint64_t max_output_bytes = 4ull << 30;

// ToolError (service_process.hpp): it cannot be started. `stopped` is polled; when it returns true, the tool is ended.
// TERM to the group and 2 s until KILL; whatever it left behind is ended, too, and so is a tool whose stdout grows
// beyond max_output_bytes.
ToolEnd run_tool(const ToolCommand& command, const std::function<bool()>& stopped);

}  // namespace burstgate::target
