// The accounting identity of a saved result (see Measurement), as errors of the file instead of assertions.
#pragma once

#include "base/json_node.hpp"
#include "measure/measurement.hpp"

namespace burstgate::measure {

// One endpoint or the total: counts among themselves, with the histograms, and with the figures derived from them.
void check_result_accounting(const JsonNode& node, const EndpointResult& result, double duration_s);

// The endpoints' counts add up to the total's.
void check_sums(const JsonNode& totals, const Measurement& measurement);

}  // namespace burstgate::measure
