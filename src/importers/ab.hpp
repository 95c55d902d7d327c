// ApacheBench: its text, and the files of -e (percentiles) and -g (single requests).
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_ab_text(Source& source);
measure::Measurement read_ab_text(Source& source);

bool is_ab_percentiles(Source& source);
measure::Measurement read_ab_percentiles(Source& source);

bool is_ab_requests(Source& source);
measure::Measurement read_ab_requests(Source& source);

}  // namespace burstgate::importers
