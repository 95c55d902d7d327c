// One generator thread: its io_context, its virtual users or its share of the arrivals, its account. Nothing is shared
// with other threads but what is constant, the stop flag and the live counters.
//
// Thread t of n has the users t, t + n, t + 2n ... and the arrivals of these numbers.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "config/course.hpp"
#include "load/asio.hpp"
#include "load/choices.hpp"
#include "load/pacer.hpp"
#include "load/thread_state.hpp"
#include "load/virtual_user.hpp"

namespace burstgate::load {

class Worker {
 public:
  // Connections that the pool holds are used again; those that this burst opens stay in it.
  Worker(const BurstSetup& setup, int index, EventLoop& loop, ConnectionPool& pool);

  // Steps around the load instead of the load itself: one errand per connection, all at the same time.
  struct Errand {
    Connection* connection = nullptr;  // nothing: a new one
    const ScenarioRequests* scenario = nullptr;
    const std::vector<Request>* requests = nullptr;
  };
  void take_errands(std::vector<Errand> errands);
  bool errands_succeeded() const { return errands_succeeded_; }

  // The thread's body: returns when the burst has ended and every request is accounted for.
  void run();

  const LiveCounters& live() const { return state_.live; }

  // After run():
  Recorder& recorder() { return state_.recorder; }
  const Recorder& recorder() const { return state_.recorder; }
  const WebSocketAccount& websockets() const { return state_.websockets; }
  Recorder& setup_recorder() { return state_.setup_recorder; }
  const Causes& causes() const { return state_.causes; }
  double cpu_share() const { return cpu_share_; }  // of one CPU, within the window
  std::uint64_t connections_peak() const { return connections_peak_; }
  std::uint64_t connections_opened() const { return state_.connections_opened; }
  std::uint64_t stale_retries() const { return state_.stale_retries; }
  const std::array<std::uint64_t, protocol::anomaly_count>& anomalies() const { return state_.anomalies; }

 private:
  Task<void> tick();
  Task<void> spawn_users();
  Task<bool> sleep_until(Instant when);
  void fill_place(std::size_t place, Instant leaves);
  Task<void> user(std::size_t place);
  Task<void> start_errands();
  Task<void> run_errand(Errand errand, Connection& connection);
  Task<void> pace();
  Task<void> serve_arrivals(Connection& connection, Arrival arrival);
  void arrive(Arrival arrival);

  // Runs among the thread's coroutines; run() returns when the last of them has ended.
  void spawn(Task<void> coroutine);
  Task<Performed> iterate(VirtualUser& user, Connection& connection, const ScenarioRequests& scenario,
                          const Arrival* arrival);
  bool websockets_are_closed(Instant now);

  Connection& add_connection();
  const ScenarioRequests& next_scenario();
  void sample_cpu(Instant now);
  void look_at_connections(Instant now);
  void cut(Instant now);

  // Of the closed model. Places are filled from the first on and emptied from the last on.
  struct UserPlace {
    Instant leaves = Instant::max();  // when the profile retires the user; it ends its iteration first
    bool taken = false;
  };

  ThreadState state_;
  config::Course course_;
  ScenarioChoice scenarios_;
  int index_;
  ConnectionPool& pool_;
  std::vector<Connection*> idle_;  // open model: most recently used last
  std::deque<Arrival> queue_;      // open model: due, but every connection is busy
  std::deque<UserPlace> users_;
  std::size_t max_connections_ = 0;
  std::size_t max_queue_ = 0;
  bool pacing_;  // open model: arrivals that are due may not have been sent yet
  std::vector<Errand> errands_;
  bool has_errands_ = false;
  bool errands_succeeded_ = true;
  Timer pace_timer_;
  WakeLead wake_lead_;
  std::size_t coroutines_ = 0;
  std::optional<Instant> closing_until_;  // WebSockets say goodbye
  std::size_t active_ = 0;                // coroutines that may still have a request under way
  std::uint64_t connections_peak_ = 0;
  std::optional<std::pair<Instant, double>> cpu_at_start_;
  double cpu_share_ = 0;
};

}  // namespace burstgate::load
