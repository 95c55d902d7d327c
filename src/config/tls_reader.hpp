// `service.tls`, `service.http` and `service.streams`: how the service is spoken with.
#pragma once

#include <optional>

#include "config/fields.hpp"
#include "config/plan.hpp"
#include "config/template_text.hpp"

namespace burstgate::config {

void read_tls(const Value& value, Tls& tls, const Reading& reading);

// "1.1" or "2".
std::optional<HttpVersion> read_http_version(const Value& value, Mistakes& mistakes);
std::optional<int> read_streams(const Value& value, Mistakes& mistakes);

// What contradicts itself once the whole plan is known, flags included.
void check_transport(const Plan& plan, Mistakes& mistakes);

// What every report has to say about it.
std::vector<std::string> transport_warnings(const Plan& plan);

std::string to_text(TlsVersion version);  // "1.2"
std::string to_text(HttpVersion version);

}  // namespace burstgate::config
