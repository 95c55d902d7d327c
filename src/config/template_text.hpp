// "Bearer ${API_TOKEN}": values from the environment inside texts.
#pragma once

#include <optional>
#include <string>

#include "base/place.hpp"
#include "config/mistakes.hpp"
#include "config/plan.hpp"
#include "config/read.hpp"

namespace burstgate::config {

// What every reader of the plan needs beside the value.
struct Reading {
  Mistakes& mistakes;
  const Environment& environment;
};

// Replaces ${NAME} by the variable's value and $$ by a dollar, once: a value is never looked at again. `shown` is the
// text as written. A variable that is not set or empty is a mistake, and so is "${" without a name and "}".
std::optional<Secretive> filled_in(const std::string& text, const Place& place, const Reading& reading);

// Whether the text takes anything from the environment.
bool has_variables(const std::string& text);

}  // namespace burstgate::config
