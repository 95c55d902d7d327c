// What a history keeps of a run: who, where, when and the figures, without histograms and slices.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/metric.hpp"

namespace burstgate::measure {

struct Measurement;

using Figures = std::map<Metric, double>;  // in the metric's base unit; what is not known is missing

struct RunSummary {
  std::string file;  // as it is named in the history
  std::int64_t started_at_unix_s = 0;
  std::string commit, branch, pull_request;  // empty: not known
  std::string operation, profile;
  std::string machine_class;    // "" of imported results
  std::string workload_digest;  // likewise
  std::string outcome;          // of its verdict: "pass", ...; "" when it was not judged
  bool complete = true;         // neither interrupted nor ended by the service's death
  Figures total;
  std::vector<std::pair<std::string, Figures>> endpoints;  // in the plan's order
};

RunSummary summary_of_run(const Measurement& measurement, const std::string& file);

}  // namespace burstgate::measure
