// Cases 79-85 of docs/reliability.md: WebSocket servers that break RFC 6455, one file of tests/cases/websocket each,
// and handshakes that are none. What the client says of it is checked at the server's side.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/error.hpp"
#include "load/burst.hpp"
#include "load/websocket_session.hpp"
#include "support/hostile_server.hpp"
#include "support/plans.hpp"

using namespace burstgate;
using namespace burstgate::test;
using measure::Failure;
using measure::Measurement;
using std::chrono::milliseconds;
namespace fs = std::filesystem;

namespace {

// One user that sends a text and awaits any message.
config::Plan websocket_plan(config::WebSocketStep step = {}) {
  config::Plan plan = one_step_plan();
  config::Scenario& scenario = plan.scenarios[0];
  scenario.steps.clear();
  scenario.websocket.emplace();
  scenario.websocket->target = scenario.websocket->target_shown = "/ws";
  scenario.websocket->connect_name = "connect";
  if (!step.send && !step.await) {
    step.send = config::WebSocketMessage{{"hello", "hello"}, false, ""};
    step.await.emplace();
  }
  if (step.await) step.await->name = "message";
  scenario.websocket->steps = {step};
  plan.profile.closed.users = 1;
  plan.profile.warmup = milliseconds(0);
  plan.profile.duration = milliseconds(60);
  plan.limits.request_timeout = milliseconds(300);
  plan.limits.connect_timeout = milliseconds(1000);
  plan.limits.drain = milliseconds(1000);
  plan.threads = 1;
  return plan;
}

// The burst connects twice beforehand: for the address, and for the handshake.
constexpr int preflight_connections = 2;

Measurement burst(const config::Plan& plan, const HostileServer& server) {
  return load::run_burst(plan, "http://127.0.0.1:" + std::to_string(server.port()) + "/", {});
}

const measure::Counts& counts_of(const Measurement& m, const std::string& endpoint) {
  return measure::find_endpoint(m, endpoint)->counts;
}

// The preflight's part: nothing on the first connection, a handshake and its end on the second.
Steps preflight(int connection) {
  if (connection == 0) return {hold()};
  return {accept_websocket(), recv_some(), close()};
}

std::string bytes_of(const std::string& hex) {
  std::string bytes, digits;
  for (const char c : hex) {
    if (c != ' ') digits += c;
    if (digits.size() < 2) continue;
    bytes += static_cast<char>(std::stoi(digits, nullptr, 16));
    digits.clear();
  }
  return bytes;
}

std::map<std::string, std::string> read_case(const fs::path& path) {
  std::ifstream file(path);
  std::map<std::string, std::string> fields;
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(':');
    if (line.starts_with('#') || colon == std::string::npos) continue;
    fields[line.substr(0, colon)] = line.substr(std::min(line.size(), colon + 2));
  }
  return fields;
}

// The code in the first close frame among a client's frames, which are masked: "none" without a frame, "any" without a
// code.
std::string close_code_in(const std::string& bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(bytes.at(i))); };
  for (std::size_t i = 0; i + 6 <= bytes.size();) {
    CHECK((at(i + 1) & 0x80u) != 0);  // a client masks
    std::size_t length = at(i + 1) & 0x7fu;
    REQUIRE(length < 126);
    const std::size_t mask = i + 2;
    if ((at(i) & 0xfu) != 8) {
      i = mask + 4 + length;
      continue;
    }
    if (length < 2 || mask + 6 > bytes.size()) return "any";
    return std::to_string((at(mask + 4) ^ at(mask)) << 8 | (at(mask + 5) ^ at(mask + 1)));
  }
  return "none";
}

Script script_of(std::map<std::string, std::string> fields) {
  return [fields](int connection, int) -> Steps {
    if (connection < preflight_connections) return preflight(connection);
    const int times = fields.count("repeat") > 0 ? std::stoi(fields.at("repeat")) : 1;
    std::string frames;
    for (int i = 0; i < times; ++i) frames += bytes_of(fields.at("frames"));
    Steps steps = {accept_websocket(), recv_some(), send(frames)};
    const auto then = fields.find("then");
    if (then == fields.end()) {
      steps.push_back(collect());
    } else {
      if (then->second == "rst") steps.push_back(sleep(milliseconds(20)));
      steps.push_back(then->second == "rst" ? rst() : close());
    }
    return steps;
  };
}

void check_failure(const measure::Counts& counts, const std::string& expected) {
  CHECK(counts.started > 0);
  if (expected == "none") {
    CHECK(counts.ok > 0);
    return;
  }
  CHECK(counts.ok == 0);
  const auto failure = measure::failure_named(expected);
  REQUIRE(failure);
  for (std::size_t i = 0; i < measure::failure_count; ++i) {
    INFO(std::string(measure::name(static_cast<Failure>(i))) << " " << counts.failures[i]);
    if (static_cast<Failure>(i) != *failure) CHECK(counts.failures[i] == 0);
  }
  CHECK(counts[*failure] + counts.unfinished == counts.started);
}

}  // namespace

TEST_CASE("frames that break RFC 6455, and some that only look odd") {
  int files = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(BURSTGATE_SOURCE_DIR) / "tests/cases/websocket")) {
    if (entry.path().extension() != ".case") continue;
    ++files;
    const auto fields = read_case(entry.path());
    INFO(entry.path().filename().string());
    HostileServer server(script_of(fields));
    const Measurement m = burst(websocket_plan(), server);
    check_failure(counts_of(m, "message"), fields.at("failure"));
    if (fields.count("close") == 0) continue;
    const auto websockets = server.websocket_bytes();
    REQUIRE(websockets.size() >= preflight_connections);
    const std::string code = close_code_in(websockets[1]);
    if (fields.at("close") == "any") {
      CHECK(code != "none");
    } else {
      CHECK(code == fields.at("close"));
    }
  }
  CHECK(files > 50);
}

TEST_CASE("case 79: a handshake that is none ends before the load, and says which field is wrong") {
  const std::string head = "HTTP/1.1 101 Switching Protocols\r\n";
  const std::string good = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
  const std::string accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
  const std::pair<std::string, std::string> cases[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "status: 200 instead of 101"},
      {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "status: 403 instead of 101"},
      {"HTTP/1.1 301 Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
       "status: 301 instead of 101, Location: '/elsewhere'"},
      {head + good + "\r\n", "Sec-WebSocket-Accept: missing"},
      {head + good + accept + "\r\n",
       "Sec-WebSocket-Accept: 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' does not answer the key that was sent"},
      {head + "Connection: Upgrade\r\n" + accept + "\r\n", "Upgrade: missing"},
      {head + "Upgrade: h2c\r\nConnection: Upgrade\r\n" + accept + "\r\n", "Upgrade: 'h2c' instead of websocket"},
      {head + "Upgrade: websocket\r\n" + accept + "\r\n", "Connection: missing"},
      {head + "Upgrade: websocket\r\nConnection: keep-alive\r\n" + accept + "\r\n",
       "Connection: 'keep-alive' instead of Upgrade"},
      {"HTTP/1.0 101 Switching Protocols\r\n" + good + accept + "\r\n", "HTTP version: not 1.1"},
      {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "bad version"},
  };
  for (const auto& [answer, text] : cases) {
    const std::string bytes = answer;
    HostileServer server([bytes](int, int) -> Steps { return {recv_until_request(), send(bytes), close()}; });
    const std::string where = "127.0.0.1:" + std::to_string(server.port());
    try {
      burst(websocket_plan(), server);
      FAIL("no error: " << text);
    } catch (const Error& error) {
      CHECK(error.trouble() == Trouble::target);
      CHECK(std::string(error.what()) == where + ": error[E-306]: connect: no WebSocket here: " + text +
                                             "; check the scenario's path, headers and subprotocols");
    }
  }
}

TEST_CASE("case 79: what was never offered, and what was offered in vain") {
  const auto what_of = [](const std::string& extra, std::vector<std::string> offered) {
    HostileServer server([extra](int, int) -> Steps { return {accept_websocket_with(extra), hold()}; });
    config::Plan plan = websocket_plan();
    plan.scenarios[0].websocket->subprotocols = std::move(offered);
    try {
      burst(plan, server);
    } catch (const Error& error) {
      return error.problems().front().what;
    }
    return std::string();
  };
  CHECK(what_of("Sec-WebSocket-Protocol: chat\r\n", {}) ==
        "connect: no WebSocket here: Sec-WebSocket-Protocol: 'chat' was never offered");
  CHECK(what_of("Sec-WebSocket-Protocol: c\r\n", {"a", "b"}) ==
        "connect: no WebSocket here: Sec-WebSocket-Protocol: 'c' was never offered");
  CHECK(what_of("", {"a", "b"}) == "connect: no WebSocket here: Sec-WebSocket-Protocol: missing, offered were a, b");
  CHECK(what_of("Sec-WebSocket-Extensions: permessage-deflate\r\n", {}) ==
        "connect: no WebSocket here: Sec-WebSocket-Extensions: 'permessage-deflate' was never offered");
  CHECK(what_of("Sec-WebSocket-Protocol: b\r\n", {"a", "b"}).empty());
}

TEST_CASE("case 85: no extension is offered") {
  HostileServer server(script_of({{"frames", "81 02 6f 6b"}}));
  burst(websocket_plan(), server);
  for (const std::string& request : server.requests()) CHECK(request.find("Extensions") == std::string::npos);
}

TEST_CASE("during the load a refused handshake is a failure of its class") {
  const std::pair<std::string, Failure> cases[] = {
      {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", Failure::status},
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", Failure::handshake},
      {"nonsense\r\n\r\n", Failure::protocol},
      {"", Failure::closed},
  };
  for (const auto& [answer, failure] : cases) {
    const std::string bytes = answer;
    INFO(bytes);
    HostileServer server([bytes](int connection, int) -> Steps {
      if (connection < preflight_connections) return preflight(connection);
      return {recv_until_request(), send(bytes), close()};
    });
    const Measurement m = burst(websocket_plan(), server);
    const auto& counts = counts_of(m, "connect");
    CHECK(counts[failure] == counts.started - counts.unfinished);
    CHECK(counts.started > 0);
    if (failure == Failure::status) CHECK(counts.statuses.at(403) == counts.started);
    CHECK(counts_of(m, "message").started == 0);
  }
}

TEST_CASE("a handshake that is never answered is a connect timeout, and the run ends on time") {
  HostileServer server([](int connection, int) -> Steps {
    if (connection < preflight_connections) return preflight(connection);
    return {recv_until_request(), hold()};
  });
  config::Plan plan = websocket_plan();
  plan.limits.connect_timeout = milliseconds(100);
  const auto began = std::chrono::steady_clock::now();
  const Measurement m = burst(plan, server);
  CHECK(counts_of(m, "connect")[Failure::connect_timeout] == counts_of(m, "connect").started);
  CHECK(std::chrono::steady_clock::now() - began < milliseconds(2500));
}

TEST_CASE("case 83: a reply that never comes is lost, and a late one is not taken for the next") {
  // Every message is answered when the next one has come: without an id each answer would fit the wrong message.
  HostileServer server([](int connection, int request) -> Steps {
    if (connection < preflight_connections) return preflight(connection);
    if (request == 0) return {accept_websocket(), recv_some(), sleep(milliseconds(150)), send(bytes_of("81 02 6f 6b"))};
    return {collect()};
  });
  config::Plan plan = websocket_plan();
  plan.limits.request_timeout = milliseconds(50);
  plan.profile.duration = milliseconds(220);
  const Measurement m = burst(plan, server);
  const auto& counts = counts_of(m, "message");
  CHECK(counts.ok == 0);
  CHECK(counts[Failure::timeout] == counts.started);
  CHECK(m.total.figures.at(Metric::ws_lost) == counts.started);
  CHECK(m.total.latencies.late.min_us() >= 49'900);
}

TEST_CASE("case 84: a closing handshake that is never finished is unclean, and the run ends on time") {
  HostileServer server([](int connection, int) -> Steps {
    if (connection < preflight_connections) return preflight(connection);
    return {accept_websocket(), recv_some(), send(bytes_of("81 02 6f 6b")), collect()};
  });
  config::WebSocketStep step;
  step.send = config::WebSocketMessage{{"hello", "hello"}, false, ""};
  step.await.emplace();
  config::Plan plan = websocket_plan(step);
  // The second message is never answered: it is cut, and so is the closing handshake.
  plan.limits.request_timeout = milliseconds(60'000);
  plan.limits.drain = milliseconds(100);
  const auto began = std::chrono::steady_clock::now();
  const Measurement m = burst(plan, server);
  CHECK(std::chrono::steady_clock::now() - began < milliseconds(60 + 100) + load::closing_limit + milliseconds(1500));
  CHECK(m.total.figures.at(Metric::ws_unclean_closes) == 1);
  CHECK(counts_of(m, "message").ok == 1);
  CHECK(counts_of(m, "message").unfinished == 1);
  CHECK(m.total.figures.at(Metric::ws_lost) == 0);
}

TEST_CASE("a peer that reads nothing: the message cannot be sent in time") {
  HostileOptions options;
  options.receive_buffer_bytes = 4096;
  HostileServer server(
      [](int connection, int) -> Steps {
        if (connection < preflight_connections) return preflight(connection);
        return {accept_websocket(), never_read()};
      },
      options);
  config::WebSocketStep step;
  step.send = config::WebSocketMessage{{std::string(12u << 20, 'x'), ""}, false, ""};
  step.await.emplace();
  const Measurement m = burst(websocket_plan(step), server);
  CHECK(counts_of(m, "message").started > 0);
  CHECK(counts_of(m, "message")[Failure::send_timeout] == counts_of(m, "message").started);
}

TEST_CASE("heartbeat: without a pong the connection is given up") {
  HostileServer server([](int connection, int) -> Steps {
    if (connection < preflight_connections) return preflight(connection);
    return {accept_websocket(), collect()};
  });
  config::Plan plan = websocket_plan();
  plan.scenarios[0].websocket->heartbeat = milliseconds(40);
  plan.limits.request_timeout = milliseconds(2000);
  plan.profile.duration = milliseconds(150);
  const Measurement m = burst(plan, server);
  CHECK(counts_of(m, "message")[Failure::timeout] >= 1);
  CHECK(m.total.figures.at(Metric::ws_unclean_closes) >= 1);
  // The ping: fin, opcode 9, masked, no payload.
  const auto websockets = server.websocket_bytes();
  REQUIRE(websockets.size() > 1);
  CHECK(websockets[1].find("\x89\x80") != std::string::npos);
}
