// "Bearer ${API_TOKEN}", "/items/{id}": values from the environment, and places for values that differ from one sending
// to the next.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/place.hpp"
#include "config/header.hpp"
#include "config/mistakes.hpp"
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

// The same, and {name} becomes a placeholder that is put in as `encoding` says; {{ is a brace. {name:json} is allowed
// in JSON texts, {name:raw} in targets. A brace that no name and '}' follow stands for itself.
std::optional<Secretive> templated(const std::string& text, const Place& place, const Reading& reading,
                                   Encoding encoding);

// Appends the piece; `encode` is applied to what stands between its placeholders.
using Encode = std::function<void(std::string& out, std::string_view text)>;
void append(Secretive& whole, const Secretive& piece, const Encode& encode);
void append(Secretive& whole, const Secretive& piece);  // as it stands
void append(Secretive& whole, std::string_view text);

// Whether the text takes anything from the environment.
bool has_variables(const std::string& text);

// Letters, digits and '_', not beginning with a digit.
bool is_variable_name(std::string_view name);

}  // namespace burstgate::config
