// What the generator's threads say of themselves after a burst: its health, and the oddities they tolerated.
#pragma once

#include <array>
#include <deque>

#include "load/worker.hpp"
#include "measure/measurement.hpp"

namespace burstgate::load {

class GeneratorAccount {
 public:
  // The threads of one burst or slice. Several add up; the busiest thread and the most connections count.
  void add(const std::deque<Worker>& workers);
  // threads, steal_share, paused_s and connections_asked are the caller's.
  void write_to(measure::Measurement& measurement) const;

 private:
  double busiest_thread_cpu_ = 0;
  std::uint64_t connections_peak_ = 0;
  std::uint64_t connections_opened_ = 0;
  std::uint64_t stale_retries_ = 0;
  measure::Histogram lags_;
  std::array<std::uint64_t, protocol::anomaly_count> anomalies_{};
};

}  // namespace burstgate::load
