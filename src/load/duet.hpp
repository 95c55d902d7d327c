// Two services under load by turns, in slices. What must outlast a slice lives here: the generator threads' event loops
// and the open connections to both sides. Which slice comes when is the caller's business.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "config/plan.hpp"
#include "load/generator_account.hpp"
#include "load/recorder.hpp"
#include "load/setup_account.hpp"
#include "load/worker.hpp"
#include "measure/paired.hpp"

namespace burstgate::load {

struct SliceLoad {
  measure::PairPhase phase = measure::PairPhase::latency;
  Duration duration{};     // longer than uncounted_start
  std::uint64_t seed = 0;  // of the choice among scenarios: the same for both sides of a round
  bool counted = true;     // false: a warm-up, not part of the side's measurement
};

// The beginning of each slice in which load is sent but not counted: queues and caches settle.
inline constexpr std::chrono::milliseconds uncounted_start{10};

class Duet {
 public:
  // `users`: of the closed model's slices. Pauses between iterations are left out there, so that throughput is what the
  // service can do. A signal in `stop_signal` ends a slice at once. Error (Trouble::usage) when the descriptors do not
  // suffice for both sides.
  Duet(const config::Plan& plan, int users, const std::atomic<int>& stop_signal);

  // The arrival rate of the open model's slices from now on; > 0. Must be set before the first of them.
  void set_rate(double rate_per_s);

  // The side lives at this URL from now on; open connections are dropped. Error (Trouble::target) when nothing can be
  // reached there.
  void reach(measure::Side side, const std::string& url);

  // One slice of load; returns when its last answer has come (or the drain limit has passed). cpu_s is not filled in.
  measure::SideSlice run(measure::Side side, const SliceLoad& load);

  // The service at the side's URL is about to end: the users' teardowns.
  void leave(measure::Side side);

  // The side's counted slices of the latency phase as one measurement.
  measure::Measurement measurement(measure::Side side) const;
  std::vector<std::string> endpoint_names() const;

 private:
  struct Lane {
    std::string origin;
    RequestSet requests;          // with the pauses between iterations
    RequestSet hurried_requests;  // without
    std::deque<ConnectionPool> pools;
    std::vector<Recorder::Endpoint> endpoints;  // sums of what was counted; without slices
    std::vector<std::vector<measure::Slice>> slices;
    std::vector<measure::Slice> total_slices;
    GeneratorAccount generator;
    std::unique_ptr<Feeders> feeders;  // both sides go through the same rows
    std::vector<std::string> run_values;
    SetupAccount setup_account;
    double measured_s = 0;
  };

  Lane& lane(measure::Side side) { return lanes_[static_cast<std::size_t>(side)]; }
  BurstSetup setup_for(const Lane& lane, const SliceLoad& load);
  BurstSetup errand_setup(const Lane& lane);
  measure::SideSlice collect(Lane& lane, std::deque<Worker>& workers, const SliceLoad& load);
  void keep(Lane& lane, std::vector<Recorder::Endpoint>& endpoints, const measure::SideSlice& slice);

  config::Plan latency_plan_;
  config::Plan throughput_plan_;
  const std::atomic<int>& stop_signal_;
  std::atomic<Clock::rep> stop_at_{0};
  int threads_;
  std::deque<EventLoop> loops_;
  std::array<Lane, 2> lanes_;
  Instant began_ = Clock::now();
};

}  // namespace burstgate::load
