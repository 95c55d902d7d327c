// `stages:` of a profile: what is written, and the load that it makes.
#pragma once

#include <optional>
#include <vector>

#include "config/profile_reader.hpp"

namespace burstgate::config {

std::optional<std::vector<StageDraft>> read_stages(const Value& value, Mistakes& mistakes);

// Into a profile: stages with names, the model, its peak, and the length of them all as the duration. Users, a rate and
// a duration from flags scale them. Reports users and rate mixed, constant settings beside stages, and stages that
// never ask for anything. False when the stages make no course of load.
bool take_stages(const ProfileDraft& draft, Profile& profile, Mistakes& mistakes);

}  // namespace burstgate::config
