// The machine fingerprint, read from this machine.
#pragma once

#include "measure/measurement.hpp"

namespace burstgate::measure {

Environment read_environment();

// CPUs this process may use: affinity and cgroup quota (v2 cpu.max, v1 cfs quota), at least 1.
int allowed_cpus();

// Busy and stolen CPU time of the whole machine so far, in clock ticks; nothing where /proc/stat cannot be read.
struct CpuTicks {
  std::uint64_t total = 0;
  std::uint64_t steal = 0;
};
std::optional<CpuTicks> read_cpu_ticks();

}  // namespace burstgate::measure
