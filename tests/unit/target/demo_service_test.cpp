#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/error.hpp"
#include "support/raw_client.hpp"
#include "target/demo_service.hpp"

using namespace burstgate;
using namespace burstgate::target;
using namespace std::chrono_literals;
using test::body_of;
using test::RawClient;
using test::status_of;
using Clock = std::chrono::steady_clock;
using nlohmann::json;
using Shape = ServiceTime::Shape;

namespace {

// The service in a thread of its own, stopped at the end of the scope.
class Running {
 public:
  explicit Running(DemoOptions options) : options_(std::move(options)) {
    thread_ = std::thread([this] {
      serve(options_, stop_, [this](std::uint16_t port) {
        port_ = port;
        port_.notify_one();
      });
    });
    port_.wait(0);
  }
  ~Running() { end(); }
  void end() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  std::uint16_t port() const { return port_; }
  json stats() const { return json::parse(body_of(RawClient(port_).get("/_stats")))["endpoints"]; }

 private:
  DemoOptions options_;
  std::atomic<bool> stop_{false};
  std::atomic<std::uint16_t> port_{0};
  std::thread thread_;
};

DemoEndpoint constant(std::string path, std::chrono::microseconds time, Work work = Work::wait) {
  return {.path = std::move(path), .time = {.median = time}, .work = work};
}

// Runs the clients at once, each in a thread, and waits for them.
template <typename Client>
void in_parallel(int number, Client client) {
  std::vector<std::thread> threads;
  for (int i = 0; i < number; ++i) threads.emplace_back(client, i);
  for (auto& thread : threads) thread.join();
}

std::string error_of(const DemoOptions& options) {
  const std::atomic<bool> stop{true};
  try {
    serve(options, stop, {});
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("answers with status and body size, 404 elsewhere, and HEAD without a body") {
  DemoEndpoint created = constant("/x", 0us);
  created.status = 201;
  created.body_bytes = 1000;
  const Running service({.endpoints = {created, constant("/none", 0us)}});
  RawClient client(service.port());
  const std::string answer = client.get("/x?query=1");
  CHECK(answer.starts_with("HTTP/1.1 201 Created\r\n"));
  CHECK(body_of(answer).size() == 1000);
  CHECK(status_of(client.get("/other")) == 404);
  CHECK(status_of(client.get("/_ready")) == 200);
  CHECK(status_of(client.get("/_reset")) == 405);

  client.send("HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string head = client.response(true);
  CHECK(head.starts_with("HTTP/1.1 201 Created\r\n"));
  CHECK(head.find("Content-Length: 1000\r\n") != std::string::npos);
  CHECK(body_of(client.get("/none")).size() == 16);  // nothing of the HEAD's body in between
}

TEST_CASE("a session is for those who logged in, each with its own token and cookie") {
  const Running service({.endpoints = {constant("/", 0us)}});
  RawClient client(service.port());
  const auto login = [&] {
    client.send("POST /_login HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    return client.response();
  };
  const auto session = [&](const std::string& fields) {
    client.send("GET /_session HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
    return client.response();
  };
  const std::string first = login();
  CHECK(first.find("\r\nSet-Cookie: session=1; Path=/; HttpOnly\r\n") != std::string::npos);
  CHECK(body_of(first) == "{\"token\":\"demo-1\",\"user\":1}\n");
  CHECK(body_of(login()) == "{\"token\":\"demo-2\",\"user\":2}\n");
  CHECK(body_of(session("Authorization: Bearer demo-2\r\nCookie: session=2\r\n")) == "{\"ok\":true,\"user\":2}\n");
  CHECK(status_of(session("Authorization: Bearer demo-2\r\nCookie: session=1\r\n")) == 401);
  CHECK(status_of(session("Authorization: Bearer demo-2\r\n")) == 401);
  CHECK(status_of(session("")) == 401);  // nothing is left of the request before
  CHECK(status_of(client.get("/_login")) == 405);
}

TEST_CASE("reads bodies and drops them: by length, chunked, and after 100 Continue") {
  const Running service({.endpoints = {constant("/", 0us)}});
  RawClient client(service.port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + std::string(100'000, 'b'));
  CHECK(status_of(client.response()) == 200);
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  CHECK(status_of(client.response()) == 200);
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.response() == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("abc");
  CHECK(status_of(client.response()) == 200);
  CHECK(service.stats()["/"]["requests"] == 3);
}

TEST_CASE("pipelined requests are answered in order, and byte by byte works too") {
  const Running service({.endpoints = {constant("/a", 2ms), constant("/b", 0us)}});
  RawClient client(service.port());
  const std::string a = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n", b = "GET /c HTTP/1.1\r\nHost: x\r\n\r\n";
  client.send(a + b + a);
  CHECK(status_of(client.response()) == 200);
  CHECK(status_of(client.response()) == 404);
  CHECK(status_of(client.response()) == 200);
  for (const char byte : a) client.send(std::string(1, byte));
  CHECK(status_of(client.response()) == 200);
}

TEST_CASE("connections end when the client asks for it, and after nonsense") {
  const Running service({.endpoints = {constant("/", 0us)}});
  RawClient closing(service.port());
  closing.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(closing.rest().find("Connection: close\r\n") != std::string::npos);
  RawClient old(service.port());
  old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(old.response().find("Connection: keep-alive\r\n") != std::string::npos);
  old.send("GET / HTTP/1.0\r\n\r\n");
  CHECK(old.rest().find("Connection: close\r\n") != std::string::npos);
  RawClient rude(service.port());
  rude.send("\x16\x03\x01 nonsense\r\n\r\n");
  CHECK(status_of(rude.rest()) == 400);
}

TEST_CASE("a request head may have 64 KiB, not more") {
  const Running service({.endpoints = {constant("/", 0us)}});
  const std::string begin = "GET / HTTP/1.1\r\nX: ", end = "\r\n\r\n";
  const std::size_t fits = (64u << 10) - begin.size() - end.size();
  RawClient client(service.port());
  client.send(begin + std::string(fits, 'x') + end);
  CHECK(status_of(client.response()) == 200);
  client.send(begin + std::string(fits + 1, 'x') + end);
  CHECK(status_of(client.response()) == 400);
}

TEST_CASE("counts are exact with several threads and clients, at the moment an answer was received") {
  DemoEndpoint failing = constant("/fail", 0us);
  failing.error_rate = 0.25;
  const Running service({.threads = 3, .endpoints = {constant("/ok", 0us), failing}});
  std::atomic<int> ok{0}, errors{0}, other{0};
  in_parallel(6, [&](int number) {
    RawClient client(service.port());
    for (int i = 0; i < 200; ++i) {
      const int status = status_of(client.get((i + number) % 2 == 0 ? "/ok" : "/fail"));
      ++(status == 200 ? ok : status == 500 ? errors : other);
    }
  });
  CHECK(other == 0);
  CHECK(ok + errors == 1200);
  const json stats = service.stats();
  CHECK(stats["/ok"]["requests"] == 600);
  CHECK(stats["/ok"]["errors"] == 0);
  CHECK(stats["/fail"]["requests"] == 600);
  CHECK(stats["/fail"]["errors"] == errors.load());
  CHECK(std::abs(errors - 150) <= 1);  // the share is exact, not only on average
  CHECK(ok == 1200 - errors);

  RawClient client(service.port());
  client.send("POST /_reset HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  CHECK(status_of(client.response()) == 200);
  CHECK(service.stats()["/ok"]["requests"] == 0);
  CHECK(service.stats()["/ok"]["service_time_ms"]["p50"].is_null());
}

TEST_CASE("an answer is never early: waiting and CPU work last at least their service time") {
  const Running service({.endpoints = {constant("/wait", 5ms), constant("/cpu", 5ms, Work::cpu)}});
  RawClient client(service.port());
  for (const char* path : {"/wait", "/cpu"}) {
    for (int i = 0; i < 20; ++i) {
      const auto begin = Clock::now();
      CHECK(status_of(client.get(path)) == 200);
      CHECK(Clock::now() - begin >= 5ms);
    }
  }
  for (const char* path : {"/wait", "/cpu"}) {
    const json stats = service.stats()[path];
    CHECK(stats["requests"] == 20);
    CHECK(stats["service_time_ms"]["p50"] >= 5.0);
    CHECK(stats["service_time_ms"]["max"] >= stats["service_time_ms"]["p99"]);
  }
}

TEST_CASE("slowdown multiplies every service time") {
  DemoEndpoint spread{.path = "/", .time = {.shape = Shape::log_normal, .median = 2ms, .sigma = 0.5}};
  const auto total_of = [&](double slowdown) {
    const Running service({.endpoints = {spread}, .slowdown = slowdown, .seed = 5});
    RawClient client(service.port());
    std::vector<Clock::duration> times;
    for (int i = 0; i < 30; ++i) {
      const auto begin = Clock::now();
      client.get("/");
      times.push_back(Clock::now() - begin);
    }
    std::sort(times.begin(), times.end());
    return times;
  };
  const auto plain = total_of(1), slow = total_of(4);
  // The same seed draws the same times: each of the slow ones has a lower bound, and the fast ones a quarter of it
  // were it not for the machine's noise.
  CHECK(slow.front() >= 4 * 200us);
  CHECK(slow[15] >= 6ms);
  CHECK(slow[15] > plain[15]);
}

TEST_CASE("the record has the quantiles of the distribution, never less") {
  DemoEndpoint two_point{.path = "/",
                         .time = {.shape = Shape::two_point, .median = 1ms, .second = 10ms, .second_share = 0.2}};
  const Running service({.endpoints = {two_point}, .seed = 7});
  in_parallel(10, [&](int) {
    RawClient client(service.port());
    for (int i = 0; i < 30; ++i) client.get("/");
  });
  const json stats = service.stats()["/"];
  CHECK(stats["requests"] == 300);
  CHECK(stats["service_time_ms"]["p50"] >= 1.0);
  CHECK(stats["service_time_ms"]["p95"] >= 10.0);
}

TEST_CASE("capacity: requests beyond it queue, so that N places carry N per service time") {
  const Running service({.threads = 2, .endpoints = {constant("/", 20ms)}, .capacity = 2});
  const auto begin = Clock::now();
  std::atomic<int> answered{0};
  in_parallel(8, [&](int) {
    RawClient client(service.port());
    for (int i = 0; i < 3; ++i) answered += status_of(client.get("/")) == 200;
  });
  // 24 requests of 20 ms through 2 places.
  CHECK(answered == 24);
  CHECK(Clock::now() - begin >= 240ms);
  const json stats = service.stats()["/"];
  CHECK(stats["service_time_ms"]["max"] >= 40.0);  // the record has the queueing in it
}

TEST_CASE("capacity: the queue is first in, first out") {
  const Running service({.threads = 2, .endpoints = {constant("/", 30ms)}, .capacity = 1});
  std::vector<std::unique_ptr<RawClient>> clients;
  std::vector<Clock::time_point> answered(4);
  for (int i = 0; i < 4; ++i) clients.push_back(std::make_unique<RawClient>(service.port()));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    clients[i]->send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    // The next request leaves when the service has this one: another request on another path would not prove it, time
    // does not either, but 5 ms are ample and a wrong order of two neighbours would need both to be late.
    std::this_thread::sleep_for(5ms);
  }
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      clients[i]->response();
      answered[i] = Clock::now();
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(std::is_sorted(answered.begin(), answered.end()));
}

TEST_CASE("a pause stops everything: no answer begins or ends within it") {
  // Of every 200 ms the service stands still for 100.
  const Running service({.threads = 2, .endpoints = {constant("/", 0us)}, .pause_length = 100ms, .pause_every = 200ms});
  std::atomic<int> long_gaps{0};
  in_parallel(4, [&](int) {
    RawClient client(service.port());
    const auto end = Clock::now() + 1s;
    for (auto last = Clock::now(); last < end;) {
      client.get("/");
      const auto now = Clock::now();
      if (now - last >= 95ms) ++long_gaps;
      last = now;
    }
  });
  CHECK(long_gaps >= 4 * 3);
}

TEST_CASE("stops soon, whatever its clients do") {
  Running service({.threads = 2,
                   .endpoints = {constant("/long", 60s), constant("/burn", 60s, Work::cpu)},
                   .capacity = 3,
                   .pause_length = 900ms,
                   .pause_every = 1s});
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(std::make_unique<RawClient>(service.port()));
    clients.back()->send(std::string("GET ") + (i == 5 ? "/burn" : "/long") + " HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  std::this_thread::sleep_for(50ms);
  const auto begin = Clock::now();
  service.end();
  CHECK(Clock::now() - begin < 5s);  // 100 ms on a quiet machine
  for (auto& client : clients) CHECK(client->rest().empty());
}

TEST_CASE("options that contradict themselves are refused") {
  DemoOptions options{.endpoints = {constant("/a", 0us), constant("/a", 1us)}};
  CHECK(error_of(options) == "error[E-410]: endpoint '/a' is given twice");
  CHECK(error_of({.threads = 0}) == "error[E-410]: the service cannot have 0 threads; expected 1 to 256");
  CHECK(error_of({.threads = 257}) == "error[E-410]: the service cannot have 257 threads; expected 1 to 256");
  CHECK(error_of({.threads = 256}).empty());
  CHECK(error_of({.slowdown = 0}) == "error[E-410]: slowdown 0 is not above 0");
  CHECK(error_of({.capacity = -1}) == "error[E-410]: capacity -1 is negative");
  CHECK(error_of({.pause_length = 2s, .pause_every = 2s}) ==
        "error[E-410]: the pause is as long as its period; expected a pause that is shorter than the time between two");
  CHECK(error_of({.host = "example"}) ==
        "error[E-410]: cannot listen on 'example': not an IP address; expected 127.0.0.1 or ::1");
}

TEST_CASE("a port that is taken is an error with its number") {
  const Running service({.endpoints = {}});
  CHECK(error_of({.port = service.port()}) == "127.0.0.1:" + std::to_string(service.port()) +
                                                  ": error[E-411]: cannot listen: Address already in use (errno 98)");
}

TEST_CASE("the default endpoints") {
  std::vector<std::string> paths;
  for (const auto& endpoint : default_demo_endpoints()) paths.push_back(endpoint.path);
  CHECK(paths == std::vector<std::string>{"/", "/echo", "/chat", "/search", "/cpu"});
}
