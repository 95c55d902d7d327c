// What is said on a WebSocket, in one line for people and for the workload's digest. Nothing secret is in it: payloads
// and values appear as they were written.
#pragma once

#include <string>

#include "config/websocket.hpp"

namespace burstgate::config {

std::string to_text(const WebSocketStep& step);  // "NAME: send 42 bytes, await /type = \"final\""
std::string to_text(const DropFigure& drops);    // "/stats/dropped (counter of the connection)"

}  // namespace burstgate::config
