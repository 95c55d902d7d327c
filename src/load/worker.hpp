// One generator thread: its io_context, its virtual users or its share of the arrivals, its account. Nothing is shared
// with other threads but what is constant, the stop flag and the live counters.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "load/asio.hpp"
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
  Task<void> user(Connection& connection);
  Task<void> start_errands();
  Task<void> run_errand(Errand errand, Connection& connection);
  Task<void> pace();
  Task<void> serve_arrivals(Connection& connection, Arrival arrival);
  void arrive(Arrival arrival);

  Connection& add_connection();
  const ScenarioRequests& pick_scenario();
  Duration pick_wait(const ScenarioRequests& scenario);
  void sample_cpu(Instant now);
  void look_at_connections(Instant now);
  void cut(Instant now);

  ThreadState state_;
  int index_;
  ConnectionPool& pool_;
  std::vector<Connection*> idle_;  // open model: most recently used last
  std::deque<Arrival> queue_;      // open model: due, but every connection is busy
  std::size_t max_connections_ = 0;
  std::size_t max_queue_ = 0;
  bool pacing_;  // open model: arrivals that are due may not have been sent yet
  std::vector<Errand> errands_;
  bool has_errands_ = false;
  bool errands_succeeded_ = true;
  Timer pace_timer_;
  WakeLead wake_lead_;
  std::vector<double> cumulative_weights_;
  std::size_t active_ = 0;  // coroutines that may still have a request under way
  std::uint64_t connections_peak_ = 0;
  std::optional<std::pair<Instant, double>> cpu_at_start_;
  double cpu_share_ = 0;
};

}  // namespace burstgate::load
