// What one generator thread's parts have in common: the burst's constants, the account, the stop flags. Nothing is
// shared with other threads but what is constant, the stop flag and the live counters.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <random>

#include "load/causes.hpp"
#include "load/event_loop.hpp"
#include "load/feeders.hpp"
#include "load/live_latency.hpp"
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
  Feeders* feeders = nullptr;
  std::vector<std::string> run_values;               // that the run's setup saved
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

// Adds to a live counter. Only its own thread writes: no locked instruction is needed.
inline void add(std::atomic<std::uint64_t>& counter, std::uint64_t n = 1) {
  counter.store(counter.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
}

struct ThreadState {
  ThreadState(const BurstSetup& burst, int thread_index, EventLoop& event_loop);

  const BurstSetup& setup;
  const config::Limits& limits;
  const bool open_model;
  EventLoop& loop;
  Recorder recorder;
  Recorder setup_recorder;  // of setup and teardown: whenever they happen
  Causes causes;
  LiveCounters live;
  std::mt19937_64 random;
  bool stopping = false;  // nothing new starts
  bool cut = false;       // what is under way ends as unfinished
  std::uint64_t connections_opened = 0;
  std::uint64_t stale_retries = 0;
  std::array<std::uint64_t, protocol::anomaly_count> anomalies{};
};

}  // namespace burstgate::load
