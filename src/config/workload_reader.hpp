// `workload:`: what is sent, by whom, and the limits of each request.
#pragma once

#include <vector>

#include "config/fields.hpp"
#include "config/plan.hpp"
#include "config/template_text.hpp"

namespace burstgate::config {

// Fills the plan's scenarios, limits and keep_alive; every step is complete and its name stands for one request only.
void read_workload(const Value& value, Plan& plan, const Reading& reading);

}  // namespace burstgate::config
