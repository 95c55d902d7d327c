#include "target/slow_proxy.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

#include "base/error.hpp"
#include "support/hostile_server.hpp"
#include "support/raw_client.hpp"

using namespace burstgate;
using namespace burstgate::test;
using namespace std::chrono_literals;
using target::Slowdown;
using target::SlowProxy;
using Clock = std::chrono::steady_clock;

namespace {

const std::string request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

std::string url_of(const HostileServer& server, const std::string& target = "/") {
  return "http://127.0.0.1:" + std::to_string(server.port()) + target;
}

Steps answer_after(std::chrono::milliseconds time) {
  return {recv_until_request(), sleep(time), respond(ok)};
}

// How long one request takes on a connection that is already used.
Clock::duration time_of_request(const SlowProxy& proxy) {
  RawClient client(proxy.port());
  client.get("/");
  const auto begin = Clock::now();
  CHECK(status_of(client.get("/")) == 200);
  return Clock::now() - begin;
}

// The statuses of so many requests, one after the other.
std::vector<int> statuses(const SlowProxy& proxy, int number) {
  RawClient client(proxy.port());
  std::vector<int> result;
  for (int i = 0; i < number; ++i) result.push_back(status_of(client.get("/")));
  return result;
}

std::string error_of(const std::string& url) {
  try {
    const SlowProxy proxy(url, {});
  } catch (const Error& error) {
    return error.problems().front().code;
  }
  return "";
}

}  // namespace

TEST_CASE("bytes are handed on unchanged, both ways and in any portions") {
  const std::string body(200'000, 'b');
  const std::string upload = "POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + body;
  const std::string large = "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + body;
  HostileServer server([&](int, int number) -> Steps {
    if (number == 0) return {recv_until_request(), respond(large)};
    return {recv_until_request(), respond_sliced(ok, 5, 1ms)};
  });
  const SlowProxy proxy(url_of(server), {.factor = 1.5, .added = 1ms});
  RawClient client(proxy.port());
  client.send(upload);
  CHECK(client.response() == large);
  for (const char byte : request) client.send(std::string(1, byte));
  CHECK(client.response() == ok);
  REQUIRE(server.requests().size() == 2);
  CHECK(server.requests()[0] == upload);
  CHECK(server.requests()[1] == request);
}

TEST_CASE("the URL has the proxy's address and the service's path") {
  HostileServer server([](int, int) -> Steps { return answer_after(0ms); });
  const SlowProxy proxy(url_of(server, "/chat?x=1"), {});
  CHECK(proxy.port() != server.port());
  CHECK(proxy.url() == "http://127.0.0.1:" + std::to_string(proxy.port()) + "/chat?x=1");
}

TEST_CASE("an answer is never early: the factor multiplies the response time, the rest is added to it") {
  HostileServer server([](int, int) -> Steps { return answer_after(20ms); });
  CHECK(time_of_request(SlowProxy(url_of(server), {})) >= 20ms);
  CHECK(time_of_request(SlowProxy(url_of(server), {.factor = 3})) >= 60ms);
  CHECK(time_of_request(SlowProxy(url_of(server), {.added = 50ms})) >= 70ms);
  CHECK(time_of_request(SlowProxy(url_of(server), {.factor = 2, .added = 50ms})) >= 90ms);
}

TEST_CASE("only the first bytes of an answer are held back") {
  HostileServer server([](int, int) -> Steps {
    return {recv_until_request(), send(ok.substr(0, 10)), sleep(100ms), respond(ok.substr(10))};
  });
  const SlowProxy proxy(url_of(server), {.factor = 50});
  const auto begin = Clock::now();
  RawClient client(proxy.port());
  CHECK(status_of(client.get("/")) == 200);
  CHECK(Clock::now() - begin < 2500ms);  // 50 times the 100 ms in its middle would be 5 s
}

TEST_CASE("connections do not wait for each other") {
  HostileServer server([](int, int) -> Steps { return answer_after(0ms); });
  const SlowProxy proxy(url_of(server), {.added = 200ms});
  const auto begin = Clock::now();
  std::vector<std::thread> threads;
  for (int i = 0; i < 20; ++i) {
    threads.emplace_back([&] { CHECK(status_of(RawClient(proxy.port()).get("/")) == 200); });
  }
  for (auto& thread : threads) thread.join();
  CHECK(Clock::now() - begin < 2s);  // one after the other would be 4 s
}

TEST_CASE("errors take the place of their share of the answers, evenly, and the connection goes on") {
  HostileServer server([](int, int) -> Steps { return {recv_until_request(), respond_sliced(ok, 20, 1ms)}; });
  const SlowProxy proxy(url_of(server), {.error_share = 0.25});
  const std::vector<int> got = statuses(proxy, 40);
  int errors = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    errors += got[i] == 500;
    CHECK((got[i] == 500 || got[i] == 200));
    if (i >= 4 && got[i] == 500) CHECK(got[i - 4] == 500);
  }
  CHECK(errors == 10);
  CHECK(server.counters().requests == 40);
  CHECK(server.counters().connections == 2);  // the proxy's own attempt, and the client's
}

TEST_CASE("an error in place of an answer to HEAD has no body") {
  HostileServer server([](int, int) -> Steps {
    return {recv_until_request(), respond("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")};
  });
  const SlowProxy proxy(url_of(server), {.error_share = 1});
  RawClient client(proxy.port());
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string answer = client.response(true);
  CHECK(status_of(answer) == 500);
  CHECK(answer.ends_with("\r\n\r\n"));
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(status_of(client.response(true)) == 500);
}

TEST_CASE("how the service ends a connection is handed on") {
  HostileServer server([](int connection, int) -> Steps {
    if (connection % 2 == 1) return {recv_until_request(), respond("HTTP/1.1 200 OK\r\n\r\nuntil the end"), close()};
    return {recv_until_request(), send("HTTP/1.1 2"), sleep(20ms), rst()};
  });
  const SlowProxy proxy(url_of(server), {});  // its own attempt is connection 0
  RawClient closed(proxy.port());
  closed.send(request);
  CHECK(closed.rest() == "HTTP/1.1 200 OK\r\n\r\nuntil the end");
  CHECK(closed.errno_value() == 0);
  RawClient broken(proxy.port());
  broken.send(request);
  broken.rest();
  CHECK(broken.errno_value() == ECONNRESET);
}

TEST_CASE("an answer without an announced end is replaced by an error, and the connection closed") {
  HostileServer server([](int, int) -> Steps {
    return {recv_until_request(), respond("HTTP/1.1 200 OK\r\n\r\nuntil the end"), close()};
  });
  const SlowProxy proxy(url_of(server), {.error_share = 1});
  RawClient client(proxy.port());
  client.send(request);
  const std::string answer = client.rest();
  CHECK(status_of(answer) == 500);
  CHECK(answer.find("Connection: close\r\n") != std::string::npos);
}

TEST_CASE("a client that goes away is gone for the service as well") {
  HostileServer server([](int, int) -> Steps { return answer_after(0ms); });
  const SlowProxy proxy(url_of(server), {});
  for (int i = 0; i < 3; ++i) RawClient(proxy.port()).get("/");
  CHECK(server.eventually([](const HostileCounters& counters) { return counters.closed == 4; }));
}

TEST_CASE("a service that is gone answers nothing, and a proxy in front of nothing is refused") {
  std::uint16_t port = 0;
  auto server = std::make_unique<HostileServer>([](int, int) -> Steps { return answer_after(0ms); });
  port = server->port();
  const SlowProxy proxy(url_of(*server), {});
  server.reset();
  RawClient client(proxy.port());
  CHECK(client.rest().empty());
  CHECK(error_of("http://127.0.0.1:" + std::to_string(port)) == "E-413");
  CHECK(error_of("ftp://127.0.0.1/") == "E-201");
}

TEST_CASE("the proxy ends at once, whatever is held back") {
  HostileServer server([](int, int) -> Steps { return answer_after(0ms); });
  auto proxy = std::make_unique<SlowProxy>(url_of(server), Slowdown{.added = 60s});
  RawClient client(proxy->port());
  client.send(request);
  CHECK(server.eventually([](const HostileCounters& counters) { return counters.responses == 1; }));
  const auto begin = Clock::now();
  proxy.reset();
  CHECK(Clock::now() - begin < 5s);
  CHECK(client.rest().empty());
}
