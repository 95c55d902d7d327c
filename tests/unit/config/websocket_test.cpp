// What a WebSocket scenario becomes: names of endpoints, headers, ids, and how its settings are listed.
#include "config/websocket.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "config/effective.hpp"
#include "unit/config/settings_file.hpp"

using namespace burstgate;
using namespace burstgate::config;
using namespace burstgate::config::test;

namespace {

const std::string text =
    "service: http://127.0.0.1:8080\n"
    "workload:\n"
    "  headers: {Authorization: \"Bearer ${TOKEN}\", Origin: a}\n"
    "  scenarios:\n"
    "    - name: chat\n"
    "      websocket: {path: \"/ws?key=${TOKEN}\", headers: {origin: b}, drops: {at: /d, kind: level}}\n"
    "      steps:\n"
    "        - send: {id: \"\", text: \"${TOKEN}\"}\n"
    "          id: /id\n"
    "          await: {/type: final, /n: 1.5, /t: \"${TOKEN}\"}\n"
    "        - await: any\n"
    "        - {send: hi, await: any, name: third}\n"
    "        - {wait: 1s}\n"
    "        - {send_hex: \"0A fF\"}\n"
    "        - {close: 1000}\n"
    "thresholds: {limits: {p95: 1s}}\n";
const std::map<std::string, std::string> environment = {{"TOKEN", "secret"}};

}  // namespace

TEST_CASE("a WebSocket as it is written") {
  const Settings settings = read(text, {}, environment);
  const Scenario& scenario = settings.plan.scenarios[0];
  CHECK(scenario.steps.empty());
  const WebSocket& socket = *scenario.websocket;
  CHECK(socket.target == "/ws?key=secret");
  CHECK(socket.target_shown == "/ws?key=***");
  REQUIRE(socket.headers.size() == 2);
  CHECK(socket.headers[0].value.text == "Bearer secret");
  CHECK(socket.headers[1].value.text == "b");
  CHECK(socket.drops->kind == DropFigure::Kind::level);
  CHECK(socket.max_message_bytes == 16u << 20);
  CHECK_FALSE(socket.per_iteration);
  CHECK(socket.connects_each_iteration());  // because of the close
  CHECK(socket.steps[0].send->payload.text == R"({"id":"","text":"secret"})");
  CHECK(socket.steps[0].send->payload.shown == R"({"id":"","text":"${TOKEN}"})");
  CHECK(socket.steps[0].send->id_pointer == "/id");
  CHECK(socket.steps[0].await->values[1].second.text == "1.5");
  CHECK(socket.steps[4].send->payload.text == "\x0a\xff");
  CHECK(socket.steps[4].send->binary);
  CHECK(socket.steps[5].close_code == 1000);
}

TEST_CASE("endpoints are the connect and what is awaited") {
  const Settings settings = read(text, {}, environment);
  const auto uses = endpoints_of(settings.plan.scenarios[0]);
  REQUIRE(uses.size() == 4);
  CHECK(uses[0].name == "chat connect");
  CHECK(uses[0].times == 1);
  CHECK(uses[1].name == "chat message");
  CHECK(uses[2].name == "chat message 2");
  CHECK(uses[3].name == "third");
  CHECK(requests_per_iteration(settings.plan) == 4);
  Scenario kept = settings.plan.scenarios[0];
  kept.websocket->steps.pop_back();
  CHECK(endpoints_of(kept)[0].times == 0);
}

TEST_CASE("sockets: one for the requests, one for each WebSocket") {
  Plan plan = read(text, {}, environment).plan;
  CHECK(sockets_per_user(plan) == 1);
  CHECK_FALSE(users_stay_connected(plan));
  plan.scenarios[0].websocket->steps.pop_back();
  CHECK(users_stay_connected(plan));
  plan.scenarios.push_back(plan.scenarios[0]);
  CHECK(sockets_per_user(plan) == 2);
  plan.scenarios.emplace_back();
  CHECK(sockets_per_user(plan) == 3);
}

TEST_CASE("its settings are listed, without secrets") {
  const auto all = effective_settings(read(text, {}, environment));
  const auto value = [&](const std::string& key) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Setting& s) { return s.key == key; });
    return found == all.end() ? "-" : found->value;
  };
  const std::string key = "workload.scenarios[0].websocket.";
  CHECK(value(key + "path") == "/ws?key=***");
  CHECK(value(key + "subprotocols") == "none");
  CHECK(value(key + "heartbeat") == "none");
  CHECK(value(key + "read_delay") == "0 s");
  CHECK(value(key + "drops") == "/d (level)");
  CHECK(value(key + "connection") == "per_user");
  CHECK(value(key + "max_message_bytes") == "16 MiB");
  const std::string step = "workload.scenarios[0].steps";
  CHECK(value(step + "[0]") ==
        "chat message: send 27 bytes, await /id = its id, /type = \"final\", /n = 1.5, /t = \"${TOKEN}\"");
  CHECK(value(step + "[1]") == "chat message 2: await any message");
  CHECK(value(step + "[2]") == "third: send 2 bytes, await any message");
  CHECK(value(step + "[3]") == "wait 1 s");
  CHECK(value(step + "[4]") == "send 5 bytes in hex");
  CHECK(value(step + "[5]") == "close 1000");
}
