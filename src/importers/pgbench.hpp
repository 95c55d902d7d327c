// pgbench: its text, and the single transactions of -l.
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_pgbench_text(Source& source);
measure::Measurement read_pgbench_text(Source& source);

bool is_pgbench_log(Source& source);
measure::Measurement read_pgbench_log(Source& source);

}  // namespace burstgate::importers
