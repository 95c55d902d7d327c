// HdrHistogram's interval log (.hlog).
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_hlog(Source& source);
measure::Measurement read_hlog(Source& source);

}  // namespace burstgate::importers
