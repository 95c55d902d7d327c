// The built-in service (`burstgate serve`): an HTTP/1.1 server whose service time is known, so that everything that
// measures can be tested against it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace burstgate::target {

// Distribution of the service time, before the slowdown factor.
struct ServiceTime {
  enum class Shape { constant, log_normal, two_point };
  Shape shape = Shape::constant;
  std::chrono::microseconds median{0};  // constant: the value; log_normal: the median; two_point: the usual value
  double sigma = 0;                     // log_normal: standard deviation of the logarithm
  std::chrono::microseconds second{0};  // two_point: the rare value
  double second_share = 0;              // two_point: its probability, 0..1

  // The value at u in (0, 1), pure: the inverse of the cumulative distribution.
  std::chrono::microseconds at(double u) const;
};

enum class Work { wait, cpu };  // sleeps on a timer, or burns thread CPU time

struct DemoEndpoint {
  std::string path;  // exact match, without query
  ServiceTime time{};
  Work work = Work::wait;
  double error_rate = 0;  // share of requests answered with 500
  int status = 200;
  std::size_t body_bytes = 16;
};

struct DemoOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  int threads = 1;
  std::vector<DemoEndpoint> endpoints{};      // others answer 404
  double slowdown = 1.0;                      // multiplies every service time
  int capacity = 0;                           // requests in service at the same time; further ones queue; 0: unlimited
  std::chrono::microseconds pause_length{0};  // the whole service stands still this long ...
  std::chrono::microseconds pause_every{0};   // ... once in this period; 0: never
  std::uint64_t seed = 1;
};

// "/", "/echo" (no service time), "/chat" (log-normal 20 ms), "/search" (two-point 2 ms / 20 ms), "/cpu" (1 ms CPU).
std::vector<DemoEndpoint> default_demo_endpoints();

// "path=/x time=lognormal(20ms,0.4) work=cpu errors=1% status=200 bytes=1024". Error (Trouble::usage) with `where`.
DemoEndpoint parse_demo_endpoint(std::string_view text, const std::string& where);
// "5ms", "lognormal(20ms,0.4)", "twopoint(2ms,20ms,10%)".
ServiceTime parse_service_time(std::string_view text, const std::string& where);

// Serves until `stop` becomes true (checked at least every 50 ms). `on_listening` gets the port. Every endpoint's own
// record of its service times (request read to answer written, us) is at GET /_stats as JSON:
// {"endpoints": {"/chat": {"requests": n, "errors": n, "service_time_ms": {"p50": .., "p95": .., "p99": .., "max":
// ..}}}} GET /_ready answers 200. POST /_reset clears the record. POST /_login
// answers {"token": "demo-7", "user": 7} and sets the cookie session=7; GET /_session answers {"ok": true, "user": 7}
// to whoever brings both, 401 to others.
void serve(const DemoOptions& options, const std::atomic<bool>& stop,
           const std::function<void(std::uint16_t port)>& on_listening);

}  // namespace burstgate::target
