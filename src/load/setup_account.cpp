#include "load/setup_account.hpp"

namespace burstgate::load {

void SetupAccount::add(Worker& worker) {
  const auto endpoints = worker.setup_recorder().take();
  steps_.resize(endpoints.size());
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    steps_[i].counts.add(endpoints[i].counts);
    steps_[i].latencies.merge(endpoints[i].latencies);
  }
  causes_.add(worker.causes());
}

void SetupAccount::add(std::deque<Worker>& workers) {
  for (Worker& worker : workers) add(worker);
}

void SetupAccount::write_to(measure::Measurement& measurement, const std::vector<std::string>& names) const {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (steps_[i].counts.started == 0) continue;
    measurement.setup.push_back(steps_[i]);
    measurement.setup.back().name = names[i];
  }
  for (std::string& sentence : causes_.sentences()) measurement.notes.push_back(std::move(sentence));
}

}  // namespace burstgate::load
