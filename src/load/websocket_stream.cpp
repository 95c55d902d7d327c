// RFC 6455. The handshake's answer is checked beyond what Beast does: a subprotocol or extension that was not offered
// is refused, and so is the silence about all subprotocols that were.
#include "load/websocket_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <concepts>

#include "base/text.hpp"
#include "load/connect_failure.hpp"

namespace burstgate::load {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using measure::Failure;

namespace {

constexpr std::size_t usual_write_bytes = 4u << 10;  // Beast's own
constexpr std::size_t most_write_bytes = 64u << 10;
constexpr std::size_t kept_read_bytes = 64u << 10;  // a larger buffer is given back after its message

std::string field_of(const websocket::response_type& answer, beast::http::field field) {
  const auto value = answer[field];
  return elided({value.data(), value.size()}, 60);
}

// Which field of the answer was wrong, for those of Beast's errors that mean one.
std::optional<std::string> wrong_field(const error_code& error, const websocket::response_type& answer) {
  using beast::http::field;
  if (error == websocket::error::no_connection) return "Connection: missing";
  if (error == websocket::error::no_connection_upgrade) {
    return fmt::format("Connection: '{}' instead of Upgrade", field_of(answer, field::connection));
  }
  if (error == websocket::error::no_upgrade) return "Upgrade: missing";
  if (error == websocket::error::no_upgrade_websocket) {
    return fmt::format("Upgrade: '{}' instead of websocket", field_of(answer, field::upgrade));
  }
  if (error == websocket::error::no_sec_accept) return "Sec-WebSocket-Accept: missing";
  if (error == websocket::error::bad_sec_accept) {
    return fmt::format("Sec-WebSocket-Accept: '{}' does not answer the key that was sent",
                       field_of(answer, field::sec_websocket_accept));
  }
  if (error == websocket::error::bad_http_version) return "HTTP version: not 1.1";
  return std::nullopt;
}

// What Beast lets pass: choices that were not offered.
std::optional<std::string> odd_choice(const websocket::response_type& answer, const WebSocketScript& script) {
  using beast::http::field;
  if (answer.count(field::sec_websocket_extensions) > 0) {
    return fmt::format("Sec-WebSocket-Extensions: '{}' was never offered",
                       field_of(answer, field::sec_websocket_extensions));
  }
  const auto chosen = answer[field::sec_websocket_protocol];
  const bool offered = std::find(script.subprotocols.begin(), script.subprotocols.end(),
                                 std::string_view(chosen.data(), chosen.size())) != script.subprotocols.end();
  if (offered || (chosen.empty() && script.subprotocols.empty())) return std::nullopt;
  if (chosen.empty()) {
    return fmt::format("Sec-WebSocket-Protocol: missing, offered were {}", join(script.subprotocols, ", "));
  }
  return fmt::format("Sec-WebSocket-Protocol: '{}' was never offered", field_of(answer, field::sec_websocket_protocol));
}

Handshake judged(const error_code& error, const websocket::response_type& answer, const WebSocketScript& script) {
  if (error == websocket::error::upgrade_declined) {
    std::string trouble = fmt::format("status: {} instead of 101", answer.result_int());
    if (const std::string location = field_of(answer, beast::http::field::location); !location.empty()) {
      trouble += fmt::format(", Location: '{}'", location);
    }
    return {Failure::status, static_cast<int>(answer.result_int()), std::move(trouble)};
  }
  const int status = static_cast<int>(answer.result_int());
  if (auto field = wrong_field(error, answer)) return {Failure::handshake, status, std::move(*field)};
  if (error == beast::http::error::end_of_stream) return {Failure::closed, 0, "the connection was closed instead"};
  if (error) return {failure_of(error), 0, error.message()};
  if (auto choice = odd_choice(answer, script)) return {Failure::handshake, status, std::move(*choice)};
  return {{}, status, ""};
}

}  // namespace

// What lies below a WebSocket: TCP, or TLS over TCP.
class TcpLayer : public Socket {
 public:
  using Below = Socket;
  using Socket::Socket;
  bool service_said_close = false;
};

class TlsLayer : public asio::ssl::stream<Socket> {
 public:
  using Below = asio::ssl::stream<Socket>;
  TlsLayer(const Executor& executor, const protocol::TlsContext& context)
      : Below(Socket(executor), SSL_new(context.get())) {
    context.name_peer(native_handle());
  }
  bool service_said_close = false;
};

// Called by Beast when the last frame is written. At the end of a closing handshake the service leaves first, as RFC
// 6455 wants (7.1.1); who broke the protocol is not waited for.
template <typename Layer, typename Handler>
requires std::same_as<Layer, TcpLayer> || std::same_as<Layer, TlsLayer>
void async_teardown(beast::role_type role, Layer& layer, Handler&& handler) {
  if (layer.service_said_close) {
    using websocket::async_teardown;
    return async_teardown(role, static_cast<typename Layer::Below&>(layer), std::forward<Handler>(handler));
  }
  error_code ignored;
  layer.lowest_layer().shutdown(Tcp::socket::shutdown_both, ignored);
  asio::post(layer.get_executor(), beast::bind_front_handler(std::forward<Handler>(handler), error_code()));
}

namespace {

Task<void> secure(TcpLayer&, error_code&) {
  co_return;
}

Task<void> secure(TlsLayer& layer, error_code& error) {
  co_await layer.async_handshake(asio::ssl::stream_base::client, into(error));
}

template <typename Layer>
class BeastStream final : public WebSocketStream, public std::enable_shared_from_this<BeastStream<Layer>> {
 public:
  template <typename... Arguments>
  explicit BeastStream(Arguments&&... arguments) : socket_(std::forward<Arguments>(arguments)...) {}

  Task<Handshake> open(const Peer& peer, const WebSocketScript& script) override {
    set_options(script);
    error_code error;
    auto& tcp = beast::get_lowest_layer(socket_);
    tcp.open(peer.endpoint.protocol(), error);
    if (!error) co_await tcp.async_connect(peer.endpoint, into(error));
    if (error) co_return Handshake{connect_failure(error), 0, error.message()};
    error_code ignored;
    tcp.set_option(Tcp::no_delay(true), ignored);
    co_await secure(socket_.next_layer(), error);
    if (error) co_return Handshake{Failure::tls, 0, error.message()};
    websocket::response_type answer;
    co_await socket_.async_handshake(answer, script.host, script.target, into(error));
    co_return judged(error, answer, script);
  }

  Task<std::size_t> read(error_code& error) override {
    buffer_.clear();
    if (buffer_.capacity() > kept_read_bytes) buffer_.shrink_to_fit();
    return socket_.async_read(buffer_, into(error));
  }

  std::string_view message() const override {
    return {static_cast<const char*>(buffer_.data().data()), buffer_.size()};
  }

  Task<std::size_t> write(std::string_view payload, bool binary, error_code& error) override {
    socket_.binary(binary);
    return socket_.async_write(asio::buffer(payload), into(error));
  }

  Task<void> close(int code, error_code& error) override {
    return socket_.async_close(websocket::close_reason(static_cast<websocket::close_code>(code)), into(error));
  }

  void ping() override {
    if (std::exchange(pinging_, true)) return;  // the one before is not even written
    socket_.async_ping({}, [weak = this->weak_from_this()](const error_code&) {
      if (const auto self = weak.lock()) self->pinging_ = false;
    });
  }

  void abort() override {
    error_code ignored;
    beast::get_lowest_layer(socket_).close(ignored);
  }

 private:
  void set_options(const WebSocketScript& script) {
    socket_.auto_fragment(false);
    socket_.write_buffer_bytes(std::clamp(script.largest_sent_bytes, usual_write_bytes, most_write_bytes));
    socket_.read_message_max(script.max_message_bytes);
    socket_.control_callback([this](websocket::frame_type kind, beast::string_view) {
      if (kind == websocket::frame_type::close) socket_.next_layer().service_said_close = true;
      if (!on_control) return;
      on_control(kind == websocket::frame_type::ping   ? Control::ping
                 : kind == websocket::frame_type::pong ? Control::pong
                                                       : Control::close);
    });
    socket_.set_option(websocket::stream_base::decorator([&script](websocket::request_type& request) {
      request.set(beast::http::field::user_agent, "burstgate/" BURSTGATE_VERSION);
      for (const auto& [name, value] : script.headers) request.set(name, value);
      if (script.subprotocols.empty()) return;
      request.set(beast::http::field::sec_websocket_protocol, join(script.subprotocols, ", "));
    }));
  }

  websocket::stream<Layer, false> socket_;  // without permessage-deflate: it is never offered
  beast::flat_buffer buffer_;
  bool pinging_ = false;
};

}  // namespace

std::shared_ptr<WebSocketStream> make_websocket_stream(asio::io_context& context, const Peer& peer) {
  if (!peer.tls) return std::make_shared<BeastStream<TcpLayer>>(context.get_executor());
  return std::make_shared<BeastStream<TlsLayer>>(context.get_executor(), *peer.tls);
}

Failure failure_of(const error_code& error) {
  if (error == websocket::error::closed) return Failure::closed;
  if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow) {
    return Failure::too_large;
  }
  if (error == asio::error::eof || error == asio::error::operation_aborted ||
      error == asio::ssl::error::stream_truncated) {
    return Failure::unclean_close;
  }
  if (error.category() == asio::error::get_ssl_category()) return Failure::tls;
  if (error.category() == boost::system::system_category() || error.category() == asio::error::get_misc_category()) {
    return Failure::reset;
  }
  return Failure::protocol;
}

}  // namespace burstgate::load
