// h2load: its text, and the single requests of --log-file.
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_h2load_text(Source& source);
measure::Measurement read_h2load_text(Source& source);

bool is_h2load_log(Source& source);
measure::Measurement read_h2load_log(Source& source);

}  // namespace burstgate::importers
