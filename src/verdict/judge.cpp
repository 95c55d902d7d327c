// The road to a verdict: is the run valid -> what may it be compared with -> every check -> the worst of them.
#include "verdict/judge.hpp"

#include <algorithm>
#include <functional>

#include "base/assert.hpp"
#include "verdict/comparability.hpp"
#include "verdict/decision.hpp"
#include "verdict/limits.hpp"
#include "verdict/regression.hpp"
#include "verdict/same_work.hpp"
#include "verdict/validity.hpp"

namespace burstgate::verdict {

namespace {

using measure::Measurement;

std::vector<Check> blank_checks(const Measurement& candidate, const config::Thresholds& thresholds) {
  std::vector<Check> checks;
  for (const auto& [endpoint, rule] : regression_rules(thresholds)) {
    checks.push_back(blank_check(candidate, endpoint, *rule));
  }
  return checks;
}

std::vector<Check> regression_checks(const Comparable& comparable, const Measurement& candidate,
                                     const config::Thresholds& thresholds, std::vector<std::string>& notes) {
  switch (comparable.comparison) {
    case Comparison::stored:
      return stored_checks(comparable, candidate, thresholds, notes);
    case Comparison::point:
      return point_checks(comparable, candidate, thresholds);
    case Comparison::none:
      break;
  }
  return blank_checks(candidate, thresholds);
}

Comparable choose_baseline(const BaselineSide& baseline, const Measurement& candidate) {
  Comparable none;
  if (!baseline.configured) {
    none.notes = {"no baseline configured: absolute limits only; save one with: burstgate record"};
    return none;
  }
  if (baseline.runs.empty()) {
    none.reasons = {{Cause::no_baseline, "there is no recorded run to compare with; save one with: burstgate record"}};
    return none;
  }
  Comparable comparable = comparable_runs(baseline.runs, candidate);
  if (comparable.comparison != Comparison::stored) return comparable;
  if (auto reason = other_endpoints(*comparable.runs.back(), candidate)) comparable.reasons.push_back(*reason);
  for (auto& reason : other_work(comparable.runs, candidate)) comparable.reasons.push_back(std::move(reason));
  return comparable;
}

// Takes the judgement back, keeps the figures.
void withdraw(Check& check, const Reason& reason) {
  check.outcome = Outcome::inconclusive;
  check.cause = reason.cause;
  check.figure = reason.figure;
  check.improved = false;
  check.already_broken = false;
}

// An invalid run says nothing about any check; a run that cannot be compared says nothing about regressions. Errors are
// errors whatever the answers looked like, so other work leaves the error rate comparable.
void withdraw_checks(const std::vector<Reason>& invalid, const std::vector<Reason>& incomparable,
                     std::vector<Check>& checks) {
  for (Check& check : checks) {
    if (!invalid.empty()) {
      withdraw(check, invalid.front());
      continue;
    }
    if (check.kind != CheckKind::regression) continue;
    const auto applies = [&](const Reason& reason) {
      return reason.cause != Cause::not_the_same_work || check.metric != Metric::error_rate;
    };
    const auto reason = std::find_if(incomparable.begin(), incomparable.end(), applies);
    if (reason != incomparable.end()) withdraw(check, *reason);
  }
}

void sort_by_endpoint(const Measurement& candidate, std::vector<Check>& checks) {
  const auto position = [&](const Check& check) {
    if (check.endpoint.empty()) return std::ptrdiff_t{-1};
    return std::find_if(candidate.endpoints.begin(), candidate.endpoints.end(),
                        [&](const auto& endpoint) { return endpoint.name == check.endpoint; }) -
           candidate.endpoints.begin();
  };
  std::stable_sort(checks.begin(), checks.end(),
                   [&](const Check& a, const Check& b) { return position(a) < position(b); });
}

Outcome outcome_of(const Verdict& verdict) {
  if (verdict.target_failed) return Outcome::fail;
  Outcome worst = verdict.reasons.empty() ? Outcome::pass : Outcome::inconclusive;
  for (const Check& check : verdict.checks) worst = worse_of(worst, check.outcome);
  return worst;
}

Verdict decide(const BaselineSide& baseline, const Measurement& candidate, const config::Thresholds& thresholds) {
  Verdict verdict;
  const std::vector<Reason> invalid = invalidity(candidate);
  const std::optional<Reason> unsuccessful = without_success(candidate);
  verdict.interrupted = candidate.partial && !candidate.target_died;
  verdict.target_failed = candidate.target_died || unsuccessful;

  Comparable comparable = choose_baseline(baseline, candidate);
  verdict.comparison = comparable.comparison;
  verdict.baseline_runs = static_cast<int>(comparable.runs.size());
  verdict.notes = comparable.notes;

  std::vector<std::string> notes;  // about judgements that an invalid run does not get
  std::vector<Check> checks;
  if (baseline.configured) checks = regression_checks(comparable, candidate, thresholds, notes);
  // A difference from the baseline matters only to those who ask for a comparison; a missing one always does.
  if (checks.empty() && !baseline.runs.empty()) comparable.reasons.clear();
  for (Check& check : limit_checks(comparable, candidate, thresholds, notes)) checks.push_back(std::move(check));
  if (invalid.empty()) verdict.notes.insert(verdict.notes.end(), notes.begin(), notes.end());

  std::vector<Reason> incomparable = comparable.reasons;
  if (unsuccessful) incomparable.insert(incomparable.begin(), *unsuccessful);
  withdraw_checks(invalid, incomparable, checks);
  sort_by_endpoint(candidate, checks);
  verdict.checks = std::move(checks);
  verdict.reasons = invalid;
  verdict.reasons.insert(verdict.reasons.end(), incomparable.begin(), incomparable.end());
  verdict.outcome = outcome_of(verdict);
  return verdict;
}

}  // namespace

Verdict judge(const BaselineSide& baseline, const Measurement& candidate, const config::Thresholds& thresholds) {
  Verdict verdict = decide(baseline, candidate, thresholds);
  BURSTGATE_ASSERT(!verdict.checks.empty());
  return verdict;
}

Verdict judge_alone(const Measurement& candidate, const config::Thresholds& thresholds) {
  config::Thresholds limits_only = thresholds;
  limits_only.total.regression.clear();
  for (auto& [endpoint, rules] : limits_only.endpoints) rules.regression.clear();
  Verdict verdict = decide({}, candidate, limits_only);
  verdict.notes.clear();  // that there is no baseline is no news here
  return verdict;
}

}  // namespace burstgate::verdict
