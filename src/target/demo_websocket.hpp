// The built-in service's WebSocket endpoints: every message comes back after the endpoint's service time.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "target/demo_connection.hpp"
#include "target/demo_request.hpp"

namespace burstgate::target {

// Answers the handshake that was read from the socket, then serves messages until the connection ends. The record holds
// the time from a message read to its echo about to be written. The endpoint's share of errors is a share of messages
// that are dropped; echoes of JSON objects then carry the connection's count of them as "dropped".
boost::asio::awaitable<void> serve_websocket(DemoState& state, ThreadRecord& record, std::size_t endpoint,
                                             boost::asio::ip::tcp::socket socket, DemoRequest request);

}  // namespace burstgate::target
