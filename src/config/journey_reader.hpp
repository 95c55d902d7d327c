// What the workload and each of its scenarios may say alike: headers and credentials of their requests, variables, and
// steps before and after the load.
#pragma once

#include <vector>

#include "config/feeder_reader.hpp"
#include "config/step_reader.hpp"

namespace burstgate::config {

struct JourneyDraft {
  std::vector<Header> headers;
  std::optional<Header> auth;
  Place auth_place;
  std::vector<Variable> variables;
  std::vector<FeederDraft> feeders;
  std::vector<StepDraft> setup;
  std::vector<StepDraft> teardown;
};

// The keys headers, auth, variables, feeders, setup and teardown; `draft` and `reading` must outlive the fields.
std::vector<Field> journey_fields(JourneyDraft& draft, const Reading& reading);

// A list of steps, under the key `what`.
std::vector<StepDraft> read_steps(const Value& value, std::string_view what, const Reading& reading);

// Adds credentials to headers that have none yet; otherwise it is a mistake.
void add_auth(std::vector<Header>& headers, const std::optional<Header>& auth, const Place& place, Mistakes& mistakes);

// `common` in its order, where a header of the same name in `own` takes its place; then the rest of `own`.
std::vector<Header> merged(const std::vector<Header>& common, const std::vector<Header>& own);

}  // namespace burstgate::config
