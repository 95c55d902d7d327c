// Every regression rule, judged against the comparable runs.
#pragma once

#include <string>
#include <vector>

#include "config/thresholds.hpp"
#include "verdict/comparability.hpp"

namespace burstgate::verdict {

// Of the whole run first, then of the endpoints.
struct AppliedRegression {
  std::string endpoint;
  const config::RegressionRule* rule;
};
std::vector<AppliedRegression> regression_rules(const config::Thresholds& thresholds);

// A check with everything but the judgement: names, limits, and the candidate's value and samples.
Check blank_check(const measure::Measurement& candidate, const std::string& endpoint,
                  const config::RegressionRule& rule);

// Stored comparison: three-way rule with Holm over all checks that have a fail limit. Appends to `notes` what the user
// should know about the confidence. `anchor`: pinned runs, to which every rule applies once more; may be nullptr.
std::vector<Check> stored_checks(const Comparable& baseline, const Comparable* anchor,
                                 const measure::Measurement& candidate, const config::Thresholds& thresholds,
                                 std::vector<std::string>& notes);

// Point comparison: the plain rule "worse by more than the limit".
Check point_check(const Comparable& baseline, const measure::Measurement& candidate, const AppliedRegression& applied);
std::vector<Check> point_checks(const Comparable& baseline, const measure::Measurement& candidate,
                                const config::Thresholds& thresholds);

}  // namespace burstgate::verdict
