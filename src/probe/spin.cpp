#include "probe/spin.hpp"

namespace burstgate::probe {

double lost_cpu(std::chrono::microseconds length) {
  const auto start = std::chrono::steady_clock::now();
  SpinAccount account(start);
  for (auto now = start; now - start < length; now = std::chrono::steady_clock::now()) account.reading(now);
  account.reading(std::chrono::steady_clock::now());
  return account.lost_share();
}

}  // namespace burstgate::probe
