#include "probe/spin.hpp"

#include <fstream>

namespace burstgate::probe {

namespace {

// How long this thread has been ready to run while others ran (/proc/<pid>/schedstat, second figure; 0 without it).
std::chrono::nanoseconds waited_for_a_cpu() {
  std::ifstream file("/proc/thread-self/schedstat");
  long long ran_ns = 0, waited_ns = 0;
  file >> ran_ns >> waited_ns;
  return std::chrono::nanoseconds(waited_ns);
}

}  // namespace

double lost_cpu(std::chrono::microseconds length) {
  const auto waited_before = waited_for_a_cpu();
  const auto start = std::chrono::steady_clock::now();
  SpinAccount account(start);
  for (auto now = start; now - start < length; now = std::chrono::steady_clock::now()) account.reading(now);
  account.reading(std::chrono::steady_clock::now());
  return account.lost_share(waited_for_a_cpu() - waited_before);
}

}  // namespace burstgate::probe
