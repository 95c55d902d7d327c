// `targets:` of a profile: what the run must keep when it is played, such as - api_response_time_p95: "< 500ms".
#pragma once

#include <string>
#include <vector>

#include "config/fields.hpp"
#include "config/thresholds.hpp"

namespace burstgate::config {

struct Plan;

struct ProfileTargets {
  std::vector<AbsoluteRule> limits;     // of the whole run
  std::vector<AbsoluteRule> websocket;  // of every WebSocket endpoint
  std::vector<std::string> unread;      // what this version cannot measure, in words
};

ProfileTargets read_targets(const Value& value, Mistakes& mistakes);

// Targets join the absolute limits; they win over a limit on the same metric, because they are about this profile.
void apply_targets(const ProfileTargets& targets, const Plan& plan, Thresholds& thresholds,
                   std::vector<std::string>& notes);

}  // namespace burstgate::config
