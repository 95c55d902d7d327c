#include "load/generator_account.hpp"

#include <algorithm>
#include <string>

namespace burstgate::load {

void GeneratorAccount::add(const std::deque<Worker>& workers) {
  std::uint64_t connections = 0;
  for (const Worker& worker : workers) {
    busiest_thread_cpu_ = std::max(busiest_thread_cpu_, worker.cpu_share());
    connections_opened_ += worker.connections_opened();
    stale_retries_ += worker.stale_retries();
    connections += worker.connections_peak();
    lags_.merge(worker.recorder().lags());
    for (std::size_t i = 0; i < anomalies_.size(); ++i) anomalies_[i] += worker.anomalies()[i];
  }
  connections_peak_ = std::max(connections_peak_, connections);
}

void GeneratorAccount::write_to(measure::Measurement& measurement) const {
  measure::GeneratorHealth& health = measurement.generator;
  health.busiest_thread_cpu = busiest_thread_cpu_;
  health.connections_peak = connections_peak_;
  health.connections_opened = connections_opened_;
  health.stale_retries = stale_retries_;
  if (!lags_.empty()) {
    health.send_lag_p50_us = static_cast<double>(*lags_.value_at_us(0.5));
    health.send_lag_p99_us = static_cast<double>(*lags_.value_at_us(0.99));
  }
  for (std::size_t i = 0; i < anomalies_.size(); ++i) {
    if (anomalies_[i] > 0) {
      measurement.anomalies[std::string(name(static_cast<protocol::Anomaly>(i)))] = anomalies_[i];
    }
  }
}

}  // namespace burstgate::load
