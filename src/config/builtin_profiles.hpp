// The profiles that exist without being written.
#pragma once

#include <vector>

#include "config/profile_reader.hpp"

namespace burstgate::config {

// baseline, stress, spike, soak. A profile of the same name in the file takes the place of the built-in one.
const std::vector<ProfileDraft>& builtin_profiles();

}  // namespace burstgate::config
