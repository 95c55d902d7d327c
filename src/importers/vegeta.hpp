// vegeta: its JSON report, the percentile plot, and single results as JSON lines or CSV (`vegeta encode`).
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_vegeta_lines(Source& source);
measure::Measurement read_vegeta_lines(Source& source);

bool is_vegeta_csv(Source& source);
measure::Measurement read_vegeta_csv(Source& source);

bool is_vegeta_report(Source& source);
measure::Measurement read_vegeta_report(Source& source);

bool is_vegeta_plot(Source& source);
measure::Measurement read_vegeta_plot(Source& source);

}  // namespace burstgate::importers
