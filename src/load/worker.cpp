#include "load/worker.hpp"

#include <sys/prctl.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <ctime>
#include <exception>

#include "base/assert.hpp"
#include "load/connection_factory.hpp"
#include "load/websocket_user.hpp"

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

// Arrivals and think times are to be on time; WebSockets are read through Asio.
bool timers_are_urgent(const BurstSetup& setup) {
  const auto& scenarios = setup.requests.scenarios;
  return setup.plan->profile.open || std::any_of(scenarios.begin(), scenarios.end(),
                                                 [](const auto& s) { return s.wait.most.count() > 0 || s.websocket; });
}

std::vector<double> weights_of(const RequestSet& requests) {
  std::vector<double> weights;
  for (const auto& scenario : requests.scenarios) weights.push_back(scenario.weight);
  return weights;
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
      websockets(burst.requests.scenarios.size(), burst.window.start),
      setup_recorder(burst.requests.setup_names.size(), around(burst.start), false, limits.request_timeout),
      random(burst.seed * 1'000'003 + static_cast<std::uint64_t>(thread_index)) {}

Worker::Worker(const BurstSetup& setup, int index, EventLoop& loop, ConnectionPool& pool)
    : state_(setup, index, loop),
      course_(setup.plan->profile),
      scenarios_(weights_of(setup.requests)),
      index_(index),
      pool_(pool),
      pacing_(state_.open_model),
      pace_timer_(loop.context.get_executor()) {
  for (auto& connection : pool_.connections) connection->resume();
  pool_.websockets.resume(state_.websockets);
  if (!state_.open_model) return;
  const config::OpenLoad& load = *setup.plan->profile.open;
  max_connections_ = static_cast<std::size_t>(std::max(1, share_of(load.connections, setup.threads, index)));
  for (auto& connection : pool_.connections) idle_.push_back(connection.get());
  // As many as can become due within a timeout: whoever waits longer has timed out anyway.
  const double within_timeout = course_.peak() / setup.threads * to_seconds(state_.limits.request_timeout);
  max_queue_ = std::min(max_queued_arrivals, static_cast<std::size_t>(within_timeout) + 1000);
}

void Worker::run() {
  prctl(PR_SET_TIMERSLACK, 1);  // sleeps end on time, not up to 50 us later
  state_.loop.context.restart();
  spawn(state_.loop.readiness.run(timers_are_urgent(state_.setup)));
  spawn(tick());
  spawn(has_errands_ ? start_errands() : state_.open_model ? pace() : spawn_users());
  state_.loop.context.run();
  pool_.websockets.park();
  BURSTGATE_ASSERT(active_ == 0 && queue_.empty());
}

// A WebSocket that is kept for the next slice reads on: there is no waiting for all that is under way.
void Worker::spawn(Task<void> coroutine) {
  ++coroutines_;
  asio::co_spawn(state_.loop.context, std::move(coroutine), [this](std::exception_ptr error) {
    rethrow(error);
    if (--coroutines_ == 0) state_.loop.context.stop();
  });
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
    if (state_.stopping && !pacing_ && active_ == 0 && queue_.empty() && websockets_are_closed(now)) break;
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
  pool_.websockets.look(now);
  std::uint64_t open = pool_.websockets.open();
  for (auto& connection : pool_.connections) {
    if (connection->deadline() && *connection->deadline() <= now) connection->stop(StopCause::timeout);
    open += connection->open_sockets();
  }
  connections_peak_ = std::max(connections_peak_, open);
  state_.live.connections.store(open, std::memory_order_relaxed);
}

void Worker::cut(Instant now) {
  state_.stopping = state_.cut = true;
  pace_timer_.cancel();
  for (auto& connection : pool_.connections) connection->stop(StopCause::cut);
  pool_.websockets.cut();
  for (const Arrival& arrival : queue_) {
    FinishedRequest finished{.endpoint = arrival.scenario->first_endpoint(),
                             .intended = arrival.due,
                             .sent = arrival.due,
                             .ended = now,
                             .end = End::unfinished};
    state_.recorder.finish(finished);
  }
  queue_.clear();
}

// The last burst on these connections ends with the closing handshake, a slice does not.
bool Worker::websockets_are_closed(Instant now) {
  if (state_.setup.keeps_connections) return true;
  if (!closing_until_) {
    closing_until_ = now + closing_limit + 2 * tick_length;
    pool_.websockets.begin_closing(state_.loop.context);
  }
  if (pool_.websockets.open() > 0 && now < *closing_until_) return false;
  pool_.websockets.abandon();
  return true;
}

Task<Performed> Worker::iterate(VirtualUser& user, Connection& connection, const ScenarioRequests& scenario,
                                const Arrival* arrival) {
  if (!scenario.websocket) return user.iterate(scenario, arrival);
  WebSocketSession& session = pool_.websockets.of(connection, scenario.websocket, state_.loop.context, pool_.peer,
                                                  index_, state_.setup.threads, state_.websockets);
  return converse(state_, session, connection, *scenario.websocket, arrival);
}

// ---- closed model ----

Connection& Worker::add_connection() {
  pool_.connections.push_back(make_connection(state_.loop, pool_, state_.limits));
  return *pool_.connections.back();
}

// False: the burst is ending.
Task<bool> Worker::sleep_until(Instant when) {
  if (when > Clock::now()) {
    error_code ignored;
    pace_timer_.expires_at(when);
    co_await pace_timer_.async_wait(into(ignored));
  }
  co_return !state_.stopping;
}

// Follows the course: the next place is filled when the load climbs above its user's number, and given up when it comes
// down to it again.
Task<void> Worker::spawn_users() {
  const Duration gap(static_cast<Duration::rep>(1e9 * state_.setup.threads / max_spawn_rate_per_s));
  const auto number = [&](std::size_t place) {
    return static_cast<double>(place) * state_.setup.threads + static_cast<double>(index_);
  };
  Instant earliest = state_.setup.start;
  double at_s = 0;
  for (std::size_t filled = 0;;) {
    const std::optional<double> climbs = course_.climbs_above(number(filled), at_s);
    const std::optional<double> falls = filled > 0 ? course_.comes_down_to(number(filled - 1), at_s) : std::nullopt;
    if (falls && (!climbs || *falls <= *climbs)) {  // that user knows by itself when to leave
      --filled;
      at_s = *falls;
      continue;
    }
    if (!climbs) break;
    at_s = *climbs;
    const Instant due = std::max(instant_at(state_.setup.start, at_s), earliest);
    const bool going = co_await sleep_until(due);
    if (!going) break;
    earliest = due + gap;
    const auto leaves_s = course_.comes_down_to(number(filled), at_s);
    fill_place(filled++, leaves_s ? instant_at(state_.setup.start, *leaves_s) : Instant::max());
  }
}

// A user that has not left its place yet stays.
void Worker::fill_place(std::size_t place, Instant leaves) {
  if (place == users_.size()) users_.emplace_back();
  if (place == pool_.connections.size()) add_connection();
  UserPlace& user_place = users_[place];
  user_place.leaves = leaves;
  if (user_place.taken) return;
  user_place.taken = true;
  ++active_;
  state_.live.users.store(active_, std::memory_order_relaxed);
  spawn(user(place));
}

Task<void> Worker::user(std::size_t place) {
  UserPlace& user_place = users_[place];
  Connection& connection = *pool_.connections[place];
  VirtualUser user(state_, connection, pool_.memory_of(connection));
  const auto retired = [&] { return user_place.leaves != Instant::max() && Clock::now() >= user_place.leaves; };
  while (!state_.stopping && !retired()) {
    const ScenarioRequests& scenario = next_scenario();
    const Performed performed = co_await iterate(user, connection, scenario, nullptr);
    if (state_.stopping || performed == Performed::too_late || performed == Performed::exhausted) break;
    const Duration wait = pick_wait(scenario.wait, state_.random);
    // A user sleeps no longer than the window, so that the end does not wait for thoughts.
    if (wait > Duration(0)) {
      const Instant latest = std::min(state_.recorder.window().end, user_place.leaves);
      co_await connection.sleep_until(std::min(Clock::now() + wait, latest));
    }
    if (performed == Performed::unreachable && !state_.stopping) {
      co_await connection.sleep_until(Clock::now() + pause_after_failed_connect);
    }
  }
  if (retired()) connection.close();
  user_place.taken = false;
  --active_;
  state_.live.users.store(active_, std::memory_order_relaxed);
}

const ScenarioRequests& Worker::next_scenario() {
  return state_.setup.requests.scenarios[scenarios_.pick(state_.random)];
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
    spawn(run_errand(errand, connection));
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
  const Pacer pacer(state_.setup.start, course_, index_, state_.setup.threads);
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
    if (!state_.cut) arrive({.scenario = &next_scenario(), .due = due});
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
    spawn(serve_arrivals(*connection, arrival));
  } else if (queue_.size() < max_queue_) {
    arrival.waited = true;
    queue_.push_back(arrival);
  } else {
    state_.recorder.drop(arrival.scenario->first_endpoint(), arrival.due);
  }
}

Task<void> Worker::serve_arrivals(Connection& connection, Arrival arrival) {
  VirtualUser user(state_, connection, pool_.memory_of(connection));
  for (;;) {
    co_await iterate(user, connection, *arrival.scenario, &arrival);
    if (queue_.empty()) break;
    arrival = queue_.front();
    queue_.pop_front();
  }
  idle_.push_back(&connection);
  --active_;
}

}  // namespace burstgate::load
