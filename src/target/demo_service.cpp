// The built-in service's threads. The calling thread accepts and deals the connections out in turn, so that every io
// thread gets the same number; each io thread has an io_context of its own.
#include "target/demo_service.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <exception>
#include <memory>
#include <set>
#include <thread>

#include "base/error.hpp"
#include "target/demo_connection.hpp"
#include "target/freeze.hpp"

namespace burstgate::target {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::microseconds;

namespace {

constexpr std::chrono::milliseconds stop_check{20};
constexpr std::chrono::milliseconds accept_retry{10};  // when descriptors ran out

[[noreturn]] void refuse(std::string what, std::string hint = "") {
  throw Error(Trouble::usage, Problem{"E-410", "", std::move(what), std::move(hint), "", 0});
}

void check(const DemoOptions& options) {
  if (options.threads < 1 || options.threads > 256) {
    refuse(fmt::format("the service cannot have {} threads", options.threads), "expected 1 to 256");
  }
  if (!(options.slowdown > 0)) refuse(fmt::format("slowdown {} is not above 0", options.slowdown));
  if (options.capacity < 0) refuse(fmt::format("capacity {} is negative", options.capacity));
  if (options.pause_every > microseconds{0} && options.pause_length >= options.pause_every) {
    refuse("the pause is as long as its period", "expected a pause that is shorter than the time between two");
  }
  std::set<std::string> paths;
  for (const auto& endpoint : options.endpoints) {
    if (!paths.insert(endpoint.path).second) refuse(fmt::format("endpoint '{}' is given twice", endpoint.path));
  }
}

// An io_context with its thread. A thread that throws ends the service.
class IoThread {
 public:
  IoThread() : work_(context_.get_executor()) {}
  ~IoThread() { finish(); }

  void start() {
    thread_ = std::thread([this] {
      prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);  // nanoseconds: waits shall end when they are due
      try {
        context_.run();
      } catch (...) {
        trouble_ = std::current_exception();
        failed_ = true;
      }
    });
  }
  void finish() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }
  bool failed() const { return failed_; }
  void rethrow() const {
    if (trouble_) std::rethrow_exception(trouble_);
  }
  asio::io_context& context() { return context_; }

 private:
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
  std::atomic<bool> failed_{false};
  std::exception_ptr trouble_;
};

using IoThreads = std::vector<std::unique_ptr<IoThread>>;

// On every way out: no thread runs, and nobody waits in the gate with a timer of a context that is about to go.
struct Ending {
  ~Ending() {
    for (auto& thread : threads) thread->finish();
    state.gate.forget_waiting();
  }
  IoThreads& threads;
  DemoState& state;
};

void rethrow(std::exception_ptr trouble) {
  if (trouble) std::rethrow_exception(trouble);
}

// Thousands of connections are usual; the soft limit of 1024 descriptors is not meant for a server.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

tcp::acceptor listen(asio::io_context& context, const DemoOptions& options) {
  const std::string where = fmt::format("{}:{}", options.host, options.port);
  boost::system::error_code error;
  const auto address = asio::ip::make_address(options.host == "localhost" ? "127.0.0.1" : options.host, error);
  if (error) refuse(fmt::format("cannot listen on '{}': not an IP address", options.host), "expected 127.0.0.1 or ::1");
  tcp::acceptor acceptor(context);
  const tcp::endpoint endpoint(address, options.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (error) {
    const std::string what = fmt::format("cannot listen: {} (errno {})", error.message(), error.value());
    throw Error(Trouble::target, Problem{"E-411", where, what, "", "", 0});
  }
  return acceptor;
}

asio::awaitable<void> accept_connections(tcp::acceptor& acceptor, IoThreads& threads, DemoState& state) {
  asio::steady_timer timer(acceptor.get_executor());
  for (std::size_t turn = 0;; turn = (turn + 1) % threads.size()) {
    asio::io_context& context = threads[turn]->context();
    auto [error, socket] = co_await acceptor.async_accept(context, asio::as_tuple(asio::use_awaitable));
    if (error) {
      timer.expires_after(accept_retry);
      co_await timer.async_wait(asio::use_awaitable);
      continue;
    }
    asio::co_spawn(context, serve_connection(state, static_cast<int>(turn), std::move(socket)), rethrow);
  }
}

void start_freezing(IoThreads& threads, asio::io_context& accepting, const DemoOptions& options,
                    const std::atomic<bool>& stop) {
  if (options.pause_every <= microseconds{0} || options.pause_length <= microseconds{0}) return;
  const auto start = std::chrono::steady_clock::now();
  const auto freeze = [&](asio::io_context& context) {
    asio::co_spawn(context, freeze_regularly(start, options.pause_length, options.pause_every, stop), rethrow);
  };
  for (auto& thread : threads) freeze(thread->context());
  freeze(accepting);
}

bool any_failed(const IoThreads& threads) {
  for (const auto& thread : threads) {
    if (thread->failed()) return true;
  }
  return false;
}

}  // namespace

std::vector<DemoEndpoint> default_demo_endpoints() {
  using namespace std::chrono_literals;
  using Shape = ServiceTime::Shape;
  return {
      {.path = "/", .time = {.shape = Shape::constant, .median = 1ms}},
      {.path = "/echo"},
      {.path = "/chat", .time = {.shape = Shape::log_normal, .median = 20ms, .sigma = 0.4}},
      {.path = "/search", .time = {.shape = Shape::two_point, .median = 2ms, .second = 20ms, .second_share = 0.1}},
      {.path = "/cpu", .time = {.shape = Shape::constant, .median = 1ms}, .work = Work::cpu},
      {.path = "/ws", .websocket = true},
  };
}

void serve(const DemoOptions& options, const std::atomic<bool>& stop,
           const std::function<void(std::uint16_t port)>& on_listening) {
  check(options);
  raise_descriptor_limit();
  DemoState state(options, stop);
  IoThreads threads;
  for (int i = 0; i < options.threads; ++i) threads.push_back(std::make_unique<IoThread>());
  const Ending ending{threads, state};

  // Ends before the io threads' contexts: it may hold a socket that belongs to one of them.
  asio::io_context accepting{1};
  tcp::acceptor acceptor = listen(accepting, options);
  const std::uint16_t port = acceptor.local_endpoint().port();
  asio::co_spawn(accepting, accept_connections(acceptor, threads, state), rethrow);
  for (auto& thread : threads) thread->start();
  start_freezing(threads, accepting, options, stop);
  if (on_listening) on_listening(port);

  while (!stop && !any_failed(threads)) accepting.run_for(stop_check);

  for (auto& thread : threads) thread->finish();
  for (auto& thread : threads) thread->rethrow();
}

}  // namespace burstgate::target
