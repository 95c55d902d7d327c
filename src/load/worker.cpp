#include "load/worker.hpp"

#include <sys/prctl.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <ctime>
#include <exception>

#include "base/assert.hpp"

namespace burstgate::load {

using measure::Failure;
using std::chrono::milliseconds;

namespace {

constexpr auto tick_length = milliseconds(5);  // how late a timeout or the end may be noticed
constexpr auto pause_after_failed_connect = milliseconds(100);
constexpr auto idle_check_after = milliseconds(1);  // a connection idle for longer may have been closed meanwhile
// Users start at most this fast, so that a listen backlog is not flooded by our own ramp.
constexpr double max_spawn_rate_per_s = 10'000;
constexpr std::size_t max_queued_arrivals = 1'000'000;

double thread_cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

void add(std::atomic<std::uint64_t>& counter, std::uint64_t n = 1) {
  // Only this thread writes: no locked instruction is needed.
  counter.store(counter.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
}

protocol::ResponseLimits response_limits(const config::Limits& limits) {
  protocol::ResponseLimits response;
  response.head_bytes = limits.max_head_bytes;
  response.body_bytes = limits.max_response_bytes;
  return response;
}

// Arrivals and think times are to be on time.
bool timers_are_urgent(const BurstSetup& setup) {
  const auto& scenarios = setup.requests.scenarios;
  return setup.plan->profile.open ||
         std::any_of(scenarios.begin(), scenarios.end(), [](const auto& s) { return s.wait_max > Duration(0); });
}

// A coroutine that throws is a bug of ours: out of run() with it, not into silence.
void rethrow(std::exception_ptr error) {
  if (error) std::rethrow_exception(error);
}

// Trying again at once would only spin.
bool is_unreachable(Failure failure) {
  return failure == Failure::refused || failure == Failure::connect || failure == Failure::connect_timeout ||
         failure == Failure::generator;
}

int share_of(int whole, int threads, int index) {
  return whole / threads + (index < whole % threads ? 1 : 0);
}

}  // namespace

Worker::Worker(const BurstSetup& setup, int index, EventLoop& loop, ConnectionPool& pool)
    : setup_(setup),
      limits_(setup.plan->limits),
      open_model_(setup.plan->profile.open.has_value()),
      index_(index),
      loop_(loop),
      pool_(pool),
      pacing_(open_model_),
      pace_timer_(loop.context.get_executor()),
      recorder_(setup.requests.endpoint_names.size(), setup.window, open_model_, limits_.request_timeout),
      random_(setup.seed * 1'000'003 + static_cast<std::uint64_t>(index)) {
  for (auto& connection : pool_.connections) connection->resume();
  double sum = 0;
  for (const auto& scenario : setup_.requests.scenarios) cumulative_weights_.push_back(sum += scenario.weight);
  if (!open_model_) return;
  const config::OpenLoad& load = *setup.plan->profile.open;
  max_connections_ = static_cast<std::size_t>(std::max(1, share_of(load.connections, setup.threads, index)));
  for (auto& connection : pool_.connections) idle_.push_back(connection.get());
  // As many as can become due within a timeout: whoever waits longer has timed out anyway.
  const double within_timeout = load.rate_per_s / setup.threads * to_seconds(limits_.request_timeout);
  max_queue_ = std::min(max_queued_arrivals, static_cast<std::size_t>(within_timeout) + 1000);
}

void Worker::run() {
  prctl(PR_SET_TIMERSLACK, 1);  // sleeps end on time, not up to 50 us later
  loop_.context.restart();
  asio::co_spawn(loop_.context, loop_.readiness.run(timers_are_urgent(setup_)), rethrow);
  asio::co_spawn(loop_.context, tick(), rethrow);
  asio::co_spawn(loop_.context, open_model_ ? pace() : spawn_users(), rethrow);
  loop_.context.run();
  BURSTGATE_ASSERT(active_ == 0 && queue_.empty());
}

// ---- the tick: deadlines, the end of the window, the end of the drain ----

Task<void> Worker::tick() {
  Timer timer(loop_.context.get_executor());
  for (;;) {
    error_code ignored;
    timer.expires_after(tick_length);
    co_await timer.async_wait(into(ignored));
    const Instant now = Clock::now();
    sample_cpu(now);
    look_at_connections(now);
    if (const auto stop_at = setup_.stop_at->load(std::memory_order_relaxed); stop_at != 0 && !cut_) {
      recorder_.cut_window(Instant(Duration(stop_at)));
      cut(now);
    }
    if (now >= recorder_.window().end) stopping_ = true;
    if (now >= recorder_.window().end + limits_.drain && !cut_) cut(now);
    if (stopping_ && !pacing_ && active_ == 0 && queue_.empty()) break;
  }
  if (!cut_) cut(Clock::now());  // wakes whoever still sleeps
  loop_.readiness.stop();
}

void Worker::sample_cpu(Instant now) {
  if (now < setup_.window.start) return;
  const double cpu = thread_cpu_seconds();
  if (!cpu_at_start_) cpu_at_start_ = {now, cpu};
  if (now <= setup_.window.end + tick_length * 2) {
    const double wall = to_seconds(now - cpu_at_start_->first);
    if (wall > 0) cpu_share_ = (cpu - cpu_at_start_->second) / wall;
  }
}

void Worker::look_at_connections(Instant now) {
  std::uint64_t open = 0;
  for (auto& connection : pool_.connections) {
    if (connection->deadline() && *connection->deadline() <= now) connection->stop(StopCause::timeout);
    if (connection->is_open()) ++open;
  }
  connections_peak_ = std::max(connections_peak_, open);
  live_.connections.store(open, std::memory_order_relaxed);
}

void Worker::cut(Instant now) {
  stopping_ = cut_ = true;
  pace_timer_.cancel();
  for (auto& connection : pool_.connections) connection->stop(StopCause::cut);
  for (const Arrival& arrival : queue_) {
    FinishedRequest finished{.endpoint = arrival.scenario->requests.front().endpoint,
                             .intended = arrival.due,
                             .sent = arrival.due,
                             .ended = now,
                             .end = End::unfinished};
    recorder_.finish(finished);
  }
  queue_.clear();
}

// ---- closed model ----

Connection& Worker::add_connection() {
  pool_.connections.push_back(std::make_unique<Connection>(loop_.context, loop_.readiness, pool_.peer,
                                                           response_limits(limits_), loop_.heads,
                                                           std::span<char>(loop_.read_buffer)));
  return *pool_.connections.back();
}

Task<void> Worker::spawn_users() {
  const config::ClosedLoad& load = setup_.plan->profile.closed;
  const double rate =
      load.spawn_rate_per_s > 0 ? std::min(load.spawn_rate_per_s, max_spawn_rate_per_s) : max_spawn_rate_per_s;
  const Pacer pacer(setup_.start, rate, index_, setup_.threads);
  const int users = share_of(load.users, setup_.threads, index_);
  for (int k = 0; k < users && !stopping_; ++k) {
    const Instant due = pacer.due(static_cast<std::uint64_t>(k));
    if (due > Clock::now()) {
      error_code ignored;
      pace_timer_.expires_at(due);
      co_await pace_timer_.async_wait(into(ignored));
      if (stopping_) break;
    }
    ++active_;
    live_.users.store(active_, std::memory_order_relaxed);
    const auto index = static_cast<std::size_t>(k);
    Connection& connection = index < pool_.connections.size() ? *pool_.connections[index] : add_connection();
    asio::co_spawn(loop_.context, user(connection), rethrow);
  }
}

Task<void> Worker::user(Connection& connection) {
  while (!stopping_) {
    const ScenarioRequests& scenario = pick_scenario();
    const Performed performed = co_await iterate(connection, scenario, nullptr);
    if (stopping_ || performed == Performed::too_late) break;
    const Duration wait = pick_wait(scenario);
    // A user sleeps no longer than the window, so that the end does not wait for thoughts.
    if (wait > Duration(0)) co_await connection.sleep_until(std::min(Clock::now() + wait, recorder_.window().end));
    if (performed == Performed::unreachable && !stopping_) {
      co_await connection.sleep_until(Clock::now() + pause_after_failed_connect);
    }
  }
  --active_;
  live_.users.store(active_, std::memory_order_relaxed);
}

const ScenarioRequests& Worker::pick_scenario() {
  const auto& scenarios = setup_.requests.scenarios;
  if (scenarios.size() == 1) return scenarios.front();
  const double u = std::uniform_real_distribution<double>(0, cumulative_weights_.back())(random_);
  const auto found = std::upper_bound(cumulative_weights_.begin(), cumulative_weights_.end(), u);
  const auto index =
      std::min<std::size_t>(static_cast<std::size_t>(found - cumulative_weights_.begin()), scenarios.size() - 1);
  return scenarios[index];
}

Duration Worker::pick_wait(const ScenarioRequests& scenario) {
  if (scenario.wait_max <= scenario.wait_min) return scenario.wait_min;
  return Duration(
      std::uniform_int_distribution<Duration::rep>(scenario.wait_min.count(), scenario.wait_max.count())(random_));
}

// ---- open model ----

Task<void> Worker::pace() {
  const Pacer pacer(setup_.start, setup_.plan->profile.open->rate_per_s, index_, setup_.threads);
  for (std::uint64_t k = 0; !cut_; ++k) {
    const Instant due = pacer.due(k);
    if (due >= recorder_.window().end) break;
    // Arrivals that became due while this thread was busy are not skipped, not even when the window has ended
    // meanwhile: their latency counts the delay.
    for (Instant now = Clock::now(); now < due && !cut_; now = Clock::now()) {
      const Instant wake = due - wake_lead_.lead();
      if (now >= wake) continue;  // so near that it is waited for awake
      error_code ignored;
      pace_timer_.expires_at(wake);
      co_await pace_timer_.async_wait(into(ignored));
      wake_lead_.note(Clock::now() - wake);
    }
    if (!cut_) arrive({.scenario = &pick_scenario(), .due = due});
  }
  pacing_ = false;
}

void Worker::arrive(Arrival arrival) {
  Connection* connection = nullptr;
  if (!idle_.empty()) {
    connection = idle_.back();
    idle_.pop_back();
  } else if (pool_.connections.size() < max_connections_) {
    connection = &add_connection();
  }
  if (connection != nullptr) {
    ++active_;
    asio::co_spawn(loop_.context, serve_arrivals(*connection, arrival), rethrow);
  } else if (queue_.size() < max_queue_) {
    arrival.waited = true;
    queue_.push_back(arrival);
  } else {
    recorder_.drop(arrival.scenario->requests.front().endpoint, arrival.due);
  }
}

Task<void> Worker::serve_arrivals(Connection& connection, Arrival arrival) {
  for (;;) {
    co_await iterate(connection, *arrival.scenario, &arrival);
    if (queue_.empty()) break;
    arrival = queue_.front();
    queue_.pop_front();
  }
  idle_.push_back(&connection);
  --active_;
}

// ---- one iteration, one request ----

// The scenario's steps in order; the first failure ends the iteration.
Task<Worker::Performed> Worker::iterate(Connection& connection, const ScenarioRequests& scenario,
                                        const Arrival* arrival) {
  Performed performed = Performed::ok;
  for (const Request& request : scenario.requests) {
    performed = co_await perform(connection, request, arrival);
    arrival = nullptr;  // later steps are due when the step before them has ended
    if (performed != Performed::ok || cut_) break;
  }
  co_return performed;
}

bool Worker::reusable(Connection& connection, Instant now) {
  if (!connection.is_open()) return false;
  if (now - connection.last_used() <= idle_check_after) return true;
  const IdleState state = connection.check_idle();
  if (state == IdleState::unsolicited_bytes) ++anomalies_[static_cast<std::size_t>(protocol::Anomaly::unsolicited)];
  return state == IdleState::usable;
}

Task<Worker::Performed> Worker::perform(Connection& connection, const Request& request, const Arrival* arrival) {
  const Instant called = Clock::now();
  if (arrival == nullptr && called >= recorder_.window().end) co_return Performed::too_late;
  FinishedRequest finished{.endpoint = request.endpoint, .sent = called};
  finished.intended = arrival != nullptr ? arrival->due : called;
  Instant deadline = finished.intended + limits_.request_timeout;
  if (called >= deadline) {  // waited in the queue for longer than a request may take
    co_return finish(finished, connection, request, Exchange{.failure = Failure::timeout});
  }
  bool reused = reusable(connection, called);
  if (reused && arrival != nullptr && !arrival->waited) recorder_.send_lag(arrival->due, called);
  for (;;) {
    if (!connection.is_open()) {
      const Instant connect_deadline = Clock::now() + limits_.connect_timeout;
      const Exchange opened =
          co_await connection.connect(open_model_ ? std::min(deadline, connect_deadline) : connect_deadline);
      if (opened.failure || opened.cut) co_return finish(finished, connection, request, opened);
      ++connections_opened_;
      finished.sent = Clock::now();
      if (!open_model_) {  // connecting is a phase of its own: latency runs from the send
        if (finished.sent >= recorder_.window().end) co_return Performed::too_late;
        finished.intended = finished.sent;
        deadline = finished.sent + limits_.request_timeout;
      }
    }
    const Exchange exchange = co_await connection.exchange(request, deadline);
    const bool send_again = exchange.stale && reused && request.idempotent;
    if (!send_again) co_return finish(finished, connection, request, exchange);
    ++stale_retries_;
    reused = false;
  }
}

bool Worker::answer_is_good(const Connection& connection, const Request& request, FinishedRequest& finished) const {
  const auto status = static_cast<std::size_t>(finished.status);
  if (status >= request.expected_status.size() || !request.expected_status[status]) {
    finished.failure = Failure::status;
    return false;
  }
  if (request.expected_body && connection.answer().body().find(*request.expected_body) == std::string_view::npos) {
    finished.failure = Failure::check;
    return false;
  }
  return true;
}

Worker::Performed Worker::finish(FinishedRequest& finished, Connection& connection, const Request& request,
                                 const Exchange& exchange) {
  finished.ended = Clock::now();
  connection.set_last_used(finished.ended);
  if (exchange.cut) {
    finished.end = End::unfinished;
  } else if (exchange.failure) {
    finished.end = End::failed;
    finished.failure = *exchange.failure;
    if (finished.failure == Failure::refused) add(live_.refused);
  } else {
    finished.status = connection.answer().status();
    finished.body_bytes = connection.answer().body_bytes();
    finished.end = answer_is_good(connection, request, finished) ? End::ok : End::failed;
    if (!setup_.plan->keep_alive) connection.close();
  }
  if (const std::uint32_t seen = connection.answer().anomalies(); seen != 0) {
    for (std::size_t i = 0; i < protocol::anomaly_count; ++i) anomalies_[i] += (seen >> i) & 1u;
  }
  recorder_.finish(finished);
  add(live_.finished);
  live_.latency.record(
      std::chrono::duration_cast<std::chrono::microseconds>(finished.ended - finished.intended).count());
  if (finished.end == End::ok) {
    add(live_.ok);
    return Performed::ok;
  }
  const bool unreachable = finished.end == End::failed && is_unreachable(finished.failure);
  return unreachable ? Performed::unreachable : Performed::failed;
}

}  // namespace burstgate::load
