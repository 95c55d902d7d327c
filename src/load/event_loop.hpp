// What may outlast one burst: a thread's event loop with its buffers, and its open connections to one peer.
#pragma once

#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include "load/asio.hpp"
#include "load/connection.hpp"
#include "load/readiness.hpp"
#include "load/user_memory.hpp"
#include "protocol/head_cache.hpp"

namespace burstgate::load {

struct EventLoop {
  EventLoop() : context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE), readiness(context), read_buffer(read_buffer_bytes) {}

  static constexpr std::size_t read_buffer_bytes = 256 << 10;

  asio::io_context context;  // one thread at a time uses it
  Readiness readiness;
  std::vector<char> read_buffer;
  protocol::HeadCache heads;
};

// One thread's connections to one peer. They belong to an event loop and end before it.
struct ConnectionPool {
  Tcp::endpoint peer;
  std::deque<std::unique_ptr<Connection>> connections;
  std::unordered_map<const Connection*, UserMemory> memories;  // of the users that have these connections

  UserMemory& memory_of(const Connection& connection) { return memories[&connection]; }
};

}  // namespace burstgate::load
