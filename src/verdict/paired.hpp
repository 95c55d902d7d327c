// Paired comparison: every rule judged by the differences within the rounds, at planned looks, until all is decided.
#pragma once

#include <string>
#include <vector>

#include "config/thresholds.hpp"
#include "measure/paired.hpp"
#include "verdict/decision.hpp"
#include "verdict/verdict.hpp"

namespace burstgate::verdict {

inline constexpr double paired_alpha = 0.01;  // of a false FAIL, over all looks and all checks (Holm)
inline constexpr double paired_beta = 0.01;   // of a PASS at exactly the limit, over all looks, for each check
// Of each look's upper bound for stalls, where certifying that something rare is absent takes long: over six looks the
// candidate that stands still in exactly the limit's share of slices passes with at most 10 %.
inline constexpr double stall_level = 0.04;
// Late sends reach both sides alike, so they add noise but no difference; when they are as large as this share of the
// p95 they begin to hide one. Of the typical slice's p99 send lag; below max_send_lag_us it is never too much.
inline constexpr double max_paired_lag_share = 0.25;
inline constexpr std::size_t min_rounds = 24;       // before anything is decided
inline constexpr double max_set_aside_share = 0.3;  // of the rounds; more is no measurement

// How one check stood at one look, and what its rule was applied to: for whoever explains a verdict.
struct PairedStep {
  Check check;             // as this look, or an earlier one, left it
  bool judged = false;     // at this look; otherwise decided before, or without data
  std::size_t rounds = 0;  // that the figures come from
  double p_value = 1;      // against "not worse by more than the tolerance"
  int divisor = 1;         // Holm's
  double low_level = 0;    // nominal one-sided levels of the bounds
  double high_level = 0;
  Change change;
  Grounds grounds = Grounds::undecided;
};

struct PairedLook {
  double planned_s = 0;  // of paired time
  std::size_t rounds = 0;
  std::size_t rounds_set_aside = 0;
  double alpha_spent = 0;         // of paired_alpha, up to and with this look
  std::vector<PairedStep> steps;  // in the order of the rules; none when there are fewer than min_rounds
};

struct PairedChecks {
  std::vector<Check> checks;      // in the order of the rules
  Sequence sequence;              // wall_s and launches as the run has them
  std::vector<PairedLook> looks;  // those that were taken
};

// The regression rules of the whole run and of the endpoints, and the default rules for CPU time per request and stalls
// where there are none. Looks are taken at the paired times that the rounds have reached; a check that passed at one
// look stays passed; the first failed check ends everything, and so does the last passed one.
PairedChecks paired_checks(const measure::PairedRun& run, const measure::Measurement& candidate,
                           const config::Thresholds& thresholds);

// Why nothing in the run can be judged: the machine took away too much, the generator was late or busy in the typical
// slice of the latency phase.
std::vector<Reason> paired_invalidity(const measure::PairedRun& run);

}  // namespace burstgate::verdict
