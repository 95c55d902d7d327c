// A service made worse by a known amount: a TCP proxy on loopback that hands requests on and holds the answers back.
// For proving that what measures notices it (`burstgate selftest`).
//
// HTTP/1.1 in lock-step: on each connection one request, then its answer. Bytes are handed on as they come, so the
// service sees the proxy's address in Host, and interim answers (100 Continue) are answers like others.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace burstgate::target {

// Response time: from the moment the last bytes of a request go to the service until its first bytes come back.
struct Slowdown {
  double factor = 1;                   // of every response time, >= 1: held back for (factor - 1) times as long
  std::chrono::microseconds added{0};  // and for this long beside it
  double error_share = 0;              // 0..1 of the answers, evenly spread: a 500 in their place
};

class SlowProxy {
 public:
  // Finds the service and listens on a free port of 127.0.0.1; a thread of the proxy's own does the rest. Error
  // (Trouble::target): the service's name is unknown, nothing accepts a connection there within 3 s, or this process
  // may not listen. Error (Trouble::usage): not a URL.
  SlowProxy(const std::string& service_url, const Slowdown& slowdown);
  ~SlowProxy();  // drops all connections
  SlowProxy(const SlowProxy&) = delete;
  SlowProxy& operator=(const SlowProxy&) = delete;

  std::string url() const;  // the service's path and query at the proxy's address
  std::uint16_t port() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace burstgate::target
