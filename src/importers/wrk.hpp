// wrk's text, and that of wrk2, which looks alike and means something else.
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_wrk2(Source& source);
measure::Measurement read_wrk2(Source& source);

bool is_wrk(Source& source);
measure::Measurement read_wrk(Source& source);

}  // namespace burstgate::importers
