// A TCP server for tests that does exactly what its script says, however rude, and counts what it did, so that a test
// can demand that the client's numbers agree.
//
//   using namespace burstgate::test;
//   HostileServer server([](int connection, int request) -> Steps {
//     if (request == 2) return {recv_until_request(), send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal"), rst()};
//     return {recv_until_request(), respond("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")};
//   });
//   ... use server.port() ...
//   CHECK(server.counters().resets == 1);
//
// The script is asked once for every (connection, request on it), both from 0, in the server's thread. When its steps
// are done and the connection is still open, it is asked for the next request. No steps at all: the connection is
// closed. The peer's close ends a connection at the next step that receives.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace burstgate::test {

struct Step {
  enum class Act {
    recv_until_request,
    accept_websocket,
    recv_some,
    collect,
    send,
    sleep,
    shutdown_wr,
    rst,
    close,
    never_read,
    hold
  };
  Act act;
  std::string bytes{};
  std::size_t slice = 0;               // send: at most this many bytes at a time, 0: all at once ...
  std::chrono::milliseconds pause{0};  // ... with this pause between them; sleep: how long
  bool is_response = false;            // send: counts as a response when its last byte was taken by the kernel
};
using Steps = std::vector<Step>;

// Reads to the blank line and as many body bytes as Content-Length says; what follows stays for the next request.
inline Step recv_until_request() {
  return {Step::Act::recv_until_request};
}
// Reads a WebSocket's handshake and answers it as RFC 6455 wants. What is received from here on is kept, see
// websocket_bytes().
inline Step accept_websocket() {
  return {Step::Act::accept_websocket};
}
// The same with more lines in the answer's head.
inline Step accept_websocket_with(std::string lines) {
  return {Step::Act::accept_websocket, std::move(lines)};
}
// Reads something.
inline Step recv_some() {
  return {Step::Act::recv_some};
}
// Reads until the peer closes.
inline Step collect() {
  return {Step::Act::collect};
}
// Bytes that are not, or not the end of, a response that a client should count.
inline Step send(std::string bytes) {
  return {Step::Act::send, std::move(bytes)};
}
inline Step send_sliced(std::string bytes, std::size_t slice, std::chrono::milliseconds pause = {}) {
  return {Step::Act::send, std::move(bytes), slice, pause};
}
// The same for bytes that end a whole response.
inline Step respond(std::string bytes) {
  return {Step::Act::send, std::move(bytes), 0, {}, true};
}
inline Step respond_sliced(std::string bytes, std::size_t slice, std::chrono::milliseconds pause = {}) {
  return {Step::Act::send, std::move(bytes), slice, pause, true};
}
inline Step sleep(std::chrono::milliseconds time) {
  return {Step::Act::sleep, "", 0, time};
}
inline Step shutdown_wr() {
  return {Step::Act::shutdown_wr};
}  // our FIN; receiving goes on
inline Step rst() {
  return {Step::Act::rst};
}  // SO_LINGER 0 and close
inline Step close() {
  return {Step::Act::close};
}  // FIN: bytes that came unasked are drained first
inline Step never_read() {
  return {Step::Act::never_read};
}  // open, nothing read, until the server ends
inline Step hold() {
  return {Step::Act::hold};
}  // open, input dropped, until the peer closes

using Script = std::function<Steps(int connection, int request)>;

struct HostileCounters {
  std::uint64_t connections = 0;  // accepted
  std::uint64_t closed = 0;       // of these over, whoever ended them
  std::uint64_t requests = 0;     // received completely
  std::uint64_t responses = 0;    // respond steps sent completely
  std::uint64_t resets = 0;       // rst steps
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
  std::vector<std::uint64_t> requests_on;  // by connection
};

struct HostileOptions {
  bool never_accept = false;  // listens with a full backlog: further connects find no answer
  int receive_buffer_bytes =
      0;  // SO_RCVBUF of the connections; small makes never_read stall the peer early; 0: default
};

class HostileServer {
 public:
  // Listens on a free port of 127.0.0.1 from here on.
  explicit HostileServer(Script script, HostileOptions options = {});
  ~HostileServer();  // ends all connections
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;

  std::uint16_t port() const;
  // Whatever a peer has seen of this server is counted here. What the server has yet to notice (a connection that it
  // did not accept yet, bytes on their way) is not: wait for it with eventually().
  HostileCounters counters() const;
  // Waits until the counters satisfy it; false after 10 s.
  bool eventually(const std::function<bool(const HostileCounters&)>& satisfied) const;
  // The requests, head and body, in order of completion; the first 1000.
  std::vector<std::string> requests() const;
  // What each WebSocket got after its handshake, in the order of the handshakes.
  std::vector<std::string> websocket_bytes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace burstgate::test
