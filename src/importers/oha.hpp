// oha's JSON.
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_oha(Source& source);
measure::Measurement read_oha(Source& source);

}  // namespace burstgate::importers
