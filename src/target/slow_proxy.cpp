// Two coroutines for each connection, one for each direction; all on the proxy's thread, so nothing is locked. How a
// connection ends is handed on as well: a service that closes or resets looks the same from the other side.
#include "target/slow_proxy.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <limits>
#include <string_view>
#include <thread>

#include "base/assert.hpp"
#include "base/error.hpp"
#include "protocol/http1.hpp"
#include "protocol/url.hpp"
#include "target/demo_connection.hpp"
#include "target/draws.hpp"

namespace burstgate::target {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds connect_timeout{3};
constexpr std::chrono::milliseconds accept_retry{10};  // when descriptors ran out
constexpr std::size_t buffer_bytes = 16u << 10;        // of each direction of a connection

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

// What the connections of one proxy share.
struct Rules {
  Slowdown slowdown;
  tcp::endpoint service;
  DemoAnswer error_answer{500, "text/plain", "internal server error\n"};
  Draws draws{1, 0};
  std::uint64_t answers = 0;  // so far

  bool next_is_error() { return draws.in_share(slowdown.error_share, answers++); }
};

class ProxyConnection {
 public:
  ProxyConnection(Rules& rules, tcp::socket client)
      : rules_(rules), client_(std::move(client)), service_(client_.get_executor()), timer_(client_.get_executor()) {}

  static asio::awaitable<void> run(std::shared_ptr<ProxyConnection> self);

 private:
  static asio::awaitable<void> forward_requests(std::shared_ptr<ProxyConnection> self);
  asio::awaitable<void> forward_answers();
  asio::awaitable<void> hold_back();
  asio::awaitable<bool> replace_answer(std::size_t bytes);
  void close();
  void reset();

  Rules& rules_;
  tcp::socket client_;
  tcp::socket service_;
  asio::steady_timer timer_;
  std::array<char, buffer_bytes> from_client_;
  std::array<char, buffer_bytes> from_service_;
  Clock::time_point request_sent_at_{};
  bool answer_is_due_ = false;  // bytes of a request were handed on, none of its answer
  bool to_head_ = false;        // the request is HEAD: its answer has no body
};

asio::awaitable<void> ProxyConnection::run(std::shared_ptr<ProxyConnection> self) {
  const auto [error] = co_await self->service_.async_connect(self->rules_.service, no_throw);
  if (error) {
    self->reset();
    co_return;
  }
  error_code ignored;
  self->client_.set_option(tcp::no_delay(true), ignored);
  self->service_.set_option(tcp::no_delay(true), ignored);
  asio::co_spawn(self->client_.get_executor(), forward_requests(self), asio::detached);
  co_await self->forward_answers();
}

void ProxyConnection::close() {
  error_code ignored;
  timer_.cancel();
  client_.close(ignored);
  service_.close(ignored);
}

void ProxyConnection::reset() {
  error_code ignored;
  client_.set_option(asio::socket_base::linger(true, 0), ignored);
  close();
}

asio::awaitable<void> ProxyConnection::forward_requests(std::shared_ptr<ProxyConnection> self) {
  ProxyConnection& c = *self;
  for (;;) {
    const auto [error, bytes] = co_await c.client_.async_read_some(asio::buffer(c.from_client_), no_throw);
    if (error) break;
    if (!c.answer_is_due_) c.to_head_ = std::string_view(c.from_client_.data(), bytes).starts_with("HEAD ");
    // Before the bytes leave: the answer may be there before this coroutine goes on.
    c.answer_is_due_ = true;
    c.request_sent_at_ = Clock::now();
    const auto [write_error, sent] =
        co_await asio::async_write(c.service_, asio::buffer(c.from_client_, bytes), no_throw);
    if (write_error) break;
  }
  c.close();
}

asio::awaitable<void> ProxyConnection::forward_answers() {
  for (;;) {
    const auto [error, bytes] = co_await service_.async_read_some(asio::buffer(from_service_), no_throw);
    if (error == asio::error::eof) break;
    if (error) co_return reset();
    bool replaced = false;
    if (answer_is_due_) {
      answer_is_due_ = false;
      co_await hold_back();
      replaced = rules_.next_is_error();
    }
    bool goes_on = true;
    if (replaced) {
      goes_on = co_await replace_answer(bytes);
    } else {
      const auto [write_error, sent] =
          co_await asio::async_write(client_, asio::buffer(from_service_, bytes), no_throw);
      goes_on = !write_error;
    }
    if (!goes_on) co_return close();
  }
  // The client ends its side when it has read everything; what it still sends finds no service and ends it, too.
  error_code ignored;
  service_.close(ignored);
  client_.shutdown(tcp::socket::shutdown_send, ignored);
}

asio::awaitable<void> ProxyConnection::hold_back() {
  const auto answered_at = Clock::now();
  const std::chrono::duration<double, Clock::period> longer =
      (answered_at - request_sent_at_) * (rules_.slowdown.factor - 1);
  const auto hold = std::chrono::duration_cast<Clock::duration>(longer) + rules_.slowdown.added;
  if (hold <= Clock::duration(0)) co_return;
  timer_.expires_at(answered_at + hold);
  co_await timer_.async_wait(no_throw);
}

// Reads the whole answer, of which the first bytes are there, and sends a 500. Returns whether the connection goes on.
asio::awaitable<bool> ProxyConnection::replace_answer(std::size_t bytes) {
  protocol::ResponseLimits limits;
  limits.body_bytes = std::numeric_limits<std::uint64_t>::max();
  protocol::ResponseReader reader(limits);
  reader.start(to_head_);
  reader.feed(from_service_.data(), bytes);
  while (!reader.complete() && !reader.failed()) {
    const auto [error, more] = co_await service_.async_read_some(asio::buffer(from_service_), no_throw);
    if (error) {
      reader.feed_eof();
    } else {
      reader.feed(from_service_.data(), more);
    }
  }
  if (reader.failed()) co_return false;
  const auto kind = reader.keep_alive() ? DemoAnswer::Connection::keep_alive : DemoAnswer::Connection::close;
  const std::string answer = rules_.error_answer.with(kind, !to_head_);
  const auto [error, sent] = co_await asio::async_write(client_, asio::buffer(answer), no_throw);
  co_return !error && reader.keep_alive();
}

asio::awaitable<void> accept_connections(tcp::acceptor& acceptor, Rules& rules) {
  asio::steady_timer timer(acceptor.get_executor());
  for (;;) {
    auto [error, socket] = co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
    if (error) {
      timer.expires_after(accept_retry);
      co_await timer.async_wait(no_throw);
      continue;
    }
    auto connection = std::make_shared<ProxyConnection>(rules, std::move(socket));
    asio::co_spawn(acceptor.get_executor(), ProxyConnection::run(std::move(connection)), asio::detached);
  }
}

[[noreturn]] void fail(const char* code, std::string where, std::string_view what, const error_code& error,
                       std::string hint) {
  throw Error(Trouble::target, {.code = code,
                                .where = std::move(where),
                                .what = fmt::format("{}: {}", what, error.message()),
                                .hint = std::move(hint)});
}

// The first address that accepts a connection.
tcp::endpoint reached(const protocol::Url& url) {
  asio::io_context context{1};
  tcp::resolver resolver(context);
  error_code error;
  const auto found = resolver.resolve(url.host, std::to_string(url.port), error);
  if (error) fail("E-412", url.host, "cannot resolve " + url.host, error, "check the service's url");
  tcp::socket socket(context);
  tcp::endpoint peer;
  error = asio::error::timed_out;
  asio::async_connect(socket, found, [&](const error_code& result, const tcp::endpoint& at) {
    error = result;
    peer = at;
  });
  context.run_for(connect_timeout);
  if (error) {
    fail("E-413", url.origin(), "cannot connect", error,
         "start the service first, or let burstgate start it with service.command");
  }
  return peer;
}

tcp::acceptor listen(asio::io_context& context) {
  tcp::acceptor acceptor(context);
  const tcp::endpoint any_port(asio::ip::address_v4::loopback(), 0);
  error_code error;
  acceptor.open(any_port.protocol(), error);
  if (!error) acceptor.bind(any_port, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (error) fail("E-411", "127.0.0.1", "cannot listen", error, "");
  return acceptor;
}

}  // namespace

struct SlowProxy::State {
  State(const protocol::Url& service, const Slowdown& slowdown)
      : target(service.target), rules{.slowdown = slowdown, .service = reached(service)}, acceptor(listen(context)) {}

  std::string target;
  Rules rules;  // ends after the context, whose connections refer to it
  asio::io_context context{1};
  tcp::acceptor acceptor;
  std::thread thread{};
};

SlowProxy::SlowProxy(const std::string& service_url, const Slowdown& slowdown) {
  BURSTGATE_ASSERT(slowdown.factor >= 1 && slowdown.added.count() >= 0);
  BURSTGATE_ASSERT(slowdown.error_share >= 0 && slowdown.error_share <= 1);
  state_ = std::make_unique<State>(protocol::parse_url(service_url, "service.url"), slowdown);
  asio::co_spawn(state_->context, accept_connections(state_->acceptor, state_->rules), asio::detached);
  state_->thread = std::thread([this] {
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);  // nanoseconds: answers shall be held no longer than they are due
    state_->context.run();
  });
}

SlowProxy::~SlowProxy() {
  state_->context.stop();
  state_->thread.join();
}

std::uint16_t SlowProxy::port() const {
  return state_->acceptor.local_endpoint().port();
}

std::string SlowProxy::url() const {
  return fmt::format("http://127.0.0.1:{}{}", port(), state_->target);
}

}  // namespace burstgate::target
