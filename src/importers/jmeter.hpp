// JMeter's results as CSV ("JTL").
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_jmeter_csv(Source& source);
measure::Measurement read_jmeter_csv(Source& source);

}  // namespace burstgate::importers
