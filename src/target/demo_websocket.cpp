#include "target/demo_websocket.hpp"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

namespace burstgate::target {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

websocket::request_type handshake_of(const DemoRequest& request) {
  namespace http = boost::beast::http;
  websocket::request_type handshake(http::verb::get, request.path, 11);
  handshake.set(http::field::host, "localhost");
  handshake.set(http::field::connection, "upgrade");
  handshake.set(http::field::upgrade, "websocket");
  handshake.set(http::field::sec_websocket_version, "13");
  handshake.set(http::field::sec_websocket_key, request.websocket_key);
  return handshake;
}

// {"a": 1} -> {"a": 1,"dropped":3}; anything else stays as it is.
std::string with_dropped(std::string_view message, std::uint64_t dropped) {
  std::string echo(message);
  if (!echo.ends_with('}')) return echo;
  echo.pop_back();
  const bool first = echo.find_first_not_of(" \t\r\n", 1) == std::string::npos;
  return echo + fmt::format("{}\"dropped\":{}}}", first ? "" : ",", dropped);
}

class DemoWebSocket {
 public:
  DemoWebSocket(DemoState& state, ThreadRecord& record, std::size_t index, tcp::socket socket)
      : state_(state),
        record_(record),
        index_(index),
        endpoint_(*state.endpoints[index]),
        timer_(socket.get_executor()),
        socket_(std::move(socket)) {}

  asio::awaitable<void> run(const DemoRequest& request) {
    socket_.set_option(websocket::stream_base::decorator([&request](websocket::response_type& answer) {
      if (request.subprotocol.empty()) return;
      answer.set(beast::http::field::sec_websocket_protocol, request.subprotocol);
    }));
    const auto handshake = handshake_of(request);
    const auto [refused] = co_await socket_.async_accept(handshake, no_throw);
    if (refused) co_return;
    for (;;) {
      message_.clear();
      const auto [error, bytes] = co_await socket_.async_read(message_, no_throw);
      if (error) co_return;
      const bool answered = co_await answer();
      if (!answered) co_return;
    }
  }

 private:
  asio::awaitable<bool> answer() {
    const auto read_at = Clock::now();
    const std::uint64_t number = endpoint_.drawn.fetch_add(1, std::memory_order_relaxed);
    co_await spend_service_time(state_, endpoint_, timer_, number, read_at);
    if (state_.stop.load(std::memory_order_relaxed)) co_return false;
    const bool dropped = endpoint_.error_draws.in_share(endpoint_.spec.error_rate, number);
    dropped_ += dropped;
    note(dropped, read_at);
    if (dropped) co_return true;
    std::string_view echo(static_cast<const char*>(message_.data().data()), message_.size());
    std::string counted;
    if (endpoint_.spec.error_rate > 0) echo = counted = with_dropped(echo, dropped_);
    socket_.text(socket_.got_text());
    const auto [error, bytes] = co_await socket_.async_write(asio::buffer(echo), no_throw);
    co_return !error;
  }

  // Before the echo is sent: whoever has it finds it counted.
  void note(bool dropped, Clock::time_point read_at) {
    const std::lock_guard lock(record_.mutex);
    EndpointRecord& record = record_.endpoints[index_];
    ++record.requests;
    record.errors += dropped;
    record.time.record(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - read_at).count());
  }

  DemoState& state_;
  ThreadRecord& record_;
  std::size_t index_;
  ServedEndpoint& endpoint_;
  asio::steady_timer timer_;
  websocket::stream<tcp::socket, false> socket_;
  beast::flat_buffer message_;
  std::uint64_t dropped_ = 0;
};

}  // namespace

asio::awaitable<void> serve_websocket(DemoState& state, ThreadRecord& record, std::size_t endpoint, tcp::socket socket,
                                      DemoRequest request) {
  DemoWebSocket connection(state, record, endpoint, std::move(socket));
  co_await connection.run(request);
}

}  // namespace burstgate::target
