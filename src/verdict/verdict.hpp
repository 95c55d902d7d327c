// The verdict: plain values. Reports print them; nobody but judge() decides anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/metric.hpp"
#include "base/place.hpp"

namespace burstgate::verdict {

enum class Outcome { pass, warn, fail, inconclusive };
std::string_view name(Outcome outcome);  // "pass", "warn", "fail", "inconclusive"

// Why a check or a whole run could not be judged, or why its judgement is weaker. Names are stable.
enum class Cause {
  none,
  no_baseline,          // a baseline is configured, its file does not exist
  workload_differs,     // what was sent differs; the figure is a field-by-field diff
  endpoint_missing,     // in the baseline but not in the run, or the reverse
  too_few_samples,      // for this quantile
  generator_saturated,  // the generator, not the service, was the limit
  machine_differs,      // another core count or generator major version: not comparable
  machine_paused,       // the machine stood still for more than 1 % of the window
  not_the_same_work,    // statuses or sizes of the answers changed
  connections_short,    // fewer connections than asked
  metric_missing,       // one side does not have this metric
  undecided,            // the interval covers both "nothing happened" and "the limit is broken"
  baseline_failed,      // the baseline's service died, never became ready, or answered nothing right (paired)
  cpu_taken_away,       // the machine took CPU time away in too many rounds (paired)
  zero_successes,       // no request succeeded: a failure of the service, not a fast run
  target_died,          // the service stopped answering during the run
  tool_failed,          // what sent the load was another tool, and that one failed
  interrupted,          // by a signal
};
std::string_view name(Cause cause);

struct Interval {
  double low = 0;
  double high = 0;
};

enum class CheckKind { regression, limit };

// One metric of one endpoint against one rule.
//
// `change`, `interval`, `limit_fail`, `limit_warn`, `tolerance` and `smallest_visible_change` of a regression check are
// "worse by": ratios for latency and throughput (+0.20 = 20 % worse; a throughput change of +0.15 means 15 % less), a
// difference of shares for error_rate. Of a limit check the limits are in the metric's base unit and there is no
// change.
struct Check {
  CheckKind kind = CheckKind::regression;
  Metric metric = Metric::latency_p95;
  std::string endpoint;             // "" for the whole run
  bool against_anchor = false;      // a regression against the pinned runs instead of the rolling ones
  std::optional<double> baseline;   // base unit
  std::optional<double> candidate;  // base unit
  std::optional<double> change;
  std::optional<Interval> interval;
  std::optional<double> limit_warn;
  std::optional<double> limit_fail;
  double tolerance = 0;
  double floor = 0;  // base unit (errors: a count)
  std::optional<double> smallest_visible_change;
  std::uint64_t samples = 0;  // of the candidate
  Outcome outcome = Outcome::inconclusive;
  Cause cause = Cause::none;
  std::string figure;           // the cause's or outcome's figures in words, one line
  bool improved = false;        // certainly better by more than the limit
  bool already_broken = false;  // a limit that the baseline breaks as well
  Place place;                  // where the limit is written
};

struct Reason {
  Cause cause = Cause::none;
  std::string figure;  // with its numbers: "send lag p99 4.1 ms, limit 1.0 ms"
};

enum class Comparison { none, stored, point, paired };
std::string_view name(Comparison comparison);

// How a paired comparison came to its end.
struct Sequence {
  double budget_s = 0;          // of paired time: load on both sides together
  double paired_s = 0;          // of it spent
  double wall_s = 0;            // with launches and warm-ups
  std::vector<double> looks_s;  // when the rounds so far are judged, in paired time; the last is the budget
  int looks_taken = 0;
  bool decided = false;  // nothing is left to find out: stop
  std::string why_stopped;
  int rounds = 0;  // that were judged
  int rounds_set_aside = 0;
  int launches = 0;
};

struct Verdict {
  Outcome outcome = Outcome::inconclusive;
  bool target_failed = false;  // exit code 4: zero successes, or the service died
  bool interrupted = false;
  Comparison comparison = Comparison::none;
  std::vector<Check> checks;       // total first, then endpoints in the plan's order
  std::vector<Reason> reasons;     // why the run as a whole is inconclusive or failed; most important first
  std::vector<std::string> notes;  // said in every report: weaker confidence, no baseline, already broken ...
  int baseline_runs = 0;
  std::optional<Sequence> sequence;  // of a paired comparison
};

}  // namespace burstgate::verdict
