#include "load/websocket_preflight.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>

#include "base/error.hpp"
#include "load/preflight.hpp"
#include "load/websocket_session.hpp"

namespace burstgate::load {

namespace {

Task<void> shake_hands(std::shared_ptr<WebSocketStream> stream, const Peer& peer, const WebSocketScript& script,
                       Handshake& handshake) {
  handshake = co_await stream->open(peer, script);
}

Task<void> close(std::shared_ptr<WebSocketStream> stream) {
  error_code ignored;
  co_await stream->close(1000, ignored);
}

Handshake try_handshake(const Peer& peer, const WebSocketScript& script, Duration timeout) {
  asio::io_context context(1);
  const auto stream = make_websocket_stream(context, peer);
  Handshake handshake{measure::Failure::connect_timeout, 0, "no complete answer to the handshake in time"};
  asio::co_spawn(context, shake_hands(stream, peer, script, handshake), rethrow);
  context.run_for(timeout);
  if (!handshake.failure) {
    context.restart();
    asio::co_spawn(context, close(stream), rethrow);
    context.run_for(closing_limit);
  }
  stream->abort();
  return handshake;
}

}  // namespace

void check_websockets(const RequestSet& requests, const Peer& peer, Duration timeout) {
  for (const ScenarioRequests& scenario : requests.scenarios) {
    if (!scenario.websocket) continue;
    const Handshake handshake = try_handshake(peer, *scenario.websocket, timeout);
    if (!handshake.failure) continue;
    const std::string& name = requests.endpoint_names[scenario.websocket->connect_endpoint];
    throw Error(Trouble::target, {.code = "E-306",
                                  .where = text_of(peer.endpoint),
                                  .what = fmt::format("{}: no WebSocket here: {}", name, handshake.trouble),
                                  .hint = "check the scenario's path, headers and subprotocols"});
  }
}

}  // namespace burstgate::load
