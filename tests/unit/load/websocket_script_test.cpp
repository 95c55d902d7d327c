// Messages as they go out, and which of those that come is the awaited one.
#include "load/websocket_script.hpp"

#include <doctest/doctest.h>

using namespace burstgate;
using namespace burstgate::load;

namespace {

config::WebSocketStep step_with(std::string payload, std::string id_pointer = "") {
  config::WebSocketStep step;
  step.send = config::WebSocketMessage{{payload, payload}, false, std::move(id_pointer)};
  step.await.emplace();
  step.await->name = "reply";
  return step;
}

std::shared_ptr<const WebSocketScript> script_of(std::vector<config::WebSocketStep> steps) {
  config::WebSocket socket;
  socket.target = "/ws";
  socket.connect_name = "connect";
  socket.steps = std::move(steps);
  const auto index = [](const std::string& name) { return std::size_t{name == "connect" ? 0u : 1u}; };
  return render_websocket(socket, 0, protocol::parse_url("http://localhost:8080/", "test"), index);
}

Fit fit(Conversation& conversation, std::string_view text) {
  IncomingMessage message(text);
  return conversation.fit(message);
}

}  // namespace

TEST_CASE("a message without an id is sent as it stands, without a copy") {
  const auto script = script_of({step_with("{\"a\": 1}")});
  std::string scratch;
  const std::string_view bytes = script->steps[0].send->with_id(7, scratch);
  CHECK(bytes == "{\"a\": 1}");
  CHECK(bytes.data() == script->steps[0].send->before_id.data());
  CHECK(scratch.empty());
}

TEST_CASE("an id takes the place that was written for it, as a number or as text") {
  std::string scratch;
  const auto sent = [&](const std::string& payload, const std::string& pointer, std::uint64_t id) {
    return std::string(script_of({step_with(payload, pointer)})->steps[0].send->with_id(id, scratch));
  };
  CHECK(sent(R"({"id":0,"text":"hello"})", "/id", 41) == R"({"id":41,"text":"hello"})");
  CHECK(sent(R"({"id":"","text":"hello"})", "/id", 41) == R"({"id":"41","text":"hello"})");
  CHECK(sent(R"({"a":{"b":[1,null]}})", "/a/b/1", 9) == R"({"a":{"b":[1,9]}})");
  CHECK(sent(R"({"id":0,"text":"burstgate-id"})", "/id", 5) == R"({"id":5,"text":"burstgate-id"})");
}

TEST_CASE("ids of different users never meet, and fit into a JSON number") {
  Conversation first(0), last((1u << 20) - 1);
  CHECK(first.next_id() == 1);
  CHECK(first.next_id() == 2);
  CHECK(last.next_id() < (1ull << 53));
  CHECK(last.next_id() > (1ull << 32));
}

TEST_CASE("values: every one of them must be there") {
  config::WebSocketStep step = step_with("x");
  step.await->values = {{"/type", {"\"final\"", ""}}, {"/n/0", {"1", ""}}};
  const auto script = script_of({step});
  Conversation conversation(0);
  conversation.expect(*script->steps[0].await, 0);
  CHECK(fit(conversation, R"({"type":"chunk"})") == Fit::passed_over);
  CHECK(fit(conversation, R"({"type":"final"})") == Fit::passed_over);
  CHECK(fit(conversation, R"({"type":"final","n":[2]})") == Fit::passed_over);
  CHECK(fit(conversation, "no JSON {") == Fit::passed_over);
  CHECK(conversation.waits());
  CHECK(fit(conversation, R"({"type":"final","n":[1.0]})") == Fit::awaited);
  CHECK_FALSE(conversation.waits());
  CHECK(fit(conversation, R"({"type":"final","n":[1]})") == Fit::unexpected);
}

TEST_CASE("any message is the awaited one, and only one of them") {
  const auto script = script_of({step_with("x")});
  Conversation conversation(0);
  CHECK(fit(conversation, "before") == Fit::unexpected);
  conversation.expect(*script->steps[0].await, 0);
  CHECK(fit(conversation, "\xff\xfe") == Fit::awaited);
  CHECK(fit(conversation, "again") == Fit::unexpected);
}

TEST_CASE("case 83: replies are told apart by their ids") {
  const auto script = script_of({step_with(R"({"id":0})", "/id")});
  const ReplyPattern& pattern = *script->steps[0].await;
  Conversation conversation(3);
  const auto ask = [&] {
    const std::uint64_t id = conversation.next_id();
    conversation.expect(pattern, id);
    return std::to_string(id);
  };
  const std::string first = ask();
  CHECK(fit(conversation, R"({"id":1})") == Fit::unexpected);              // another user's
  CHECK(fit(conversation, R"({"id":"17 "})") == Fit::unexpected);          // nobody's
  CHECK(fit(conversation, R"({"text":"tick"})") == Fit::passed_over);      // without any
  CHECK(fit(conversation, "{\"id\":\"" + first + "\"}") == Fit::awaited);  // as text is as good
  CHECK(fit(conversation, "{\"id\":" + first + "}") == Fit::duplicate);
  const std::string lost = ask();
  conversation.give_up();
  const std::string third = ask();
  CHECK(fit(conversation, "{\"id\":" + lost + "}") == Fit::late);  // out of order
  CHECK(fit(conversation, "{\"id\":" + first + "}") == Fit::duplicate);
  CHECK(conversation.waits());
  CHECK(fit(conversation, "{\"id\":" + third + "}") == Fit::awaited);
  CHECK(fit(conversation, R"({"text":"tick"})") == Fit::unexpected);
}

TEST_CASE("the first message's endpoint stands for arrivals that never start") {
  config::WebSocketStep pause;
  pause.wait = std::chrono::seconds(1);
  CHECK(script_of({pause})->first_message_endpoint == 0);
  CHECK(script_of({pause, step_with("x")})->first_message_endpoint == 1);
}
