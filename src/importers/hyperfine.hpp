// hyperfine's JSON (--export-json).
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_hyperfine(Source& source);
measure::Measurement read_hyperfine(Source& source);

}  // namespace burstgate::importers
