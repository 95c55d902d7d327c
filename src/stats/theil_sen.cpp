#include "stats/theil_sen.hpp"

#include "base/assert.hpp"
#include "stats/sample.hpp"

namespace burstgate::stats {

std::optional<RobustLine> theil_sen(const std::vector<double>& x, const std::vector<double>& y) {
  BURSTGATE_ASSERT(x.size() == y.size());
  std::vector<double> slopes;
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = i + 1; j < x.size(); ++j) {
      if (x[i] != x[j]) slopes.push_back((y[j] - y[i]) / (x[j] - x[i]));
    }
  }
  if (slopes.empty()) return std::nullopt;
  RobustLine line;
  line.slope = median(slopes);
  std::vector<double> rests;
  for (std::size_t i = 0; i < x.size(); ++i) rests.push_back(y[i] - line.slope * x[i]);
  line.intercept = median(rests);
  return line;
}

}  // namespace burstgate::stats
