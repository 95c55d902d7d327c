// `service:`: where the service is, or how it is started.
#pragma once

#include <optional>
#include <string>

#include "config/fields.hpp"
#include "config/plan.hpp"
#include "config/template_text.hpp"

namespace burstgate::config {

Service read_service(const Value& value, const Reading& reading);

// The URL with variables filled in; what only a later version speaks is refused. Its syntax is protocol/'s to judge.
std::optional<std::string> read_url(const Value& value, const Reading& reading);

// The path and query of a URL, "/" when it has none.
std::string path_of_url(const std::string& url);

// The URL for people: user info and query values as ***.
std::string url_shown(const std::string& url);

}  // namespace burstgate::config
