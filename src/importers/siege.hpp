// siege: its JSON and its text.
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_siege_json(Source& source);
measure::Measurement read_siege_json(Source& source);

bool is_siege_text(Source& source);
measure::Measurement read_siege_text(Source& source);

}  // namespace burstgate::importers
