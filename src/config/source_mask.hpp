// Error messages quote lines of the user's file, and end up in CI logs.
#pragma once

#include <string>
#include <string_view>

namespace burstgate::config {

// The line with a '*' for every character of: values of Authorization, Cookie and other secret headers, webhooks, user
// info and query values in URLs and paths. References to the environment (${NAME}) stay. As many characters as before.
std::string without_secrets(std::string_view line);

}  // namespace burstgate::config
