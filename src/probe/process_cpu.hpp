// CPU time of a process and everything below it.
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <vector>

namespace burstgate::probe {

// The process and its descendants at this moment; empty when it does not exist.
std::vector<pid_t> process_tree(pid_t root);

// Follows a process tree. Each process's CPU clock counts all its threads, also those that have ended, in nanoseconds
// (clock_getcpuclockid; /proc/<pid>/stat counts in 10 ms). Processes that ended between two readings take what they
// used since the last one with them.
class ProcessCpu {
 public:
  explicit ProcessCpu(pid_t root) : root_(root) {}

  // Seconds that the tree has used so far; never less than before. Nothing when the root is gone.
  std::optional<double> seconds();

 private:
  pid_t root_;
  std::map<pid_t, double> used_;  // of every process that was ever seen, when it last was
  double ended_s_ = 0;            // of those whose number another one has taken since
};

}  // namespace burstgate::probe
