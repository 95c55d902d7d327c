// The road to a verdict: is the run valid -> what may it be compared with -> every check -> the worst of them.
#include "verdict/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/assert.hpp"
#include "verdict/comparability.hpp"
#include "verdict/decision.hpp"
#include "verdict/limits.hpp"
#include "verdict/paired.hpp"
#include "verdict/regression.hpp"
#include "verdict/same_work.hpp"
#include "verdict/scale.hpp"
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

std::vector<Check> regression_checks(const Comparable& comparable, const Comparable* anchor,
                                     const Measurement& candidate, const config::Thresholds& thresholds,
                                     std::vector<std::string>& notes) {
  switch (comparable.comparison) {
    case Comparison::stored:
      return stored_checks(comparable, anchor, candidate, thresholds, notes);
    case Comparison::point:
      return point_checks(comparable, candidate, thresholds);
    case Comparison::paired:  // has rounds: judge_paired()
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

// The pinned runs that can be compared with; nothing, and a note, where there are none. Whoever cannot be compared with
// an old release is judged by the newer runs all the same.
std::optional<Comparable> choose_anchor(const BaselineSide& baseline, const Measurement& candidate,
                                        std::vector<std::string>& notes) {
  if (baseline.anchors.empty()) return std::nullopt;
  Comparable anchor = comparable_runs(baseline.anchors, candidate);
  std::string why;
  if (anchor.comparison != Comparison::stored) {
    why = anchor.reasons.empty() ? "it has only summary numbers" : anchor.reasons.front().figure;
  } else if (!anchor.same_machine) {
    why = "it was measured on another machine class";
  } else if (const auto endpoints = other_endpoints(*anchor.runs.back(), candidate)) {
    why = endpoints->figure;
  } else if (const auto work = other_work(anchor.runs, candidate); !work.empty()) {
    why = work.front().figure;
  }
  if (why.empty()) return anchor;
  notes.push_back(fmt::format("not compared with the anchor {}: {}", baseline.anchor_name, why));
  return std::nullopt;
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

constexpr double busy_idle_share = 0.03;  // of a CPU; what an idle service may use without disturbing the other

void add_paired_notes(const measure::PairedRun& run, Verdict& verdict) {
  if (run.single_launch) {
    verdict.notes.push_back(
        "single launch: a side given by its URL cannot be restarted, so what one start of it happens to be like "
        "(memory layout, placement on CPUs) is not averaged out");
  }
  if (run.idle_cpu_share > busy_idle_share) {
    verdict.notes.push_back(fmt::format("the side that was not under load used {} of a CPU: it disturbs the other",
                                        percent(run.idle_cpu_share)));
  }
  if (verdict.sequence->rounds_set_aside > 0) {
    verdict.notes.push_back(fmt::format("{} of {} rounds were set aside: the machine took CPU time away",
                                        verdict.sequence->rounds_set_aside, run.rounds.size()));
  }
}

// A side that was asked nothing, because the other one was lost before, did not fail.
std::optional<Reason> asked_in_vain(const Measurement& side) {
  return side.total.counts.started > 0 ? without_success(side) : std::nullopt;
}

// Why the baseline's side cannot be compared with.
std::vector<Reason> baseline_failures(const Measurement& baseline) {
  std::vector<Reason> reasons;
  if (baseline.target_died) {
    reasons.push_back({Cause::baseline_failed, "baseline: " + baseline.stop_reason});
  } else if (const auto nothing = asked_in_vain(baseline)) {
    reasons.push_back({Cause::baseline_failed, "baseline: " + nothing->figure});
  }
  return reasons;
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
  const std::optional<Comparable> anchor = choose_anchor(baseline, candidate, verdict.notes);
  if (baseline.configured) {
    checks = regression_checks(comparable, anchor ? &*anchor : nullptr, candidate, thresholds, notes);
  }
  for (Check& check : checks) {
    if (check.against_anchor) check.figure += "; anchor " + baseline.anchor_name;
  }
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

Verdict judge_paired(const measure::PairedRun& run, const Measurement& baseline, const Measurement& candidate,
                     const config::Thresholds& thresholds) {
  Verdict verdict;
  std::vector<Reason> invalid = early_end(candidate);
  if (invalid.empty()) invalid = paired_invalidity(run);
  const std::optional<Reason> unsuccessful = asked_in_vain(candidate);
  verdict.interrupted = candidate.partial && !candidate.target_died;
  verdict.target_failed = candidate.target_died || unsuccessful;
  verdict.comparison = Comparison::paired;
  verdict.baseline_runs = 1;

  PairedChecks paired = paired_checks(run, candidate, thresholds);
  verdict.sequence = std::move(paired.sequence);
  Comparable comparable;
  comparable.comparison = Comparison::paired;
  comparable.runs = {&baseline};
  comparable.same_machine = true;
  comparable.reasons = baseline_failures(baseline);
  if (comparable.reasons.empty() && !unsuccessful) comparable.reasons = other_work(comparable.runs, candidate);
  for (Check& check : limit_checks(comparable, candidate, thresholds, verdict.notes, &run)) {
    paired.checks.push_back(std::move(check));
  }
  add_paired_notes(run, verdict);
  verdict.reasons = std::move(invalid);
  std::vector<Reason> incomparable = std::move(comparable.reasons);
  if (unsuccessful) incomparable.insert(incomparable.begin(), *unsuccessful);
  withdraw_checks(verdict.reasons, incomparable, paired.checks);
  sort_by_endpoint(candidate, paired.checks);
  verdict.checks = std::move(paired.checks);
  verdict.reasons.insert(verdict.reasons.end(), incomparable.begin(), incomparable.end());
  verdict.outcome = outcome_of(verdict);
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
