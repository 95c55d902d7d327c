#include "verdict/decision.hpp"

#include <algorithm>
#include <cmath>

#include "base/assert.hpp"

namespace burstgate::verdict {

Decision three_way(const Change& change, double limit, double floor) {
  const bool has_floor = change.unit > 0;
  if (change.high < limit) return {Outcome::pass, Grounds::within_limit};
  if (has_floor && change.high * change.unit < floor) return {Outcome::pass, Grounds::below_floor};
  if (change.low <= limit * tolerance_share) return {Outcome::inconclusive, Grounds::undecided};
  if (has_floor && change.estimate * change.unit < floor) return {Outcome::inconclusive, Grounds::floor_undecided};
  return {Outcome::fail, Grounds::beyond_tolerance};
}

Decision two_tiers(const Change& gated, const Change& warned, std::optional<double> warn, std::optional<double> fail,
                   double floor) {
  Decision decision{Outcome::pass, Grounds::within_limit};
  if (fail) decision = three_way(gated, *fail, floor);
  if (!warn || decision.outcome != Outcome::pass) return decision;
  const Decision against_warn = three_way(warned, *warn, floor);
  if (against_warn.outcome == Outcome::fail) return {Outcome::warn, Grounds::beyond_warn};
  if (against_warn.outcome == Outcome::inconclusive) return {Outcome::pass, Grounds::warn_undecided};
  return fail ? decision : against_warn;
}

bool is_improved(const Change& change, double mirrored_limit, double floor) {
  if (change.high >= mirrored_limit) return false;
  return change.unit <= 0 || change.high * change.unit < -floor;
}

bool exceeds(double value, double limit) {
  constexpr double rounding = 1e-9;
  return value > limit + rounding * std::fabs(limit);
}

bool breaks_limit(Metric metric, double value, double limit) {
  return kind(metric) == MetricKind::rate ? value < limit : value > limit;
}

Outcome worse_of(Outcome a, Outcome b) {
  const auto rank = [](Outcome outcome) {
    switch (outcome) {
      case Outcome::pass:
        return 0;
      case Outcome::warn:
        return 1;
      case Outcome::inconclusive:
        return 2;
      case Outcome::fail:
        break;
    }
    return 3;
  };
  return rank(a) < rank(b) ? b : a;
}

}  // namespace burstgate::verdict
