// Is there enough behind a value to judge it?
#pragma once

#include <optional>
#include <string>

#include "measure/measurement.hpp"
#include "verdict/verdict.hpp"

namespace burstgate::verdict {

// The metric's value, or why it cannot be judged: endpoint_missing, metric_missing (a point without it; says which
// there are), too_few_samples.
struct Value {
  std::optional<double> value;
  bool saturated = false;  // "at least": the quantile lies above the histogram's range
  std::uint64_t samples = 0;
  Reason reason;  // when there is no value
};
Value judged_value(const measure::Measurement& run, const std::string& endpoint, Metric metric);

}  // namespace burstgate::verdict
