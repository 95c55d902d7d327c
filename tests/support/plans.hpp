// Plans for tests.
#pragma once

#include "config/plan.hpp"

namespace burstgate::test {

// One scenario "default" with one step "GET /"; everything else as a Plan is by default.
inline config::Plan one_step_plan() {
  config::Plan plan;
  config::Step step;
  step.name = "GET /";
  step.method = "GET";
  step.target = step.target_shown = "/";
  config::Scenario scenario;
  scenario.name = "default";
  scenario.steps.push_back(step);
  plan.scenarios.push_back(scenario);
  return plan;
}

}  // namespace burstgate::test
