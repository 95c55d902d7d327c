// The paired comparison: both builds are started, warmed and put under load by turns, until the judge has seen enough.
#pragma once

#include <functional>
#include <string>

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

// What a command that examines the comparison itself wants otherwise.
struct PairedVariation {
  // Maps the URL of a side that was just launched to the one that gets the load. May throw Error (Trouble::target): the
  // side could not be reached.
  std::function<std::string(measure::Side side, const std::string& url)> front{};
  bool full_length = false;  // plays the whole budget, whatever the looks would have said
};

// settings.plan.paired is set. A side that cannot be started or reached, dies, or an interruption end it early: the
// measurements' stop_reason says why, and what was measured until then is kept.
PairedResult compare_side_by_side(const config::Settings& settings, bool quiet, const PairedVariation& variation = {});

}  // namespace burstgate::cli
