// Which recorded runs the candidate may be compared with, and why not with the others.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "measure/measurement.hpp"
#include "verdict/verdict.hpp"

namespace burstgate::verdict {

// The reference probe in the recorded runs that have one (geometric mean) and in the candidate.
struct ReferenceChange {
  double recorded_us = 0;
  double now_us = 0;

  bool shifted() const;  // by more than max_reference_shift: the machine is not what it was
};
inline constexpr double max_reference_shift = 0.20;  // of ln(now / recorded), either way

struct Comparable {
  Comparison comparison = Comparison::none;
  std::vector<const measure::Measurement*> runs;  // oldest first; empty exactly when there is a reason
  bool same_machine = false;                      // the runs are of the candidate's machine class
  std::optional<ReferenceChange> reference;       // absent: not known on both sides
  std::vector<Reason> reasons;
  std::vector<std::string> notes;
};

// In this order: the runs must be valid themselves, must have sent the same workload, on as many cores, with a
// generator of the same major version. Of those, the ones of the candidate's machine class are used when there are any.
// With a point on either side (the candidate, or no recorded run with data) none of that can be known: all point runs,
// or all runs for a point candidate, are used, but for those of another tool or another definition of latency. Points
// that burstgate made by running a tool (measure::command_of) are stored runs like others, where there are
// min_runs_for_spread of the candidate's command and machine class.
Comparable comparable_runs(const std::vector<measure::Measurement>& recorded, const measure::Measurement& candidate);

// "rate: 100/s -> 200/s; body: (none) -> 17 bytes"
std::string workload_difference(const measure::Workload& baseline, const measure::Workload& candidate);

}  // namespace burstgate::verdict
