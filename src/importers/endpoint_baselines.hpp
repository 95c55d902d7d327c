// Hand-kept baselines of single endpoints: quantiles with their unit, of HTTP requests, of WebSocket messages, or of
// both.
//
//   {"api_baselines": {"chat_endpoint": {"p50": 150, "p95": 450, "p99": 800, "max": 1200, "unit": "ms"}}}
//   {"websocket_baselines": {"message_latency": {"p95": 100, "unit": "ms"}, "backpressure_drops": {"max": 10, "unit":
//   "count"}}}
#pragma once

#include "importers/importers.hpp"

namespace burstgate::importers {

bool is_endpoint_baselines(Source& source);

// A point measurement with an endpoint per entry; nothing is known of the whole run but dropped messages.
measure::Measurement read_endpoint_baselines(Source& source);

}  // namespace burstgate::importers
