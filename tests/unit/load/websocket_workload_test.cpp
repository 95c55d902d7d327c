#include <doctest/doctest.h>

#include "load/burst.hpp"
#include "support/plans.hpp"

using namespace burstgate;

namespace {

config::Plan websocket_plan() {
  config::Plan plan = test::one_step_plan();
  plan.scenarios[0].steps.clear();
  config::WebSocketStep step;
  step.send = config::WebSocketMessage{{"text", "text"}, false, ""};
  step.await = config::WebSocketReply{"reply", {{"/a", {"1", "1"}}}};
  config::WebSocket& socket = plan.scenarios[0].websocket.emplace();
  socket.target = socket.target_shown = "/ws";
  socket.connect_name = "connect";
  socket.steps = {step};
  return plan;
}

std::string digest_after(void (*change)(config::WebSocket&)) {
  config::Plan plan = websocket_plan();
  change(*plan.scenarios[0].websocket);
  return load::workload_of(plan).digest;
}

}  // namespace

TEST_CASE("the workload digest changes with everything that changes what is said on a WebSocket") {
  using config::WebSocket;
  const std::string same = load::workload_of(websocket_plan()).digest;
  CHECK(digest_after([](WebSocket&) {}) == same);
  CHECK(digest_after([](WebSocket& s) { s.target = "/ws?a=1"; }) != same);
  CHECK(digest_after([](WebSocket& s) { s.headers = {{"A", {"b", "b"}}}; }) != same);
  CHECK(digest_after([](WebSocket& s) { s.subprotocols = {"chat"}; }) != same);
  CHECK(digest_after([](WebSocket& s) { s.heartbeat = std::chrono::seconds(1); }) != same);
  CHECK(digest_after([](WebSocket& s) { s.read_delay = std::chrono::seconds(1); }) != same);
  CHECK(digest_after([](WebSocket& s) { s.drops.emplace().pointer = "/d"; }) != same);
  CHECK(digest_after([](WebSocket& s) { s.per_iteration = true; }) != same);
  CHECK(digest_after([](WebSocket& s) { s.steps[0].send->payload = {"tixt", "tixt"}; }) != same);
  CHECK(digest_after([](WebSocket& s) { s.steps[0].send->binary = true; }) != same);
  CHECK(digest_after([](WebSocket& s) { s.steps[0].send->id_pointer = "/id"; }) != same);
  CHECK(digest_after([](WebSocket& s) { s.steps[0].await->values[0].first = "/b"; }) != same);
  CHECK(digest_after([](WebSocket& s) { s.steps[0].await->values[0].second = {"2", "2"}; }) != same);
  CHECK(digest_after([](WebSocket& s) { s.steps.emplace_back().wait = std::chrono::seconds(1); }) != same);
  CHECK(digest_after([](WebSocket& s) { s.steps.emplace_back().close_code = 1000; }) != same);
  // Values from the environment may change.
  CHECK(digest_after([](WebSocket& s) { s.steps[0].send->payload.text = "tixt"; }) == same);
}
