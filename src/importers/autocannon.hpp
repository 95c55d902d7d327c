// autocannon's JSON (-j).
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_autocannon(Source& source);
measure::Measurement read_autocannon(Source& source);

}  // namespace burstgate::importers
