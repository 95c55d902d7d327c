#include "probe/process_cpu.hpp"

#include <fmt/format.h>
#include <time.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace burstgate::probe {

namespace {

// A process may end while its folder is read: what was found until then is all there is.
std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  std::error_code error;
  std::filesystem::directory_iterator task(fmt::format("/proc/{}/task", pid), error);
  for (; !error && task != std::filesystem::directory_iterator(); task.increment(error)) {
    std::ifstream file(task->path() / "children");
    for (pid_t child; file >> child;) children.push_back(child);
  }
  return children;
}

std::optional<double> cpu_seconds(pid_t pid) {
  clockid_t clock{};
  timespec used{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) return std::nullopt;
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

}  // namespace

std::vector<pid_t> process_tree(pid_t root) {
  if (!cpu_seconds(root)) return {};
  std::vector<pid_t> tree = {root};
  for (std::size_t i = 0; i < tree.size(); ++i) {
    for (const pid_t child : children_of(tree[i])) tree.push_back(child);
  }
  return tree;
}

// Nobody is taken out of used_: a process that has ended keeps what it used, and one whose parent has just ended may be
// in nobody's list for a moment.
std::optional<double> ProcessCpu::seconds() {
  const std::vector<pid_t> tree = process_tree(root_);
  if (tree.empty()) return std::nullopt;
  for (const pid_t pid : tree) {
    const auto used = cpu_seconds(pid);
    if (!used) continue;
    double& known = used_[pid];
    if (*used < known) ended_s_ += known;  // another process with the number of one that has ended
    known = *used;
  }
  double sum = ended_s_;
  for (const auto& [pid, used] : used_) sum += used;
  return sum;
}

}  // namespace burstgate::probe
