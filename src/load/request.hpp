// Requests, rendered once before the burst: on the hot path only bytes are sent.
#pragma once

#include <bitset>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/plan.hpp"
#include "load/clock.hpp"
#include "load/websocket_script.hpp"
#include "protocol/event_stream.hpp"
#include "protocol/url.hpp"

namespace burstgate::load {

// A request as it goes out: nothing in it varies any more.
struct Outgoing {
  std::string bytes;                          // head and body
  bool to_head = false;                       // HEAD: the answer has no body
  bool wants_body = false;                    // the answer's body is looked at, not only counted
  std::optional<protocol::EventRule> events;  // the answer is a stream of events
};

struct Request {
  std::size_t endpoint = 0;  // index into RequestSet::endpoint_names
  Outgoing outgoing;
  bool idempotent = false;  // may be sent once more when a reused connection turns out to be closed (RFC 9110 9.2.2)
  std::bitset<1000> expected_status;
  std::optional<std::string> expected_body;  // the answer must contain this
};

struct ScenarioRequests {
  double weight = 1;
  Duration wait_min{0};
  Duration wait_max{0};
  std::vector<Request> requests;
  std::shared_ptr<const WebSocketScript> websocket;  // instead of requests

  std::size_t first_endpoint() const {
    return websocket ? websocket->first_message_endpoint : requests.front().endpoint;
  }
};

struct RequestSet {
  std::vector<std::string> endpoint_names;  // in the plan's order, each name once
  std::vector<ScenarioRequests> scenarios;
};

RequestSet render_requests(const config::Plan& plan, const protocol::Url& url);

}  // namespace burstgate::load
