// `auth:` as the Authorization header that it stands for.
#pragma once

#include <optional>

#include "config/fields.hpp"
#include "config/plan.hpp"
#include "config/template_text.hpp"

namespace burstgate::config {

// {basic: {user: ..., password: ...}} or {bearer: ...}. What is written there is never shown, names of variables are.
std::optional<Header> read_auth(const Value& value, const Reading& reading);

}  // namespace burstgate::config
