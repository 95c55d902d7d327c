// hey: its text, and the single requests of -o csv.
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_hey_text(Source& source);
measure::Measurement read_hey_text(Source& source);

bool is_hey_csv(Source& source);
measure::Measurement read_hey_csv(Source& source);

}  // namespace burstgate::importers
