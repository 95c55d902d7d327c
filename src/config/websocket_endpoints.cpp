#include "config/websocket_endpoints.hpp"

#include <algorithm>

namespace burstgate::config {

std::vector<std::string> messages_of(const Scenario& scenario) {
  std::vector<std::string> names;
  if (!scenario.websocket) return names;
  for (const WebSocketStep& step : scenario.websocket->steps) {
    if (!step.await || std::find(names.begin(), names.end(), step.await->name) != names.end()) continue;
    names.push_back(step.await->name);
  }
  return names;
}

}  // namespace burstgate::config
