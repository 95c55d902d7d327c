// fortio's JSON.
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_fortio(Source& source);
measure::Measurement read_fortio(Source& source);

}  // namespace burstgate::importers
