// A request's clock starts when its last byte was read; the answer is due one service time later (with a capacity
// limit: one service time after it got its place). What the record holds is the time until the answer was written.
#include "target/demo_connection.hpp"

#include <fmt/format.h>
#include <time.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cmath>

#include "target/demo_request.hpp"

namespace burstgate::target {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::nanoseconds;

namespace {

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

nanoseconds thread_cpu_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds{now.tv_sec} + nanoseconds{now.tv_nsec};
}

// Keeps the io thread busy, as a single-threaded service that computes would.
void burn_cpu(nanoseconds amount, const std::atomic<bool>& stop) {
  const nanoseconds end = thread_cpu_time() + amount;
  while (thread_cpu_time() < end && !stop.load(std::memory_order_relaxed)) {
  }
}

std::string body_of(std::size_t bytes) {
  std::string body(bytes, 'x');
  if (bytes > 0) body.back() = '\n';
  return body;
}

class DemoConnection {
 public:
  DemoConnection(DemoState& state, ThreadRecord& record, tcp::socket socket)
      : state_(state), record_(record), socket_(std::move(socket)), timer_(socket_.get_executor()) {}

  asio::awaitable<void> run();

 private:
  asio::awaitable<bool> read_request();
  asio::awaitable<bool> answer();
  asio::awaitable<bool> serve(std::size_t index);
  asio::awaitable<void> work(const ServedEndpoint& endpoint, microseconds time, Clock::time_point begin);
  asio::awaitable<bool> send_recorded(std::string_view bytes, std::size_t index, bool is_error,
                                      Clock::time_point begin);
  asio::awaitable<bool> send(DemoAnswer answer);
  DemoAnswer built_in_answer();
  DemoAnswer login();
  DemoAnswer session() const;
  bool plain() const;  // the usual request, whose answer needs no changes
  std::string adapted(const DemoAnswer& answer) const;

  DemoState& state_;
  ThreadRecord& record_;
  tcp::socket socket_;
  asio::steady_timer timer_;
  DemoRequestReader reader_;
};

asio::awaitable<void> DemoConnection::run() {
  boost::system::error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  // co_await stands in no loop's condition: g++ 12 miscompiles that.
  for (;;) {
    const bool read = co_await read_request();
    if (!read) break;
    const bool answered = co_await answer();
    if (!answered || !reader_.keep_alive()) break;
    reader_.next();
  }
  if (reader_.broken()) {
    const DemoAnswer bad(400, "text/plain", "bad request\n");
    const std::string bytes = bad.with(DemoAnswer::Connection::close, true);
    co_await asio::async_write(socket_, asio::buffer(bytes), no_throw);
  }
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
}

asio::awaitable<bool> DemoConnection::read_request() {
  while (!reader_.complete()) {
    if (reader_.broken()) co_return false;
    if (reader_.wants_continue()) {
      constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      co_await asio::async_write(socket_, asio::buffer(go_on), no_throw);
      reader_.continue_sent();
    }
    const auto [error, bytes] = co_await socket_.async_read_some(reader_.space(), no_throw);
    if (error) co_return false;
    reader_.received(bytes);
  }
  co_return true;
}

asio::awaitable<bool> DemoConnection::answer() {
  const std::string& path = reader_.request().path;
  for (std::size_t i = 0; i < state_.endpoints.size(); ++i) {
    if (state_.endpoints[i]->spec.path == path) co_return co_await serve(i);
  }
  co_return co_await send(built_in_answer());
}

asio::awaitable<bool> DemoConnection::serve(std::size_t index) {
  const auto read_at = Clock::now();
  ServedEndpoint& endpoint = *state_.endpoints[index];
  const std::uint64_t number = endpoint.drawn.fetch_add(1, std::memory_order_relaxed);
  const microseconds sampled = endpoint.spec.time.at(endpoint.time_draws.uniform(number));
  const microseconds time{std::llround(static_cast<double>(sampled.count()) * state_.options.slowdown)};
  if (state_.gate.limited()) {
    const auto place_given_at = co_await state_.gate.enter();
    co_await work(endpoint, time, place_given_at);
    state_.gate.leave(Clock::now());
  } else if (time > microseconds{0}) {
    co_await work(endpoint, time, read_at);
  }
  if (state_.stop.load(std::memory_order_relaxed))
    co_return false;  // the work may have been cut short: no early answer
  const bool is_error = endpoint.error_draws.in_share(endpoint.spec.error_rate, number);
  const DemoAnswer& answer = is_error ? endpoint.error_answer : endpoint.answer;
  if (plain()) co_return co_await send_recorded(answer.whole(), index, is_error, read_at);
  const std::string bytes = adapted(answer);
  co_return co_await send_recorded(bytes, index, is_error, read_at);
}

asio::awaitable<void> DemoConnection::work(const ServedEndpoint& endpoint, microseconds time, Clock::time_point begin) {
  if (endpoint.spec.work == Work::cpu) {
    burn_cpu(time, state_.stop);
    co_return;
  }
  timer_.expires_at(begin + time);
  co_await timer_.async_wait(no_throw);
}

// The last bytes leave under the lock of the record, see ThreadRecord.
asio::awaitable<bool> DemoConnection::send_recorded(std::string_view bytes, std::size_t index, bool is_error,
                                                    Clock::time_point begin) {
  for (;;) {
    boost::system::error_code error;
    {
      const std::lock_guard lock(record_.mutex);
      bytes.remove_prefix(socket_.write_some(asio::buffer(bytes), error));
      if (!error && bytes.empty()) {
        EndpointRecord& record = record_.endpoints[index];
        ++record.requests;
        record.errors += is_error;
        record.time.record(std::chrono::duration_cast<microseconds>(Clock::now() - begin).count());
        co_return true;
      }
    }
    if (error == asio::error::would_block) {
      const auto [wait_error] = co_await socket_.async_wait(tcp::socket::wait_write, no_throw);
      error = wait_error;
    }
    if (error) co_return false;
  }
}

asio::awaitable<bool> DemoConnection::send(DemoAnswer answer) {
  const std::string bytes = adapted(answer);
  const auto [error, sent] = co_await asio::async_write(socket_, asio::buffer(bytes), no_throw);
  co_return !error;
}

DemoAnswer DemoConnection::built_in_answer() {
  const DemoRequest& request = reader_.request();
  const bool get = request.method == http::verb::get || request.method == http::verb::head;
  if (request.path == "/_ready") return {200, "text/plain", "ready\n"};
  if (request.path == "/_stats" && get) return {200, "application/json", state_.record.to_json()};
  if (request.path == "/_reset" && request.method == http::verb::post) {
    state_.record.reset();
    return {200, "text/plain", "reset\n"};
  }
  if (request.path == "/_login" && request.method == http::verb::post) return login();
  if (request.path == "/_session" && get) return session();
  if (request.path == "/_stats" || request.path == "/_reset" || request.path == "/_login")
    return {405, "text/plain", "method not allowed\n"};
  return {404, "text/plain", "not found\n"};
}

// Whoever asks is let in, as the next user: with a token to show and a cookie to keep.
DemoAnswer DemoConnection::login() {
  const std::uint64_t user = state_.logins.fetch_add(1, std::memory_order_relaxed) + 1;
  return {200, "application/json", fmt::format("{{\"token\":\"demo-{}\",\"user\":{}}}\n", user, user),
          fmt::format("Set-Cookie: session={}; Path=/; HttpOnly\r\n", user)};
}

// Only with the token and the cookie of one login.
DemoAnswer DemoConnection::session() const {
  constexpr std::string_view token = "Bearer demo-";
  constexpr std::string_view cookie = "session=";
  const DemoRequest& request = reader_.request();
  const bool known = request.authorization.starts_with(token) && request.cookie.starts_with(cookie) &&
                     request.authorization.substr(token.size()) == request.cookie.substr(cookie.size());
  if (!known) return {401, "application/json", "{\"ok\":false}\n"};
  return {200, "application/json", fmt::format("{{\"ok\":true,\"user\":{}}}\n", request.cookie.substr(cookie.size()))};
}

bool DemoConnection::plain() const {
  return reader_.keep_alive() && !reader_.http_1_0() && reader_.request().method != http::verb::head;
}

std::string DemoConnection::adapted(const DemoAnswer& answer) const {
  auto connection = DemoAnswer::Connection::close;
  if (reader_.keep_alive()) {
    connection = reader_.http_1_0() ? DemoAnswer::Connection::keep_alive_1_0 : DemoAnswer::Connection::keep_alive;
  }
  return answer.with(connection, reader_.request().method != http::verb::head);
}

}  // namespace

ServedEndpoint::ServedEndpoint(const DemoEndpoint& endpoint, std::uint64_t seed, std::uint64_t index)
    : spec(endpoint),
      answer(endpoint.status, "text/plain", body_of(endpoint.body_bytes)),
      error_answer(500, "text/plain", "internal server error\n"),
      time_draws(seed, 2 * index),
      error_draws(seed, 2 * index + 1) {}

DemoState::DemoState(const DemoOptions& given, const std::atomic<bool>& stop_flag)
    : options(given), stop(stop_flag), record(given.endpoints, given.threads), gate(given.capacity) {
  for (const auto& endpoint : given.endpoints) {
    endpoints.push_back(std::make_unique<ServedEndpoint>(endpoint, given.seed, endpoints.size()));
  }
}

asio::awaitable<void> serve_connection(DemoState& state, int thread, tcp::socket socket) {
  DemoConnection connection(state, state.record.of_thread(thread), std::move(socket));
  co_await connection.run();
}

}  // namespace burstgate::target
