// The rules themselves, on plain numbers: where a change stands between "nothing happened" and "the limit is broken".
#pragma once

#include <optional>

#include "verdict/verdict.hpp"

namespace burstgate::verdict {

// The size that must never alarm, as a share of the limit (the size that must not slip through). One cut alone would
// catch a change of exactly that size only every second time.
inline constexpr double tolerance_share = 0.25;

// "Worse by" figures of one check. One unit of change is `unit` in the metric's base unit (the baseline's value; for
// error rates the candidate's requests, so that a change becomes a number of errors); 0: unknown, there is no floor.
struct Change {
  double low = 0;  // one-sided bounds
  double high = 0;
  double estimate = 0;
  double unit = 0;
};

enum class Grounds {
  within_limit,      // pass
  below_floor,       // pass
  warn_undecided,    // pass: within the fail limit (or there is none), not certain against the warn limit
  beyond_warn,       // warn
  beyond_tolerance,  // fail
  undecided,         // inconclusive
  floor_undecided,   // inconclusive: beyond the tolerance, but neither certainly below the floor nor estimated above it
};

struct Decision {
  Outcome outcome = Outcome::inconclusive;
  Grounds grounds = Grounds::undecided;
};

// pass: the upper bound is below the limit, or the change in base units is certainly below the floor.
// fail: not passed, the lower bound is above the tolerance, and the estimated change reaches the floor.
// Otherwise inconclusive.
Decision three_way(const Change& change, double limit, double floor);

// Both tiers. A check with only a warn limit never fails and is never inconclusive: what is undecided against it
// passes. With both, fail beats warn, what is undecided against the fail limit is inconclusive, and the warn limit is
// asked only when the fail limit is certainly kept. `warned` carries the lower bound of its own: a warning stops
// nobody, so it is not corrected for the number of checks.
Decision two_tiers(const Change& gated, const Change& warned, std::optional<double> warn, std::optional<double> fail,
                   double floor);

// Certainly better by more than `mirrored_limit` (below 0) and by more than the floor.
bool is_improved(const Change& change, double mirrored_limit, double floor);

// The plain rule of a point comparison: worse by more than the limit; equal to it (within rounding) passes.
bool exceeds(double value, double limit);

// Absolute limits: "at most", or "at least" for throughput. Equal to the limit keeps it.
bool breaks_limit(Metric metric, double value, double limit);

// fail > inconclusive > warn > pass: a certain failure outranks an inconclusive sibling.
Outcome worse_of(Outcome a, Outcome b);

}  // namespace burstgate::verdict
