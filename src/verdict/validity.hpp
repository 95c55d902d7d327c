// Is the measurement valid at all? Never green without a measurement.
#pragma once

#include <optional>
#include <vector>

#include "measure/measurement.hpp"
#include "verdict/verdict.hpp"

namespace burstgate::verdict {

// Why nothing in this run can be judged; most important first, empty when it is valid: interrupted, target_died,
// generator_saturated (one reason per figure), machine_paused, connections_short. Point measurements are never invalid.
std::vector<Reason> invalidity(const measure::Measurement& run);

// The run ended before its time: interrupted or target_died; empty when it did not.
std::vector<Reason> early_end(const measure::Measurement& run);

// No request of the whole run succeeded: a failure of the service. Not said of an interrupted run.
std::optional<Reason> without_success(const measure::Measurement& run);

}  // namespace burstgate::verdict
