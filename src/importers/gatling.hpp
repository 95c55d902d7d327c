// Gatling: js/stats.json and js/global_stats.json (up to 3.13), and simulation.log where it is a text.
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_gatling_stats(Source& source);
measure::Measurement read_gatling_stats(Source& source);

bool is_gatling_log(Source& source);
measure::Measurement read_gatling_log(Source& source);

}  // namespace burstgate::importers
