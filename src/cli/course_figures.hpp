// What the course of a run tells beside its totals: recovery, drift, sustained and peak throughput.
#pragma once

#include "config/read.hpp"
#include "measure/measurement.hpp"

namespace burstgate::cli {

// Into the figures of the whole run and of every endpoint, and a note on how recovery was measured. What the profile or
// the slices do not give is left out.
void add_course_figures(measure::Measurement& measurement, const config::Settings& settings);

}  // namespace burstgate::cli
