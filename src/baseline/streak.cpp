#include "baseline/streak.hpp"

#include <algorithm>

namespace burstgate::baseline {

std::size_t streak(const std::vector<measure::RunSummary>& runs, const std::vector<std::string>& outcomes) {
  std::size_t length = 0;
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
    // A service that died leaves an incomplete run as well, whose outcome is fail.
    const bool was_judged = !run->outcome.empty() && (run->complete || run->outcome == "fail");
    if (!was_judged) continue;
    if (std::find(outcomes.begin(), outcomes.end(), run->outcome) == outcomes.end()) break;
    ++length;
  }
  return length;
}

}  // namespace burstgate::baseline
