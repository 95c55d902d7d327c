// The names of metrics in documents that were written before burstgate: "response_time_p95", "throughput_rps".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/metric.hpp"

namespace burstgate::config {

struct ForeignMetric {
  Metric metric;
  bool websocket = false;  // of WebSocket messages; otherwise of HTTP requests
};

// Nothing when the name stands for no metric.
std::optional<ForeignMetric> foreign_metric(std::string_view name);

// What such documents ask for and this version cannot measure ("memory_leak"), in words; nothing when the name is
// simply not known.
std::optional<std::string> not_measured(std::string_view name);

// "100 RPS" -> "100/s"; other texts as they are.
std::string with_known_rate_unit(std::string text);

}  // namespace burstgate::config
