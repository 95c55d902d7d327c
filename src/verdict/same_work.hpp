// Did both sides do the same work? A service that answers 304 instead of 200, or an empty body instead of a page, is
// not faster.
#pragma once

#include <optional>
#include <vector>

#include "measure/measurement.hpp"
#include "verdict/verdict.hpp"

namespace burstgate::verdict {

inline constexpr double max_body_size_factor = 2;
inline constexpr double min_body_size_change = 64;      // bytes
inline constexpr double max_status_share_change = 0.1;  // of a success status (below 400) among all of them

// Endpoints in the runs but not in the candidate, or the reverse, by name.
std::optional<Reason> other_endpoints(const measure::Measurement& run, const measure::Measurement& candidate);

// Mean size of a successful body changed by more than the factor and by more than the bytes, or the share of a status
// below 400 by more than 10 points (certainly: a handful of answers says nothing). Over the whole run and per endpoint;
// the recorded runs are taken together.
std::vector<Reason> other_work(const std::vector<const measure::Measurement*>& runs,
                               const measure::Measurement& candidate);

}  // namespace burstgate::verdict
