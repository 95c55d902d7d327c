// One WebSocket connection's bytes, over TCP or TLS: frames, masks and the handshake are Boost.Beast's. At most one
// coroutine reads, one writes or closes; whoever abandons the connection calls abort(), which ends both, soon.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "load/asio.hpp"
#include "load/transport.hpp"
#include "load/websocket_script.hpp"
#include "measure/measurement.hpp"

namespace burstgate::load {

// How the handshake went. `trouble` says for people which field was wrong; with `failure` only.
struct Handshake {
  std::optional<measure::Failure> failure;
  int status = 0;  // of a complete answer, otherwise 0
  std::string trouble;
};

class WebSocketStream {
 public:
  enum class Control { ping, pong, close };

  virtual ~WebSocketStream() = default;

  // Connects and shakes hands as the script says.
  virtual Task<Handshake> open(const Peer& peer, const WebSocketScript& script) = 0;
  // The next message, in message() until the next call. Pings are answered meanwhile, and `on_control` is told.
  virtual Task<std::size_t> read(error_code& error) = 0;
  virtual std::string_view message() const = 0;
  virtual Task<std::size_t> write(std::string_view payload, bool binary, error_code& error) = 0;
  // The closing handshake, until the peer has closed the connection as well. Once.
  virtual Task<void> close(int code, error_code& error) = 0;
  virtual void ping() = 0;
  virtual void abort() = 0;

  std::function<void(Control)> on_control;
};

// Over TLS where the peer is spoken with over TLS.
std::shared_ptr<WebSocketStream> make_websocket_stream(asio::io_context& context, const Peer& peer);

// What an error while reading or writing means for a message under way.
measure::Failure failure_of(const error_code& error);

}  // namespace burstgate::load
