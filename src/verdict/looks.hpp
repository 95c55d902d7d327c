// When the rounds of a paired run are judged, and how strict each look must be.
#pragma once

#include <map>
#include <utility>
#include <vector>

namespace burstgate::verdict {

class Looks {
 public:
  // At 8, 12, 18, 30, 45, 60, 90 ... seconds of paired time, the last at the budget (> 0).
  explicit Looks(double budget_s);

  const std::vector<double>& times_s() const { return times_s_; }
  std::size_t count() const { return times_s_.size(); }
  // The nominal one-sided level of one look when alpha / divisor is spent over all of them.
  double level(std::size_t look, double alpha, int divisor = 1) const;

 private:
  std::vector<double> times_s_;
  mutable std::map<double, std::vector<double>> levels_;  // by alpha
};

}  // namespace burstgate::verdict
