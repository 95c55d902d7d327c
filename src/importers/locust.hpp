// Locust's PREFIX_stats.csv: one row per request name and a last one for all.
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_locust_stats(Source& source);
measure::Measurement read_locust_stats(Source& source);

}  // namespace burstgate::importers
