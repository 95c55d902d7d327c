// All figures of an endpoint at once: for reports that list many, as its judged latencies are put together only once.
#pragma once

#include <map>

#include "measure/measurement.hpp"

namespace burstgate::report {

// By metric, in its base unit, as measure::value_of() has them; those that are not known or not finite are missing.
std::map<Metric, double> figures(const measure::EndpointResult& endpoint, double duration_s);

}  // namespace burstgate::report
