// siege: its JSON on stdout and its text on stderr.
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_siege(Source& source);
measure::Measurement read_siege(Source& source);

}  // namespace burstgate::importers
