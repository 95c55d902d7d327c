// Which endpoints are the messages of WebSocket scenarios.
#pragma once

#include <string>
#include <vector>

#include "config/plan.hpp"

namespace burstgate::config {

// The names of the scenario's awaited replies, each once; nothing for a scenario of HTTP steps. The connection itself
// is not a message.
std::vector<std::string> messages_of(const Scenario& scenario);

}  // namespace burstgate::config
