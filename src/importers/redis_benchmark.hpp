// redis-benchmark: --csv of old and new versions, and its text.
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_redis_csv(Source& source);
measure::Measurement read_redis_csv(Source& source);

bool is_redis_text(Source& source);
measure::Measurement read_redis_text(Source& source);

}  // namespace burstgate::importers
