// `websocket:` of a scenario, and its steps.
#pragma once

#include <string>
#include <vector>

#include "config/fields.hpp"
#include "config/plan.hpp"
#include "config/template_text.hpp"

namespace burstgate::config {

// A scenario's WebSocket before the workload's headers are added and its endpoints have names.
struct WebSocketDraft {
  WebSocket socket;
  std::vector<Place> step_places;  // of each step, or of its name where it has one
};

// A path, or a mapping.
WebSocketDraft read_websocket(const Value& value, const Reading& reading);

void read_websocket_step(const Value& value, WebSocketDraft& draft, const Reading& reading);

// Whether a step has keys that only steps on a WebSocket have.
bool is_websocket_step(const Value& value);

// "NAME connect" and "NAME message", "NAME message 2" ... where no name was written.
void name_endpoints(WebSocket& socket, const std::string& scenario);

}  // namespace burstgate::config
