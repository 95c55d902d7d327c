#include "config/plan.hpp"

#include <fmt/format.h>

#include "config/units.hpp"

namespace burstgate::config {

std::string stage_text(const Profile& profile, const Stage& stage) {
  const std::string over = stage.over.count() == 0 ? "at once" : "over " + to_text(stage.over);
  return fmt::format("{:g}{} {}", stage.target, profile.open ? "/s" : stage.target == 1 ? " user" : " users", over);
}

double requests_per_iteration(const Plan& plan) {
  double requests = 0;
  double weights = 0;
  for (const Scenario& scenario : plan.scenarios) {
    requests += scenario.weight * static_cast<double>(scenario.steps.size());
    weights += scenario.weight;
  }
  return requests / weights;
}

}  // namespace burstgate::config
