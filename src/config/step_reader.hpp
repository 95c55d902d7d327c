// One request of a scenario.
#pragma once

#include <optional>
#include <vector>

#include "config/fields.hpp"
#include "config/plan.hpp"
#include "config/template_text.hpp"

namespace burstgate::config {

// A step before the workload's headers are added and its name is compared with the others'.
struct StepDraft {
  Step step;
  std::string content_type;    // of its body; empty: none
  std::optional<Header> auth;  // takes the place of the workload's
  Place place;
  Place name_place;  // where the name was written, or where the step begins
};

std::optional<StepDraft> read_step(const Value& value, const Reading& reading);

std::vector<Header> read_headers(const Value& value, const Reading& reading);

// Sets target and target_shown from a path as written; false when it was refused (reported).
bool set_target(Step& step, const std::string& written, const Place& place, const Reading& reading);

// `expect:`, which answer counts as a success.
void read_expectation(const Value& value, Step& step, const Reading& reading);

inline constexpr std::size_t max_name_bytes = 200;

}  // namespace burstgate::config
