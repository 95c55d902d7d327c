// Paired comparison: every rule judged by the differences within the rounds, at planned looks, until all is decided.
#pragma once

#include <string>
#include <vector>

#include "config/thresholds.hpp"
#include "measure/paired.hpp"
#include "verdict/verdict.hpp"

namespace burstgate::verdict {

inline constexpr double paired_alpha = 0.01;  // of a false FAIL, over all looks and all checks (Holm)
inline constexpr double paired_beta = 0.01;   // of a PASS at exactly the limit, over all looks, for each check
inline constexpr double stall_beta = 0.10;  // the same for stalls: certifying that something rare is absent takes long
inline constexpr std::size_t min_rounds = 24;       // before anything is decided
inline constexpr double max_set_aside_share = 0.3;  // of the rounds; more is no measurement

struct PairedChecks {
  std::vector<Check> checks;  // in the order of the rules
  Sequence sequence;          // wall_s and launches as the run has them
};

// The regression rules of the whole run and of the endpoints, and the default rules for CPU time per request and stalls
// where there are none. Looks are taken at the paired times that the rounds have reached; a check that passed at one
// look stays passed; the first failed check ends everything, and so does the last passed one. `ended`: no more rounds
// will come, whatever the budget says.
PairedChecks paired_checks(const measure::PairedRun& run, const measure::Measurement& candidate,
                           const config::Thresholds& thresholds);

// Why nothing in the run can be judged: the machine took away too much, the generator was late or busy in the typical
// slice of the latency phase.
std::vector<Reason> paired_invalidity(const measure::PairedRun& run);

}  // namespace burstgate::verdict
