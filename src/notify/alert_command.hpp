// A command that is told something on its stdin: argv without a shell, an environment of named variables only, bounded
// in time with everything that it starts in its process group.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace burstgate::notify {

struct AlertCommand {
  std::vector<std::string> argv;         // at least one
  std::vector<std::string> environment;  // "NAME=value": all that it gets
  std::string input;
};

// "" when it ended with status 0 in time; otherwise why not, with the last line that it wrote, made visible.
std::string run(const AlertCommand& command, std::chrono::milliseconds within);

}  // namespace burstgate::notify
