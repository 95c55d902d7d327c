#include "verdict/looks.hpp"

#include "base/assert.hpp"
#include "stats/spending.hpp"

namespace burstgate::verdict {

namespace {

constexpr double usual_looks_s[] = {8, 12, 18, 30, 45, 60, 90, 120, 180, 270, 400};
constexpr double too_near_the_end = 0.9;  // a look this close before the last only costs error probability

}  // namespace

Looks::Looks(double budget_s) {
  BURSTGATE_ASSERT(budget_s > 0);
  for (const double time_s : usual_looks_s) {
    if (time_s < budget_s * too_near_the_end) times_s_.push_back(time_s);
  }
  times_s_.push_back(budget_s);
}

double Looks::level(std::size_t look, double alpha, int divisor) const {
  std::vector<double>& levels = levels_[alpha / divisor];
  if (levels.empty()) {
    std::vector<double> information;
    for (const double time_s : times_s_) information.push_back(time_s / times_s_.back());
    levels = stats::spending_boundaries(information, alpha / divisor);
  }
  return levels.at(look);
}

}  // namespace burstgate::verdict
