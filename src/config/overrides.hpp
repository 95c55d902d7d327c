// Flags and BURSTGATE_* variables over what the file says.
#pragma once

#include <string>
#include <vector>

#include "config/plan_reader.hpp"
#include "config/read.hpp"

namespace burstgate::config {

// What a profile brings beside its load.
struct ChosenProfile {
  ProfileTargets targets;
  std::vector<Written> written;  // its own file, if it has one: keys as in a profile
};

// Applies the overrides to the draft, chooses the profile and completes the plan; says in `notes` what was replaced.
Plan overridden(PlanDraft draft, const std::vector<Override>& overrides, const Reading& reading,
                std::vector<std::string>& notes, ChosenProfile& chosen);

}  // namespace burstgate::config
