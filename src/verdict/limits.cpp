#include "verdict/limits.hpp"

#include <fmt/format.h>

#include "base/assert.hpp"
#include "stats/sample.hpp"
#include "verdict/decision.hpp"
#include "verdict/pair_series.hpp"
#include "verdict/samples.hpp"

namespace burstgate::verdict {

namespace {

using measure::Measurement;

Check blank_limit(const Measurement& candidate, const std::string& endpoint, const config::AbsoluteRule& rule) {
  BURSTGATE_ASSERT(rule.warn || rule.fail);
  Check check;
  check.kind = CheckKind::limit;
  check.metric = rule.metric;
  check.endpoint = endpoint;
  check.limit_warn = rule.warn;
  check.limit_fail = rule.fail;
  check.place = rule.place;
  if (const auto* measured = measure::find_endpoint(candidate, endpoint)) {
    check.candidate = measure::value_of(*measured, rule.metric, candidate.duration_s);
    check.samples = measure::samples_of(*measured, rule.metric);
  }
  return check;
}

void decide(Check& check, const Value& now) {
  const bool at_least = kind(check.metric) == MetricKind::rate;
  const std::string value = (now.saturated ? "at least " : "") + to_text(check.metric, *now.value);
  const auto say = [&](Outcome outcome, double limit) {
    check.outcome = outcome;
    check.figure =
        fmt::format("{}, limit: {} {}", value, at_least ? "at least" : "at most", to_text(check.metric, limit));
  };
  if (check.limit_fail && breaks_limit(check.metric, *now.value, *check.limit_fail)) {
    say(Outcome::fail, *check.limit_fail);
  } else if (now.saturated) {  // above the histogram's range, so whether a limit up there is kept cannot be known
    say(Outcome::inconclusive, check.limit_fail ? *check.limit_fail : *check.limit_warn);
    check.cause = Cause::undecided;
  } else if (check.limit_warn && breaks_limit(check.metric, *now.value, *check.limit_warn)) {
    say(Outcome::warn, *check.limit_warn);
  } else {
    say(Outcome::pass, check.limit_fail ? *check.limit_fail : *check.limit_warn);
  }
}

// Of a paired run: the latency phase keeps a fixed rate, so what the service can do is the throughput phase's to say.
Value paired_throughput(const measure::PairedRun& run, const std::string& endpoint, double PairSeries::*side) {
  const PairSeries series = pair_series(run, run.rounds.size(), endpoint, Metric::throughput);
  Value value;
  value.samples = series.samples;
  value.reason = series.missing;
  if (!series.differences.empty()) value.value = series.*side;
  return value;
}

std::optional<double> baseline_value(const Comparable& baseline, const std::string& endpoint, Metric metric,
                                     const measure::PairedRun* paired) {
  if (paired != nullptr && kind(metric) == MetricKind::rate) {
    return paired_throughput(*paired, endpoint, &PairSeries::baseline).value;
  }
  std::vector<double> values;
  for (const Measurement* run : baseline.runs) {
    const Value was = judged_value(*run, endpoint, metric);
    if (was.value) values.push_back(*was.value);
  }
  return values.empty() ? std::nullopt : std::optional<double>(stats::median(values));
}

// The change under test did not break it.
void mark_already_broken(Check& check, std::vector<std::string>& notes) {
  if (!check.baseline || (check.outcome != Outcome::fail && check.outcome != Outcome::warn)) return;
  const double limit = check.outcome == Outcome::fail ? *check.limit_fail : *check.limit_warn;
  if (!breaks_limit(check.metric, *check.baseline, limit)) return;
  check.already_broken = true;
  notes.push_back(fmt::format("{}{}: the limit {} was already broken before this change (baseline {})",
                              check.endpoint.empty() ? "" : check.endpoint + " ", name(check.metric),
                              to_text(check.metric, limit), to_text(check.metric, *check.baseline)));
}

}  // namespace

std::vector<Check> limit_checks(const Comparable& baseline, const Measurement& candidate,
                                const config::Thresholds& thresholds, std::vector<std::string>& notes,
                                const measure::PairedRun* paired) {
  std::vector<Check> checks;
  const auto add = [&](const std::string& endpoint, const config::AbsoluteRule& rule) {
    Check& check = checks.emplace_back(blank_limit(candidate, endpoint, rule));
    check.baseline = baseline_value(baseline, endpoint, rule.metric, paired);
    const bool from_rounds = paired != nullptr && kind(rule.metric) == MetricKind::rate;
    const Value now = from_rounds ? paired_throughput(*paired, endpoint, &PairSeries::candidate)
                                  : judged_value(candidate, endpoint, rule.metric);
    if (from_rounds) {
      check.candidate = now.value;
      check.samples = now.samples;
    }
    if (now.value) {
      decide(check, now);
      mark_already_broken(check, notes);
    } else {
      check.cause = now.reason.cause;
      check.figure = now.reason.figure;
    }
  };
  for (const auto& rule : thresholds.total.limits) add("", rule);
  for (const auto& [endpoint, set] : thresholds.endpoints) {
    for (const auto& rule : set.limits) add(endpoint, rule);
  }
  return checks;
}

}  // namespace burstgate::verdict
