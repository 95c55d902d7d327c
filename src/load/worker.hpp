// One generator thread: its io_context, its virtual users or its share of the arrivals, its account. Nothing is shared
// with other threads but what is constant, the stop flag and the live counters.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <random>
#include <vector>

#include "load/asio.hpp"
#include "load/event_loop.hpp"
#include "load/live_latency.hpp"
#include "load/pacer.hpp"
#include "load/recorder.hpp"
#include "load/request.hpp"

namespace burstgate::load {

// What all threads of a burst have in common; constant while they run.
struct BurstSetup {
  const config::Plan* plan = nullptr;
  RequestSet requests;
  std::uint64_t seed = 0;
  Instant start;  // of the warm-up
  Window window;
  int threads = 1;
  const std::atomic<Clock::rep>* stop_at = nullptr;  // not 0: the window ends at this instant, keep what is there
};

// Written by the thread, read by whoever shows progress.
struct alignas(64) LiveCounters {
  std::atomic<std::uint64_t> finished{0};
  std::atomic<std::uint64_t> ok{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> users{0};  // of the closed model, at work or thinking
  LiveLatency latency;                  // of requests that ended, however they ended
};

class Worker {
 public:
  // Connections that the pool holds are used again; those that this burst opens stay in it.
  Worker(const BurstSetup& setup, int index, EventLoop& loop, ConnectionPool& pool);

  // The thread's body: returns when the burst has ended and every request is accounted for.
  void run();

  const LiveCounters& live() const { return live_; }

  // After run():
  Recorder& recorder() { return recorder_; }
  const Recorder& recorder() const { return recorder_; }
  double cpu_share() const { return cpu_share_; }  // of one CPU, within the window
  std::uint64_t connections_peak() const { return connections_peak_; }
  std::uint64_t connections_opened() const { return connections_opened_; }
  std::uint64_t stale_retries() const { return stale_retries_; }
  const std::array<std::uint64_t, protocol::anomaly_count>& anomalies() const { return anomalies_; }

 private:
  struct Arrival {
    const ScenarioRequests* scenario = nullptr;
    Instant due;
    bool waited = false;  // in the queue, because every connection was busy
  };

  Task<void> tick();
  Task<void> spawn_users();
  Task<void> user(Connection& connection);
  Task<void> pace();
  Task<void> serve_arrivals(Connection& connection, Arrival arrival);
  void arrive(Arrival arrival);

  enum class Performed { ok, failed, unreachable, too_late };  // too_late: the window is over, nothing was sent
  Task<Performed> iterate(Connection& connection, const ScenarioRequests& scenario, const Arrival* arrival);
  Task<Performed> perform(Connection& connection, const Request& request, const Arrival* arrival);
  bool reusable(Connection& connection, Instant now);
  Performed finish(FinishedRequest& finished, Connection& connection, const Request& request, const Exchange& exchange);
  bool answer_is_good(const Connection& connection, const Request& request, FinishedRequest& finished) const;

  Connection& add_connection();
  const ScenarioRequests& pick_scenario();
  Duration pick_wait(const ScenarioRequests& scenario);
  void sample_cpu(Instant now);
  void look_at_connections(Instant now);
  void cut(Instant now);

  const BurstSetup& setup_;
  const config::Limits& limits_;
  bool open_model_;
  int index_;
  EventLoop& loop_;
  ConnectionPool& pool_;
  std::vector<Connection*> idle_;  // open model: most recently used last
  std::deque<Arrival> queue_;      // open model: due, but every connection is busy
  std::size_t max_connections_ = 0;
  std::size_t max_queue_ = 0;
  bool pacing_;  // open model: arrivals that are due may not have been sent yet
  Timer pace_timer_;
  WakeLead wake_lead_;
  Recorder recorder_;
  LiveCounters live_;
  std::mt19937_64 random_;
  std::vector<double> cumulative_weights_;
  std::size_t active_ = 0;  // coroutines that may still have a request under way
  bool stopping_ = false;   // nothing new starts
  bool cut_ = false;        // what is under way ends as unfinished
  std::uint64_t connections_peak_ = 0;
  std::uint64_t connections_opened_ = 0;
  std::uint64_t stale_retries_ = 0;
  std::array<std::uint64_t, protocol::anomaly_count> anomalies_{};
  std::optional<std::pair<Instant, double>> cpu_at_start_;
  double cpu_share_ = 0;
};

}  // namespace burstgate::load
