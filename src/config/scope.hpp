// Which variables a request may use: those that exist before it is sent. Names become slots here.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/mistakes.hpp"
#include "config/plan.hpp"

namespace burstgate::config {

// The names of the values that the plan's setup saves, in their order.
std::vector<std::string> saved_names(const std::vector<Step>& steps);

// Gives every variable of the scenario a slot: first the names in `run_names`, which the plan's setup has saved
// (`inherits`) or is about to; then the columns of the feeders, the variables and what steps save. Columns that nothing
// uses are left out. A name that stands for two things, one that nobody knows, and one that is used before a step saves
// it are mistakes.
void resolve_variables(Scenario& scenario, const std::vector<std::string>& run_names, bool inherits,
                       const std::vector<Feeder>& feeders, Mistakes& mistakes);

}  // namespace burstgate::config
