// What a virtual user does on a WebSocket (RFC 6455): the connection, and what is said on it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/header.hpp"

namespace burstgate::config {

using std::chrono::microseconds;

// A message as it goes out. With `id_pointer` the payload is JSON, and every sending puts a fresh number at that place:
// as a number, or as text where text was written there.
struct WebSocketMessage {
  Secretive payload;
  bool binary = false;
  std::string id_pointer;  // "/id"; empty: sent as it stands
};

// The message that is waited for: all of the values at their places, and the id of the message that was sent when it
// has one. Neither: any message.
struct WebSocketReply {
  std::string name;                                       // endpoint: the latency from the send to this message
  std::vector<std::pair<std::string, Secretive>> values;  // JSON pointer, JSON text of a scalar
};

struct WebSocketStep {
  std::optional<WebSocketMessage> send;
  std::optional<WebSocketReply> await;
  microseconds wait{0};           // a pause; messages that come meanwhile are read
  std::optional<int> close_code;  // the closing handshake; a later iteration connects anew
};

// A figure in the service's messages that tells how many it had to drop, or how many wait in its queue.
struct DropFigure {
  enum class Kind {
    connection,  // a counter of the connection's own, from 0: its growth is summed over the connections
    service,     // one counter for all connections: its growth counts once
    level,       // a queue's length: its highest reading counts
  };
  std::string pointer;
  Kind kind = Kind::connection;
};

struct WebSocket {
  std::string target;                     // path and query
  std::string target_shown;               // with query values replaced by ***
  std::vector<Header> headers;            // of the handshake, the workload's included
  std::vector<std::string> subprotocols;  // offered, in this order; the service must choose one of them
  std::optional<microseconds> heartbeat;  // a ping this often; its pong must come before the next one is due
  microseconds read_delay{0};             // pause after each message that was read: a slow client
  std::optional<DropFigure> drops;
  bool per_iteration = false;  // a connection for each iteration; otherwise a user keeps its own
  std::uint64_t max_message_bytes = 16u << 20;
  std::string connect_name;          // endpoint: the time to connect, handshake included
  std::vector<WebSocketStep> steps;  // at least one

  bool connects_each_iteration() const {
    return per_iteration || std::any_of(steps.begin(), steps.end(), [](const auto& s) { return s.close_code; });
  }
};

}  // namespace burstgate::config
