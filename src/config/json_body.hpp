// `json:` in a step: a YAML value as JSON text.
#pragma once

#include <optional>

#include "config/template_text.hpp"
#include "config/yaml_document.hpp"

namespace burstgate::config {

// Plain true, false, null and decimal numbers keep their type, everything in quotes is text, ${NAME} and {name} work
// inside texts, and what YAML versions read differently (no, 0x10, 1e3 ...) is a mistake. Keys keep their order.
std::optional<Secretive> json_body(const Value& value, const Reading& reading);

// A plain scalar or a text, without values from elsewhere: what an answer is compared with.
std::optional<std::string> json_scalar(const Value& value, std::string_view what, Mistakes& mistakes);

}  // namespace burstgate::config
