// Limits as teams wrote them down before burstgate, and what they become for a plan. The documents themselves are read
// by foreign_thresholds and target_tables.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/fields.hpp"
#include "config/plan.hpp"
#include "config/thresholds.hpp"

namespace burstgate::config {

// Limits for one level of load: "Peak (1000 users)".
struct LoadLevel {
  std::string name;
  std::optional<int> users;
  std::vector<AbsoluteRule> limits;
};

struct ForeignRules {
  RuleSet total;
  RuleSet http;                           // of every HTTP step
  RuleSet websocket;                      // of every WebSocket step
  std::map<std::string, RuleSet> groups;  // of a step, a scenario or the operation of that name
  std::map<std::string, Place> group_places;
  std::vector<LoadLevel> levels;    // one of them holds: see resolved()
  std::vector<std::string> unread;  // what this version cannot judge, in words
};

// Warnings and failures of the same limits, from two documents.
ForeignRules merged(ForeignRules warnings, const ForeignRules& failures);

// What the rules mean for the plan's steps; without a plan they are only counted. The level of load that is named as
// the profile, or has its number of users, holds; otherwise the first. What concerns nothing in the plan is said in
// `notes`; when nothing is left it is a mistake at `place`.
Thresholds resolved(const ForeignRules& rules, const std::string& source, const Plan* plan, const Place& place,
                    std::vector<std::string>& notes, Mistakes& mistakes);

// A limit with or without its unit: milliseconds, requests per second, and a share are understood.
std::optional<double> read_loose_limit(const Value& value, Metric metric, Mistakes& mistakes);

}  // namespace burstgate::config
