// Google Benchmark's JSON (--benchmark_format=json).
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_google_benchmark(Source& source);
measure::Measurement read_google_benchmark(Source& source);

}  // namespace burstgate::importers
