// `alerts` and `export`: who is told what a run came to.
#pragma once

#include <optional>
#include <vector>

#include "config/alert.hpp"
#include "config/fields.hpp"
#include "config/template_text.hpp"

namespace burstgate::config {

std::vector<Alert> read_alerts(const Value& value, const Reading& reading);

// Nothing: refused, which is reported.
std::optional<PushGateway> read_export(const Value& value, const Reading& reading);

// A Pushgateway's URL from a flag. Error (Trouble::usage).
Secretive push_gateway_url(const std::string& url, const std::string& origin);

}  // namespace burstgate::config
