#include "load/connection_factory.hpp"

#include "load/http1_connection.hpp"
#include "load/http2_connection.hpp"

namespace burstgate::load {

namespace {

protocol::ResponseLimits response_limits(const config::Limits& limits) {
  protocol::ResponseLimits response;
  response.head_bytes = limits.max_head_bytes;
  response.body_bytes = limits.max_response_bytes;
  return response;
}

}  // namespace

std::unique_ptr<Connection> make_connection(EventLoop& loop, ConnectionPool& pool, const config::Limits& limits) {
  const std::span<char> buffer(loop.read_buffer);
  if (pool.streams == 0) {
    return std::make_unique<Http1Connection>(loop.context, loop.readiness, pool.peer, response_limits(limits),
                                             loop.heads, buffer, pool.remarks);
  }
  const bool first = pool.connections.size() % static_cast<std::size_t>(pool.streams) == 0;
  if (first) {
    pool.shared.push_back(std::make_unique<Http2Connection>(Http2Connection::Parts{
        loop.context, loop.readiness, pool.peer, response_limits(limits), buffer, loop.http2_requests, pool.remarks}));
  }
  return std::make_unique<Http2Stream>(*pool.shared.back(), first);
}

}  // namespace burstgate::load
