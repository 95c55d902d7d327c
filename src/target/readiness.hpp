// One question "are you ready?" to a service: GET over a connection of its own, bounded in time.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "protocol/tls.hpp"

namespace burstgate::target {

struct ProbeResult {
  bool good = false;  // 2xx, or connected
  std::string text;   // "127.0.0.1: status 503", "::1: Connection refused"; for "localhost" of every address tried
};

// In which words the question is put.
struct Speech {
  std::shared_ptr<const protocol::TlsContext> tls{};  // none: cleartext
  bool http2 = false;
  bool connects_only = false;  // not HTTP: that a connection is taken is the answer
};

// Tries every address of the host until one answers 2xx.
ProbeResult probe(const std::string& host, std::uint16_t port, const std::string& path,
                  std::chrono::milliseconds within, const Speech& speech = {});

}  // namespace burstgate::target
