// Point comparison: one side has only summary numbers, so nothing is known about confidence, and the plain rule
// applies. A limit is multiplied, never divided by: a baseline of 0 has no ratio, but "worse than 0 by any share" is
// well defined.
#include <fmt/format.h>

#include "stats/sample.hpp"
#include "verdict/decision.hpp"
#include "verdict/regression.hpp"
#include "verdict/samples.hpp"
#include "verdict/scale.hpp"

namespace burstgate::verdict {

namespace {

using measure::Measurement;

struct Point {
  Metric metric;
  double baseline;
  double candidate;
  double requests;  // of the candidate; 0: unknown

  bool worse_than(double limit) const {
    switch (kind(metric)) {
      case MetricKind::latency:
        return exceeds(candidate, baseline * (1 + limit));
      case MetricKind::rate:
        return exceeds(baseline * (1 - limit), candidate);
      case MetricKind::share:
      case MetricKind::count:
        break;
    }
    return exceeds(candidate, baseline + limit);
  }

  // Worse by this much in base units, for error rates in errors; nothing when the number of requests is unknown.
  std::optional<double> absolute() const {
    switch (kind(metric)) {
      case MetricKind::latency:
        return candidate - baseline;
      case MetricKind::rate:
        return baseline - candidate;
      case MetricKind::share:
      case MetricKind::count:
        break;
    }
    return requests > 0 ? std::optional<double>((candidate - baseline) * requests) : std::nullopt;
  }

  std::optional<double> worse_by() const {
    if (kind(metric) == MetricKind::share) return candidate - baseline;
    if (baseline <= 0) return std::nullopt;
    const double ratio = candidate / baseline;
    return kind(metric) == MetricKind::rate ? 1 - ratio : ratio - 1;
  }
};

std::string change_text(const Point& point) {
  const auto change = point.worse_by();
  return change ? worse_text(point.metric, *change) : "no ratio exists to 0";
}

void decide(Check& check, const Point& point) {
  const auto absolute = point.absolute();
  const bool matters = !absolute || *absolute >= check.floor;
  const auto say = [&](Outcome outcome, std::string_view relation, double limit) {
    check.outcome = outcome;
    check.figure = fmt::format("{}, {} {}", change_text(point), relation, worse_text(check.metric, limit));
  };
  check.change = point.worse_by();
  const double limit = check.limit_fail ? *check.limit_fail : *check.limit_warn;
  if (check.limit_fail && matters && point.worse_than(*check.limit_fail)) {
    say(Outcome::fail, "more than the limit", limit);
  } else if (check.limit_warn && matters && point.worse_than(*check.limit_warn)) {
    say(Outcome::warn, "more than the warn limit", *check.limit_warn);
  } else if (!matters && point.worse_than(limit)) {
    say(Outcome::pass, "but below the floor; the limit is", limit);
  } else {
    say(Outcome::pass, "within the limit", limit);
  }
  const bool better_matters = !absolute || *absolute < -check.floor;
  check.improved = check.change && better_matters && *check.change < mirrored(check.metric, limit);
}

}  // namespace

Check point_check(const Comparable& baseline, const Measurement& candidate, const AppliedRegression& applied) {
  const auto& [endpoint, rule] = applied;
  Check check = blank_check(candidate, endpoint, *rule);
  const Value now = judged_value(candidate, endpoint, rule->metric);
  std::vector<double> values;
  Reason missing = {now.reason.cause, "this run: " + now.reason.figure};
  for (const Measurement* run : baseline.runs) {
    const Value was = judged_value(*run, endpoint, rule->metric);
    if (was.value) values.push_back(*was.value);
    if (now.value && !was.value) missing = {was.reason.cause, "baseline: " + was.reason.figure};
  }
  if (!values.empty()) check.baseline = stats::median(values);
  if (now.value && !values.empty()) {
    const bool counted = !candidate.is_point();
    decide(check, {rule->metric, *check.baseline, *now.value, counted ? static_cast<double>(check.samples) : 0});
  } else {
    check.cause = missing.cause;
    check.figure = missing.figure;
  }
  return check;
}

std::vector<Check> point_checks(const Comparable& baseline, const Measurement& candidate,
                                const config::Thresholds& thresholds) {
  std::vector<Check> checks;
  for (const auto& applied : regression_rules(thresholds)) {
    checks.push_back(point_check(baseline, candidate, applied));
  }
  return checks;
}

}  // namespace burstgate::verdict
