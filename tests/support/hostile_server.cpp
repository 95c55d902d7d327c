// One thread, one coroutine per connection. Sends and their counts happen under one lock, so that a peer that has
// received something finds it counted.
#include "support/hostile_server.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cctype>
#include <mutex>
#include <optional>
#include <thread>

namespace burstgate::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using Act = Step::Act;

namespace {

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kept_requests = 1000;

std::size_t content_length(std::string head) {
  std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return std::tolower(c); });
  const std::size_t field = head.find("\r\ncontent-length:");
  return field == std::string::npos ? 0 : std::stoul(head.substr(field + 17));
}

// The length of the complete request at the start of the bytes.
std::optional<std::size_t> request_length(const std::string& bytes) {
  const std::size_t blank_line = bytes.find("\r\n\r\n");
  if (blank_line == std::string::npos) return {};
  const std::size_t length = blank_line + 4 + content_length(bytes.substr(0, blank_line + 2));
  return bytes.size() < length ? std::nullopt : std::optional(length);
}

}  // namespace

struct HostileServer::State {
  State(Script given_script, HostileOptions given_options)
      : script(std::move(given_script)), options(given_options), acceptor(context) {}

  void listen();
  void fill_backlog();
  asio::awaitable<void> accept();
  asio::awaitable<void> run(tcp::socket socket, int index);

  template <typename Change>
  void count(Change change) {
    const std::lock_guard lock(mutex);
    change(counters);
  }

  const Script script;
  const HostileOptions options;
  asio::io_context context{1};
  tcp::acceptor acceptor;
  std::vector<tcp::socket> backlog;  // our own connections that nobody accepts
  std::thread thread;

  mutable std::mutex mutex;
  HostileCounters counters;
  std::vector<std::string> requests;
  std::vector<std::string> websockets;
};

namespace {

// RFC 6455, 4.2.2.
std::string websocket_answer(const std::string& request, const std::string& lines) {
  const std::string field = "Sec-WebSocket-Key: ";
  const std::size_t at = request.find(field) + field.size();
  const std::string key = request.substr(at, request.find('\r', at) - at) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  EVP_Digest(key.data(), key.size(), digest, &length, EVP_sha1(), nullptr);
  unsigned char text[64];
  const int size = EVP_EncodeBlock(text, digest, static_cast<int>(length));
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
         std::string(reinterpret_cast<char*>(text), static_cast<std::size_t>(size)) + "\r\n" + lines + "\r\n";
}

// One connection: knows how to do each step. A step's result says whether the connection goes on.
template <typename State>
class HostileConnection {
 public:
  HostileConnection(State& state, tcp::socket socket, int index)
      : state_(state), socket_(std::move(socket)), timer_(socket_.get_executor()), index_(index) {}

  asio::awaitable<void> run() {
    bool open = true;
    for (int request = 0; open; ++request) {
      const Steps steps = state_.script(index_, request);
      if (steps.empty()) open = end(Act::close);
      for (auto step = steps.begin(); open && step != steps.end(); ++step) open = co_await perform(*step);
    }
    state_.count([](HostileCounters& counters) { ++counters.closed; });
  }

 private:
  // co_await stands neither in a switch nor in a loop's condition: g++ 12 miscompiles both.
  asio::awaitable<bool> perform(const Step& step) {
    if (step.act == Act::recv_until_request) co_return co_await receive_request();
    if (step.act == Act::accept_websocket) co_return co_await accept_websocket(step.bytes);
    if (step.act == Act::recv_some) co_return co_await receive_websocket();
    if (step.act == Act::collect) co_return co_await collect();
    if (step.act == Act::send) co_return co_await send(step);
    if (step.act == Act::sleep) co_return co_await wait_until(std::chrono::steady_clock::now() + step.pause);
    if (step.act == Act::never_read) co_return co_await wait_until(std::chrono::steady_clock::time_point::max());
    if (step.act == Act::hold) co_return co_await discard();
    co_return end(step.act);
  }

  asio::awaitable<bool> wait_until(std::chrono::steady_clock::time_point time) {
    timer_.expires_at(time);
    co_await timer_.async_wait(no_throw);
    co_return true;
  }

  asio::awaitable<bool> discard() {
    for (;;) {
      const bool more = co_await receive();
      if (!more) co_return false;
      received_.clear();
    }
  }

  asio::awaitable<bool> receive() {
    char bytes[16384];
    const auto [error, size] = co_await socket_.async_read_some(asio::buffer(bytes), no_throw);
    const std::size_t number = size;
    state_.count([&](HostileCounters& counters) { counters.bytes_received += number; });
    received_.append(bytes, number);
    co_return !error;
  }

  asio::awaitable<bool> receive_request() {
    std::optional<std::size_t> length;
    while (!(length = request_length(received_))) {
      if (!co_await receive()) {
        end(Act::close);
        co_return false;
      }
    }
    const std::string request = last_request_ = received_.substr(0, *length);
    received_.erase(0, *length);
    state_.count([&](HostileCounters& counters) {
      ++counters.requests;
      ++counters.requests_on[index_];
      if (state_.requests.size() < kept_requests) state_.requests.push_back(request);
    });
    co_return true;
  }

  asio::awaitable<bool> accept_websocket(const std::string& lines) {
    const bool received = co_await receive_request();
    if (!received) co_return false;
    state_.count([&](HostileCounters&) {
      websocket_ = state_.websockets.size();
      state_.websockets.emplace_back();
    });
    const Step answer{Act::send, websocket_answer(last_request_, lines)};
    co_return co_await send(answer);
  }

  asio::awaitable<bool> receive_websocket() {
    const bool more = co_await receive();
    state_.count([&](HostileCounters&) { state_.websockets[websocket_] += received_; });
    received_.clear();
    co_return more;
  }

  asio::awaitable<bool> collect() {
    for (;;) {
      const bool more = co_await receive_websocket();
      if (!more) co_return false;
    }
  }

  asio::awaitable<bool> send(const Step& step) {
    std::size_t sent = 0;
    while (sent < step.bytes.size()) {
      const std::size_t left = step.bytes.size() - sent;
      const std::size_t size = step.slice == 0 ? left : std::min(left, step.slice);
      boost::system::error_code error;
      sent += send_now(asio::buffer(step.bytes.data() + sent, size), size == left && step.is_response, error);
      if (error == asio::error::would_block) {
        const auto [wait_error] = co_await socket_.async_wait(tcp::socket::wait_write, no_throw);
        error = wait_error;
      }
      if (error) co_return false;
      const bool more = sent < step.bytes.size();
      if (more && step.pause.count() > 0) co_await wait_until(std::chrono::steady_clock::now() + step.pause);
    }
    co_return true;
  }

  std::size_t send_now(asio::const_buffer bytes, bool ends_response, boost::system::error_code& error) {
    const std::lock_guard lock(state_.mutex);
    const std::size_t sent = socket_.write_some(bytes, error);
    state_.counters.bytes_sent += sent;
    if (!error && ends_response && sent == bytes.size()) ++state_.counters.responses;
    return sent;
  }

  // True when the connection goes on.
  bool end(Act act) {
    const std::lock_guard lock(state_.mutex);
    boost::system::error_code ignored;
    if (act == Act::shutdown_wr) {
      socket_.shutdown(tcp::socket::shutdown_send, ignored);
      return true;
    }
    if (act == Act::rst) {
      socket_.set_option(asio::socket_base::linger(true, 0), ignored);
      ++state_.counters.resets;
    } else {
      drain();
    }
    socket_.close(ignored);
    return false;
  }

  // Closing with unread bytes would send a reset.
  void drain() {
    char bytes[16384];
    boost::system::error_code error;
    while (!error) state_.counters.bytes_received += socket_.read_some(asio::buffer(bytes), error);
  }

  State& state_;
  tcp::socket socket_;
  asio::steady_timer timer_;
  const int index_;
  std::string received_;
  std::string last_request_;
  std::size_t websocket_ = 0;
};

}  // namespace

void HostileServer::State::listen() {
  acceptor.open(tcp::v4());
  if (options.receive_buffer_bytes > 0) {
    acceptor.set_option(asio::socket_base::receive_buffer_size(options.receive_buffer_bytes));
  }
  acceptor.bind({asio::ip::address_v4::loopback(), 0});
  acceptor.listen(options.never_accept ? 0 : static_cast<int>(asio::socket_base::max_listen_connections));
  if (options.never_accept) fill_backlog();
}

// With a backlog of 0 Linux completes one connection; a few more make sure on other systems.
void HostileServer::State::fill_backlog() {
  for (int i = 0; i < 4; ++i) {
    tcp::socket& socket = backlog.emplace_back(context);
    socket.open(tcp::v4());
    socket.non_blocking(true);
    const tcp::endpoint server = acceptor.local_endpoint();
    ::connect(socket.native_handle(), server.data(), static_cast<socklen_t>(server.size()));  // EINPROGRESS
  }
}

asio::awaitable<void> HostileServer::State::accept() {
  for (int index = 0;; ++index) {
    auto [error, socket] = co_await acceptor.async_accept(no_throw);
    if (error) co_return;
    count([](HostileCounters& all) {
      ++all.connections;
      all.requests_on.push_back(0);
    });
    asio::co_spawn(context, run(std::move(socket), index), asio::detached);
  }
}

asio::awaitable<void> HostileServer::State::run(tcp::socket socket, int index) {
  socket.set_option(tcp::no_delay(true));
  socket.non_blocking(true);
  HostileConnection<State> connection(*this, std::move(socket), index);
  co_await connection.run();
}

HostileServer::HostileServer(Script script, HostileOptions options)
    : state_(std::make_unique<State>(std::move(script), options)) {
  state_->listen();
  if (!options.never_accept) asio::co_spawn(state_->context, state_->accept(), asio::detached);
  state_->thread = std::thread([state = state_.get()] {
    auto keep = asio::make_work_guard(state->context);
    state->context.run();
  });
}

HostileServer::~HostileServer() {
  state_->context.stop();
  state_->thread.join();
}

std::uint16_t HostileServer::port() const {
  return state_->acceptor.local_endpoint().port();
}

HostileCounters HostileServer::counters() const {
  const std::lock_guard lock(state_->mutex);
  return state_->counters;
}

bool HostileServer::eventually(const std::function<bool(const HostileCounters&)>& satisfied) const {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (!satisfied(counters())) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

std::vector<std::string> HostileServer::websocket_bytes() const {
  const std::lock_guard lock(state_->mutex);
  return state_->websockets;
}

std::vector<std::string> HostileServer::requests() const {
  const std::lock_guard lock(state_->mutex);
  return state_->requests;
}

}  // namespace burstgate::test
