// A whole burstgate.yaml, before flags are applied.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/alert.hpp"
#include "config/baseline_reader.hpp"
#include "config/fields.hpp"
#include "config/plan.hpp"
#include "config/profile_reader.hpp"
#include "config/template_text.hpp"
#include "config/waivers.hpp"

namespace burstgate::config {

struct PlanDraft {
  Plan plan;  // everything but the profile and the baseline
  Place url_place;
  BaselineDraft baseline;
  bool has_service = false;
  bool has_workload = false;
  std::vector<ProfileDraft> profiles;
  std::optional<Placed<std::string>> profile_name;
  std::optional<Value> thresholds;  // a path or the rules themselves
  std::vector<Waiver> waivers;
  std::vector<Alert> alerts;
  std::optional<PushGateway> push_gateway;
  Place seed_place;  // line 0: not written
};

PlanDraft read_plan(const Value& document, const std::string& file, const Reading& reading);

std::optional<std::uint64_t> read_seed(const Value& value, Mistakes& mistakes);

// Names the top-level keys, to tell a burstgate.yaml from a thresholds file.
const std::vector<std::string>& plan_keys();

}  // namespace burstgate::config
