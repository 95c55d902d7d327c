// What may outlast one burst: a thread's event loop with its buffers, and its open connections to one peer.
#pragma once

#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include "load/asio.hpp"
#include "load/connection.hpp"
#include "load/http2_connection.hpp"
#include "load/readiness.hpp"
#include "load/remarks.hpp"
#include "load/user_memory.hpp"
#include "load/websocket_pool.hpp"
#include "protocol/head_cache.hpp"

namespace burstgate::load {

struct EventLoop {
  EventLoop() : context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE), readiness(context), read_buffer(read_buffer_bytes) {}

  static constexpr std::size_t read_buffer_bytes = 256 << 10;

  asio::io_context context;  // one thread at a time uses it
  Readiness readiness;
  std::vector<char> read_buffer;
  protocol::HeadCache heads;
  protocol::Http2Requests http2_requests;
};

// One thread's connections to one peer. They belong to an event loop and end before it.
struct ConnectionPool {
  Peer peer;
  int streams = 0;  // users that share a connection; 0: HTTP/1.1, where none do
  Remarks remarks;
  std::deque<std::unique_ptr<Http2Connection>> shared;  // of HTTP/2; outlives those that use them
  std::deque<std::unique_ptr<Connection>> connections;
  WebSocketPool websockets;                                    // of the users of these connections
  std::unordered_map<const Connection*, UserMemory> memories;  // of the users that have these connections

  UserMemory& memory_of(const Connection& connection) { return memories[&connection]; }
};

}  // namespace burstgate::load
