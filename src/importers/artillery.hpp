// Artillery's JSON report (`artillery run --output`), of versions 1 and 2.
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_artillery(Source& source);
measure::Measurement read_artillery(Source& source);

}  // namespace burstgate::importers
