#include "support/hostile_server.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "support/raw_client.hpp"

using namespace burstgate::test;
using namespace std::chrono_literals;

namespace {
const std::string request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
Steps always_ok(int, int) {
  return {recv_until_request(), respond(ok)};
}
}  // namespace

TEST_CASE("answers and counts on several connections") {
  HostileServer server(always_ok);
  RawClient first(server.port()), second(server.port());
  for (int i = 0; i < 3; ++i) {
    CHECK(first.send(request));
    CHECK(first.response() == ok);
  }
  CHECK(second.send(request));
  CHECK(second.response() == ok);
  const HostileCounters counters = server.counters();
  CHECK(counters.connections == 2);
  CHECK(counters.requests == 4);
  CHECK(counters.responses == 4);
  CHECK(counters.resets == 0);
  CHECK(counters.bytes_received == 4 * request.size());
  CHECK(counters.bytes_sent == 4 * ok.size());
  CHECK(counters.requests_on == std::vector<std::uint64_t>{3, 1});
  CHECK(server.requests() == std::vector<std::string>(4, request));
}

TEST_CASE("whatever a peer has seen is counted, with many peers") {
  HostileServer server(always_ok);
  std::vector<std::thread> peers;
  std::atomic<int> agreed{0};
  for (int i = 0; i < 8; ++i) {
    peers.emplace_back([&] {
      RawClient client(server.port());
      for (std::uint64_t n = 1; n <= 50; ++n) {
        client.send(request);
        if (client.response() == ok && server.counters().responses >= n) ++agreed;
      }
    });
  }
  for (auto& peer : peers) peer.join();
  CHECK(agreed == 400);
  CHECK(server.counters().responses == 400);
  CHECK(server.counters().requests == 400);
}

TEST_CASE("pipelined requests and bodies by Content-Length") {
  HostileServer server(always_ok);
  RawClient client(server.port());
  const std::string post = "POST / HTTP/1.1\r\ncontent-LENGTH: 5\r\n\r\nhello";
  CHECK(client.send(post + request + post.substr(0, post.size() - 1)));
  CHECK(client.response() == ok);
  CHECK(client.response() == ok);
  CHECK(server.counters().requests == 2);
  CHECK(client.send("o"));
  CHECK(client.response() == ok);
  CHECK(server.requests() == std::vector<std::string>{post, request, post});
}

TEST_CASE("a sliced answer arrives whole and its pauses pass") {
  HostileServer server([](int, int) -> Steps { return {recv_until_request(), respond_sliced(ok, 7, 5ms)}; });
  RawClient client(server.port());
  const auto begin = std::chrono::steady_clock::now();
  CHECK(client.send(request));
  CHECK(client.response() == ok);
  CHECK(std::chrono::steady_clock::now() - begin >= 5ms * ((ok.size() - 1) / 7));
  CHECK(server.counters().responses == 1);
}

TEST_CASE("sleep delays what follows") {
  HostileServer server([](int, int) -> Steps { return {recv_until_request(), sleep(40ms), respond(ok)}; });
  RawClient client(server.port());
  const auto begin = std::chrono::steady_clock::now();
  CHECK(client.send(request));
  CHECK(client.response() == ok);
  CHECK(std::chrono::steady_clock::now() - begin >= 40ms);
}

TEST_CASE("a partial answer and a reset") {
  HostileServer server([](int, int) -> Steps {
    return {recv_until_request(), send("HTTP/1.1 2"), sleep(20ms), rst()};
  });
  RawClient client(server.port());
  CHECK(client.send(request));
  client.rest();
  CHECK(client.errno_value() == ECONNRESET);
  const HostileCounters counters = server.counters();
  CHECK(counters.resets == 1);
  CHECK(counters.responses == 0);
  CHECK(counters.bytes_sent == 10);
}

TEST_CASE("close ends the stream without a reset, also when bytes were left unread") {
  HostileServer server([](int, int) -> Steps { return {recv_until_request(), sleep(50ms), respond(ok), close()}; });
  RawClient client(server.port());
  CHECK(client.send(request + "and more"));
  CHECK(client.rest() == ok);
  CHECK(client.errno_value() == 0);
  CHECK(server.eventually([](const HostileCounters& counters) { return counters.closed == 1; }));
  CHECK(server.counters().bytes_received == request.size() + 8);
}

TEST_CASE("no steps close the connection") {
  HostileServer server([](int, int asked) { return asked == 0 ? always_ok(0, 0) : Steps{}; });
  RawClient client(server.port());
  CHECK(client.send(request));
  CHECK(client.rest() == ok);
  CHECK(server.eventually([](const HostileCounters& counters) { return counters.closed == 1; }));
}

TEST_CASE("a half-closed connection still receives") {
  HostileServer server([](int, int asked) -> Steps {
    if (asked == 0) return {recv_until_request(), respond(ok), shutdown_wr()};
    return {recv_until_request(), hold()};
  });
  RawClient client(server.port());
  CHECK(client.send(request));
  CHECK(client.rest() == ok);
  CHECK(client.send(request));
  CHECK(server.eventually([](const HostileCounters& counters) { return counters.requests == 2; }));
  CHECK(server.counters().closed == 0);
  client.shutdown_wr();
  CHECK(server.eventually([](const HostileCounters& counters) { return counters.closed == 1; }));
}

TEST_CASE("never_read stalls a peer that sends") {
  HostileServer server([](int, int) -> Steps { return {never_read()}; }, {.receive_buffer_bytes = 4096});
  RawClient client(server.port());
  std::atomic<bool> all_taken{false};
  std::thread sender([&] { all_taken = client.send(std::string(64u << 20, 'x')); });
  std::this_thread::sleep_for(300ms);
  CHECK_FALSE(all_taken);
  client.shutdown_wr();  // wakes the sender with an error
  sender.join();
  CHECK_FALSE(all_taken);
  CHECK(server.counters().bytes_received == 0);
}

TEST_CASE("never_accept leaves a connect without an answer") {
  HostileServer server(always_ok, {.never_accept = true});
  const RawClient client(server.port(), 300ms);
  CHECK_FALSE(client.connected());
  CHECK(client.errno_value() == 0);
  CHECK(server.counters().connections == 0);
}
