// What setups and teardowns did, and why requests failed: kept apart from what is measured, said in every report.
#pragma once

#include <deque>

#include "load/causes.hpp"
#include "load/worker.hpp"
#include "measure/measurement.hpp"

namespace burstgate::load {

class SetupAccount {
 public:
  // Takes what the workers have counted; once for each.
  void add(std::deque<Worker>& workers);
  void add(Worker& worker);

  // `names`: RequestSet::setup_names. The steps that were never sent are left out.
  void write_to(measure::Measurement& measurement, const std::vector<std::string>& names) const;

  const Causes& causes() const { return causes_; }

 private:
  std::vector<measure::EndpointResult> steps_;
  Causes causes_;
};

}  // namespace burstgate::load
