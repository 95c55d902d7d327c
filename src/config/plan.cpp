#include "config/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/units.hpp"

namespace burstgate::config {

std::string stage_text(const Profile& profile, const Stage& stage) {
  const std::string over = stage.over.count() == 0 ? "at once" : "over " + to_text(stage.over);
  return fmt::format("{:g}{} {}", stage.target, profile.open ? "/s" : stage.target == 1 ? " user" : " users", over);
}

std::string Exec::shown() const {
  std::vector<std::string> words;
  for (const Secretive& argument : command) words.push_back(argument.shown);
  return join(words, " ");
}

std::vector<EndpointUse> endpoints_of(const Scenario& scenario) {
  std::vector<EndpointUse> uses;
  for (const Step& step : scenario.steps) uses.push_back({step.name});
  if (!scenario.websocket) return uses;
  const WebSocket& socket = *scenario.websocket;
  uses.push_back({socket.connect_name, socket.connects_each_iteration() ? 1.0 : 0.0});
  for (const WebSocketStep& step : socket.steps) {
    if (step.await) uses.push_back({step.await->name});
  }
  return uses;
}

std::vector<const Step*> every_step(const Plan& plan) {
  std::vector<const Step*> steps;
  const auto add = [&](const Scenario& scenario) {
    for (const auto* part : {&scenario.setup, &scenario.steps, &scenario.teardown}) {
      for (const Step& step : *part) steps.push_back(&step);
    }
  };
  add(plan.around);
  for (const Scenario& scenario : plan.scenarios) add(scenario);
  return steps;
}

double requests_per_iteration(const Plan& plan) {
  double requests = 0;
  double weights = 0;
  for (const Scenario& scenario : plan.scenarios) {
    for (const EndpointUse& use : endpoints_of(scenario)) requests += scenario.weight * use.times;
    weights += scenario.weight;
  }
  return requests / weights;
}

int sockets_per_user(const Plan& plan) {
  int websockets = 0;
  for (const Scenario& scenario : plan.scenarios) websockets += scenario.websocket.has_value();
  return websockets + (static_cast<std::size_t>(websockets) < plan.scenarios.size() ? 1 : 0);
}

bool users_stay_connected(const Plan& plan) {
  return std::none_of(plan.scenarios.begin(), plan.scenarios.end(), [](const Scenario& scenario) {
    return scenario.websocket && scenario.websocket->connects_each_iteration();
  });
}

}  // namespace burstgate::config
