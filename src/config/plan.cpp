#include "config/plan.hpp"

namespace burstgate::config {

std::vector<const Step*> every_step(const Plan& plan) {
  std::vector<const Step*> steps;
  const auto add = [&](const Scenario& scenario) {
    for (const auto* part : {&scenario.setup, &scenario.steps, &scenario.teardown}) {
      for (const Step& step : *part) steps.push_back(&step);
    }
  };
  add(plan.around);
  for (const Scenario& scenario : plan.scenarios) add(scenario);
  return steps;
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
