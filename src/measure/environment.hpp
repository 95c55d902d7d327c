// The machine fingerprint, read from this machine.
#pragma once

#include "measure/measurement.hpp"

namespace burstgate::measure {

Environment read_environment();
Environment read_environment_under(const std::string& root);  // with `root` before "/proc", "/sys" and "/etc"

// CPUs this process may use: affinity and cgroup quota (v2 cpu.max, v1 cfs quota), at least 1.
int allowed_cpus();

// Busy and stolen CPU time of the whole machine so far, in clock ticks; nothing where /proc/stat cannot be read.
struct CpuTicks {
  std::uint64_t total = 0;
  std::uint64_t steal = 0;
};
std::optional<CpuTicks> read_cpu_ticks();

// The tightest CPU quota of this process's control group and of those around it, v2 and v1; nothing without one.
std::optional<double> cpu_limit_under(const std::string& root);

}  // namespace burstgate::measure
