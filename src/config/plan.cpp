#include "config/plan.hpp"

namespace burstgate::config {

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
