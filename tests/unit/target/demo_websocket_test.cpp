// The built-in service's WebSocket endpoints, frame by frame.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "support/raw_client.hpp"
#include "target/demo_service.hpp"

using namespace burstgate;
using namespace burstgate::target;
using test::body_of;
using test::RawClient;
using test::status_of;

namespace {

class Running {
 public:
  explicit Running(double drops) {
    options_.endpoints = {{.path = "/ws", .error_rate = drops, .websocket = true}};
    thread_ = std::thread([this] {
      serve(options_, stop_, [this](std::uint16_t port) {
        port_ = port;
        port_.notify_one();
      });
    });
    port_.wait(0);
  }
  ~Running() {
    stop_ = true;
    thread_.join();
  }
  std::uint16_t port() const { return port_; }
  nlohmann::json stats() const {
    return nlohmann::json::parse(body_of(RawClient(port_).get("/_stats")))["endpoints"]["/ws"];
  }

 private:
  DemoOptions options_;
  std::atomic<bool> stop_{false};
  std::atomic<std::uint16_t> port_{0};
  std::thread thread_;
};

// The example of RFC 6455, 1.3.
const std::string handshake =
    "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: chat, superchat\r\n\r\n";

// A client's frame; the mask is 0.
std::string frame(int opcode, const std::string& payload) {
  std::string bytes = {static_cast<char>(0x80 | opcode), static_cast<char>(0x80 | static_cast<int>(payload.size()))};
  return bytes + std::string(4, '\0') + payload;
}
const std::string goodbye = frame(8, {"\x03\xe8", 2});

// What comes back after the handshake, up to the service's close frame.
std::string talk(std::uint16_t port, const std::string& frames) {
  RawClient client(port);
  client.send(handshake);
  const std::string answer = client.response();
  CHECK(answer.find("101 Switching Protocols") != std::string::npos);
  CHECK(answer.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") != std::string::npos);
  CHECK(answer.find("Sec-WebSocket-Protocol: chat\r\n") != std::string::npos);
  client.send(frames + goodbye);
  return client.rest();
}
const std::string service_goodbye = "\x88\x02\x03\xe8";

}  // namespace

TEST_CASE("every message comes back, text as text and bytes as bytes") {
  const Running service(0);
  CHECK(talk(service.port(), frame(1, "{\"a\":1}") + frame(2, "\xff")) ==
        "\x81\x07{\"a\":1}" + std::string("\x82\x01\xff") + service_goodbye);
  CHECK(service.stats()["requests"] == 2);
  CHECK(service.stats()["errors"] == 0);
}

TEST_CASE("pings are answered") {
  const Running service(0);
  CHECK(talk(service.port(), frame(9, "p")) == "\x8a\x01p" + service_goodbye);
}

TEST_CASE("dropped messages are counted, and the replies tell") {
  const Running service(0.5);
  const std::string message = "{\"a\": 1}";
  std::string frames;
  for (int i = 0; i < 40; ++i) frames += frame(1, message);
  const std::string back = talk(service.port(), frames);
  const auto stats = service.stats();
  const int dropped = stats["errors"];
  CHECK(stats["requests"] == 40);
  CHECK(dropped > 5);
  CHECK(dropped < 35);
  std::size_t echoes = 0;
  for (std::size_t at = back.find("{\"a\": 1,\"dropped\":"); at != std::string::npos;
       at = back.find("{\"a\": 1,\"dropped\":", at + 1)) {
    ++echoes;
  }
  CHECK(echoes == 40 - static_cast<std::size_t>(dropped));
}

TEST_CASE("who does not ask for a WebSocket is told so") {
  const Running service(0);
  CHECK(status_of(RawClient(service.port()).get("/ws")) == 426);
}
