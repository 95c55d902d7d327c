// The paired comparison: both builds are started, warmed and put under load by turns, until the judge has seen enough.
#pragma once

#include "config/read.hpp"
#include "measure/paired.hpp"
#include "verdict/verdict.hpp"

namespace burstgate::cli {

struct PairedResult {
  measure::PairedRun run;
  measure::Measurement baseline;
  measure::Measurement candidate;
  verdict::Verdict verdict;
};

// settings.plan.paired is set. A side that cannot be started or reached, dies, or an interruption end it early: the
// measurements' stop_reason says why, and what was measured until then is kept.
PairedResult compare_side_by_side(const config::Settings& settings, bool quiet);

}  // namespace burstgate::cli
