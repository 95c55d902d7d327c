#include "load/worker.hpp"

#include <sys/prctl.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <ctime>
#include <exception>

#include "base/assert.hpp"
#include "load/http1_connection.hpp"

namespace burstgate::load {

using std::chrono::milliseconds;

namespace {

constexpr auto tick_length = milliseconds(5);  // how late a timeout or the end may be noticed
constexpr auto pause_after_failed_connect = milliseconds(100);
// Users start at most this fast, so that a listen backlog is not flooded by our own ramp.
constexpr double max_spawn_rate_per_s = 10'000;
constexpr std::size_t max_queued_arrivals = 1'000'000;

double thread_cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
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

// Setup and teardown are counted whenever they happen; one slice is enough.
Window around(Instant start) {
  constexpr Duration margin = std::chrono::hours(24);
  constexpr Duration longest = config::max_duration;
  return {start - margin, start + longest + margin, longest + 2 * margin};
}

int share_of(int whole, int threads, int index) {
  return whole / threads + (index < whole % threads ? 1 : 0);
}

}  // namespace

ThreadState::ThreadState(const BurstSetup& burst, int thread_index, EventLoop& event_loop)
    : setup(burst),
      limits(burst.plan->limits),
      open_model(burst.plan->profile.open.has_value()),
      loop(event_loop),
      recorder(burst.requests.endpoint_names.size(), burst.window, open_model, limits.request_timeout),
      setup_recorder(burst.requests.setup_names.size(), around(burst.start), false, limits.request_timeout),
      random(burst.seed * 1'000'003 + static_cast<std::uint64_t>(thread_index)) {}

Worker::Worker(const BurstSetup& setup, int index, EventLoop& loop, ConnectionPool& pool)
    : state_(setup, index, loop),
      index_(index),
      pool_(pool),
      pacing_(state_.open_model),
      pace_timer_(loop.context.get_executor()) {
  for (auto& connection : pool_.connections) connection->resume();
  double sum = 0;
  for (const auto& scenario : state_.setup.requests.scenarios) cumulative_weights_.push_back(sum += scenario.weight);
  if (!state_.open_model) return;
  const config::OpenLoad& load = *setup.plan->profile.open;
  max_connections_ = static_cast<std::size_t>(std::max(1, share_of(load.connections, setup.threads, index)));
  for (auto& connection : pool_.connections) idle_.push_back(connection.get());
  // As many as can become due within a timeout: whoever waits longer has timed out anyway.
  const double within_timeout = load.rate_per_s / setup.threads * to_seconds(state_.limits.request_timeout);
  max_queue_ = std::min(max_queued_arrivals, static_cast<std::size_t>(within_timeout) + 1000);
}

void Worker::run() {
  prctl(PR_SET_TIMERSLACK, 1);  // sleeps end on time, not up to 50 us later
  state_.loop.context.restart();
  asio::co_spawn(state_.loop.context, state_.loop.readiness.run(timers_are_urgent(state_.setup)), rethrow);
  asio::co_spawn(state_.loop.context, tick(), rethrow);
  asio::co_spawn(state_.loop.context,
                 has_errands_        ? start_errands()
                 : state_.open_model ? pace()
                                     : spawn_users(),
                 rethrow);
  state_.loop.context.run();
  BURSTGATE_ASSERT(active_ == 0 && queue_.empty());
}

// ---- the tick: deadlines, the end of the window, the end of the drain ----

Task<void> Worker::tick() {
  Timer timer(state_.loop.context.get_executor());
  for (;;) {
    error_code ignored;
    timer.expires_after(tick_length);
    co_await timer.async_wait(into(ignored));
    const Instant now = Clock::now();
    sample_cpu(now);
    look_at_connections(now);
    if (const auto stop_at = state_.setup.stop_at->load(std::memory_order_relaxed); stop_at != 0 && !state_.cut) {
      state_.recorder.cut_window(Instant(Duration(stop_at)));
      cut(now);
    }
    if (now >= state_.recorder.window().end) state_.stopping = true;
    if (now >= state_.recorder.window().end + state_.limits.drain && !state_.cut) cut(now);
    if (state_.stopping && !pacing_ && active_ == 0 && queue_.empty()) break;
  }
  if (!state_.cut) cut(Clock::now());  // wakes whoever still sleeps
  state_.loop.readiness.stop();
}

void Worker::sample_cpu(Instant now) {
  if (now < state_.setup.window.start) return;
  const double cpu = thread_cpu_seconds();
  if (!cpu_at_start_) cpu_at_start_ = {now, cpu};
  if (now <= state_.setup.window.end + tick_length * 2) {
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
  state_.live.connections.store(open, std::memory_order_relaxed);
}

void Worker::cut(Instant now) {
  state_.stopping = state_.cut = true;
  pace_timer_.cancel();
  for (auto& connection : pool_.connections) connection->stop(StopCause::cut);
  for (const Arrival& arrival : queue_) {
    FinishedRequest finished{.endpoint = arrival.scenario->requests.front().endpoint,
                             .intended = arrival.due,
                             .sent = arrival.due,
                             .ended = now,
                             .end = End::unfinished};
    state_.recorder.finish(finished);
  }
  queue_.clear();
}

// ---- closed model ----

Connection& Worker::add_connection() {
  pool_.connections.push_back(std::make_unique<Http1Connection>(state_.loop.context, state_.loop.readiness, pool_.peer,
                                                                response_limits(state_.limits), state_.loop.heads,
                                                                std::span<char>(state_.loop.read_buffer)));
  return *pool_.connections.back();
}

Task<void> Worker::spawn_users() {
  const config::ClosedLoad& load = state_.setup.plan->profile.closed;
  const double rate =
      load.spawn_rate_per_s > 0 ? std::min(load.spawn_rate_per_s, max_spawn_rate_per_s) : max_spawn_rate_per_s;
  const Pacer pacer(state_.setup.start, rate, index_, state_.setup.threads);
  const int users = share_of(load.users, state_.setup.threads, index_);
  for (int k = 0; k < users && !state_.stopping; ++k) {
    const Instant due = pacer.due(static_cast<std::uint64_t>(k));
    if (due > Clock::now()) {
      error_code ignored;
      pace_timer_.expires_at(due);
      co_await pace_timer_.async_wait(into(ignored));
      if (state_.stopping) break;
    }
    ++active_;
    state_.live.users.store(active_, std::memory_order_relaxed);
    const auto index = static_cast<std::size_t>(k);
    Connection& connection = index < pool_.connections.size() ? *pool_.connections[index] : add_connection();
    asio::co_spawn(state_.loop.context, user(connection), rethrow);
  }
}

Task<void> Worker::user(Connection& connection) {
  VirtualUser user(state_, connection, pool_.memory_of(connection));
  while (!state_.stopping) {
    const ScenarioRequests& scenario = pick_scenario();
    const Performed performed = co_await user.iterate(scenario, nullptr);
    if (state_.stopping || performed == Performed::too_late || performed == Performed::exhausted) break;
    const Duration wait = pick_wait(scenario);
    // A user sleeps no longer than the window, so that the end does not wait for thoughts.
    if (wait > Duration(0))
      co_await connection.sleep_until(std::min(Clock::now() + wait, state_.recorder.window().end));
    if (performed == Performed::unreachable && !state_.stopping) {
      co_await connection.sleep_until(Clock::now() + pause_after_failed_connect);
    }
  }
  --active_;
  state_.live.users.store(active_, std::memory_order_relaxed);
}

const ScenarioRequests& Worker::pick_scenario() {
  const auto& scenarios = state_.setup.requests.scenarios;
  if (scenarios.size() == 1) return scenarios.front();
  const double u = std::uniform_real_distribution<double>(0, cumulative_weights_.back())(state_.random);
  const auto found = std::upper_bound(cumulative_weights_.begin(), cumulative_weights_.end(), u);
  const auto index =
      std::min<std::size_t>(static_cast<std::size_t>(found - cumulative_weights_.begin()), scenarios.size() - 1);
  return scenarios[index];
}

Duration Worker::pick_wait(const ScenarioRequests& scenario) {
  if (scenario.wait_max <= scenario.wait_min) return scenario.wait_min;
  return Duration(std::uniform_int_distribution<Duration::rep>(scenario.wait_min.count(),
                                                               scenario.wait_max.count())(state_.random));
}

// ---- errands ----

void Worker::take_errands(std::vector<Errand> errands) {
  errands_ = std::move(errands);
  has_errands_ = true;
  pacing_ = false;
}

Task<void> Worker::start_errands() {
  for (const Errand& errand : errands_) {
    ++active_;
    Connection& connection = errand.connection != nullptr ? *errand.connection : add_connection();
    asio::co_spawn(state_.loop.context, run_errand(errand, connection), rethrow);
  }
  state_.stopping = true;  // when these have ended
  co_return;
}

Task<void> Worker::run_errand(Errand errand, Connection& connection) {
  VirtualUser user(state_, connection, pool_.memory_of(connection));
  const Performed performed = co_await user.run_errand(*errand.scenario, *errand.requests);
  if (performed != Performed::ok) errands_succeeded_ = false;
  connection.close();
  --active_;
}

// ---- open model ----

Task<void> Worker::pace() {
  const Pacer pacer(state_.setup.start, state_.setup.plan->profile.open->rate_per_s, index_, state_.setup.threads);
  for (std::uint64_t k = 0; !state_.cut; ++k) {
    const Instant due = pacer.due(k);
    if (due >= state_.recorder.window().end) break;
    // Arrivals that became due while this thread was busy are not skipped, not even when the window has ended
    // meanwhile: their latency counts the delay.
    for (Instant now = Clock::now(); now < due && !state_.cut; now = Clock::now()) {
      const Instant wake = due - wake_lead_.lead();
      if (now >= wake) continue;  // so near that it is waited for awake
      error_code ignored;
      pace_timer_.expires_at(wake);
      co_await pace_timer_.async_wait(into(ignored));
      wake_lead_.note(Clock::now() - wake);
    }
    if (!state_.cut) arrive({.scenario = &pick_scenario(), .due = due});
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
    asio::co_spawn(state_.loop.context, serve_arrivals(*connection, arrival), rethrow);
  } else if (queue_.size() < max_queue_) {
    arrival.waited = true;
    queue_.push_back(arrival);
  } else {
    state_.recorder.drop(arrival.scenario->requests.front().endpoint, arrival.due);
  }
}

Task<void> Worker::serve_arrivals(Connection& connection, Arrival arrival) {
  VirtualUser user(state_, connection, pool_.memory_of(connection));
  for (;;) {
    co_await user.iterate(*arrival.scenario, &arrival);
    if (queue_.empty()) break;
    arrival = queue_.front();
    queue_.pop_front();
  }
  idle_.push_back(&connection);
  --active_;
}

}  // namespace burstgate::load
