// `save:` in a step: what is kept of its answer.
#pragma once

#include <vector>

#include "config/fields.hpp"
#include "config/journey.hpp"

namespace burstgate::config {

// {session: json:/session_id, csrf: "regex:value=\"(.+?)\"", next: header:Location, id: cookie:sid}
std::vector<Save> read_saves(const Value& value, Mistakes& mistakes);

// Whether the key may name a variable; otherwise it is reported.
bool names_variable(const Entry& entry, Mistakes& mistakes);

}  // namespace burstgate::config
