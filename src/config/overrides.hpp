// Flags and BURSTGATE_* variables over what the file says.
#pragma once

#include <string>
#include <vector>

#include "config/plan_reader.hpp"
#include "config/read.hpp"

namespace burstgate::config {

// Applies the overrides to the draft, chooses the profile and completes the plan; says in `notes` what was replaced.
// `targets`: those of the profile.
Plan overridden(PlanDraft draft, const std::vector<Override>& overrides, const Reading& reading,
                std::vector<std::string>& notes, ProfileTargets& targets);

}  // namespace burstgate::config
