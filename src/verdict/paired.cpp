// Ranks of differences within rounds (W. J. Conover's "Practical Nonparametric Statistics" calls it the Wilcoxon
// signed-ranks test): the order in a round is random, so the differences are symmetric about the true change whatever
// the machine does to both, and the test is exact without a model of the noise. docs/statistics.md tells the whole
// road.
#include "verdict/paired.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>

#include "stats/distributions.hpp"
#include "stats/holm.hpp"
#include "stats/paired_shares.hpp"
#include "stats/prediction.hpp"
#include "stats/signed_rank.hpp"
#include "verdict/decision.hpp"
#include "verdict/figures.hpp"
#include "verdict/judge.hpp"
#include "verdict/looks.hpp"
#include "verdict/pair_series.hpp"
#include "verdict/regression.hpp"
#include "verdict/scale.hpp"

namespace burstgate::verdict {

namespace {

using measure::PairedRun;

// One metric at one look: everything as functions of the level, "worse by".
struct Evidence {
  double p_value = 1;  // against "not worse by more than the tolerance"
  std::function<double(double)> low;
  std::function<double(double)> high;
  double estimate = 0;
  double unit = 0;  // of Change
  double baseline = 0;
  double candidate = 0;
  std::uint64_t samples = 0;
  std::size_t rounds = 0;
  Reason missing;  // with a cause: there is no evidence
};

struct Item {
  Check check;
  bool settled = false;
  Evidence evidence;
  int divisor = 1;  // Holm's, at the present look
  PairedStep step;  // the present look
};

std::size_t usable_rounds(const PairedRun& run, std::size_t rounds) {
  return static_cast<std::size_t>(std::count_if(run.rounds.begin(), run.rounds.begin() + static_cast<long>(rounds),
                                                [](const auto& round) { return !measure::is_set_aside(round); }));
}

Evidence ratio_evidence(const PairedRun& run, std::size_t rounds, const Check& check) {
  Evidence evidence;
  const PairSeries series = pair_series(run, rounds, check.endpoint, check.metric);
  evidence.missing = series.missing;
  if (series.differences.empty()) return evidence;
  const Metric metric = check.metric;
  const stats::WalshAverages averages(series.differences);
  evidence.p_value = averages.p_above(to_scale(metric, check.tolerance));
  evidence.low = [averages, metric](double alpha) { return from_scale(metric, averages.lower(alpha)); };
  evidence.high = [averages, metric](double alpha) { return from_scale(metric, averages.upper(alpha)); };
  evidence.estimate = from_scale(metric, *averages.estimate());
  evidence.unit = series.baseline;
  evidence.baseline = series.baseline;
  evidence.candidate = series.candidate;
  evidence.samples = series.samples;
  evidence.rounds = series.differences.size();
  return evidence;
}

Evidence error_evidence(const PairedRun& run, std::size_t rounds, const Check& check) {
  Evidence evidence;
  const PairErrors errors = pair_errors(run, rounds, check.endpoint);
  evidence.missing = errors.missing;
  if (errors.missing.cause != Cause::none) return evidence;
  const auto bounds = [errors](double alpha) {
    return stats::newcombe_difference(errors.candidate, errors.baseline, -stats::normal_quantile(alpha));
  };
  evidence.p_value = stats::newcombe_p_value(errors.candidate, errors.baseline, check.tolerance);
  evidence.low = [bounds](double alpha) { return bounds(alpha).low; };
  evidence.high = [bounds](double alpha) { return bounds(alpha).high; };
  evidence.baseline = errors.baseline.share();
  evidence.candidate = errors.candidate.share();
  evidence.estimate = evidence.candidate - evidence.baseline;
  evidence.unit = errors.candidate.trials;
  evidence.samples = static_cast<std::uint64_t>(errors.candidate.trials);
  evidence.rounds = usable_rounds(run, rounds);
  return evidence;
}

// Against "the candidate stands still no more often". A lower bound is above the tolerance only where that is rejected.
Evidence stall_evidence(const PairedRun& run, std::size_t rounds, const Check& check) {
  Evidence evidence;
  const PairStalls stalls = pair_stalls(run, rounds);
  if (stalls.rounds == 0) {
    evidence.missing = {Cause::too_few_samples, "no slices of the latency phase"};
    return evidence;
  }
  const double all = static_cast<double>(stalls.rounds);
  const double p = stats::mcnemar_p(stalls.candidate_only, stalls.baseline_only);
  evidence.p_value = p;
  evidence.estimate = (static_cast<double>(stalls.candidate_only) - static_cast<double>(stalls.baseline_only)) / all;
  const double just_above = std::nextafter(std::max(check.tolerance, 0.0), 1.0);
  evidence.low = [stalls, p, just_above, tolerance = check.tolerance](double alpha) {
    const double bound = -stats::upper_excess(stalls.baseline_only, stalls.candidate_only, stalls.rounds, alpha);
    return p <= alpha ? std::max(bound, just_above) : std::min(bound, tolerance);
  };
  evidence.high = [stalls](double alpha) {
    return stats::upper_excess(stalls.candidate_only, stalls.baseline_only, stalls.rounds, alpha);
  };
  evidence.baseline = static_cast<double>(stalls.baseline_only + stalls.both) / all;
  evidence.candidate = static_cast<double>(stalls.candidate_only + stalls.both) / all;
  evidence.unit = all;
  evidence.samples = evidence.rounds = stalls.rounds;
  return evidence;
}

Evidence evidence_for(const PairedRun& run, std::size_t rounds, const Check& check) {
  if (check.metric == Metric::stalls) return stall_evidence(run, rounds, check);
  if (kind(check.metric) == MetricKind::share) return error_evidence(run, rounds, check);
  return ratio_evidence(run, rounds, check);
}

bool has_evidence(const Item& item) {
  return item.evidence.missing.cause == Cause::none;
}

bool is_gated(const Item& item) {
  return item.check.limit_fail.has_value();
}

double level_of_passing(const Looks& looks, std::size_t look, Metric metric) {
  return metric == Metric::stalls ? stall_level : looks.level(look, paired_beta);
}

// Passed checks keep their place in the count, with a p-value of 1.
void apply_holm(std::vector<Item>& items, const Looks& looks, std::size_t look) {
  std::vector<Item*> gated;
  std::vector<double> p_values;
  for (Item& item : items) {
    if (!is_gated(item)) continue;
    gated.push_back(&item);
    p_values.push_back(item.settled || !has_evidence(item) ? 1 : item.evidence.p_value);
  }
  const auto level = [&](int divisor) { return looks.level(look, paired_alpha, divisor); };
  const std::vector<int> divisors = stats::holm_divisors(p_values, level);
  for (std::size_t i = 0; i < gated.size(); ++i) gated[i]->divisor = divisors[i];
}

// The change that is found with 95 % probability, from the width of the 98 % interval.
std::optional<double> visible_change(const Item& item) {
  const double high = item.evidence.high(paired_alpha), low = item.evidence.low(paired_alpha);
  if (item.check.metric == Metric::stalls || !std::isfinite(high) || !std::isfinite(low)) return std::nullopt;
  const Metric metric = item.check.metric;
  const double z = -stats::normal_quantile(paired_alpha);
  const double standard_error = (to_scale(metric, high) - to_scale(metric, low)) / (2 * z);
  const double z_corrected = -stats::normal_quantile(paired_alpha / item.divisor);
  return from_scale(metric,
                    stats::smallest_visible(to_scale(metric, item.check.tolerance), z_corrected, standard_error));
}

void decide(Item& item, const Looks& looks, std::size_t look) {
  Check& check = item.check;
  const Evidence& evidence = item.evidence;
  const double low_level = looks.level(look, paired_alpha, item.divisor);
  const double warn_level = looks.level(look, paired_alpha);
  const double high_level = level_of_passing(looks, look, check.metric);
  const double high = evidence.high(high_level);
  const Change gated{evidence.low(low_level), high, evidence.estimate, evidence.unit};
  const Change warned{evidence.low(warn_level), high, evidence.estimate, evidence.unit};
  const Decision decision = two_tiers(gated, warned, check.limit_warn, check.limit_fail, check.floor);
  const bool about_warn = decision.grounds == Grounds::beyond_warn || decision.grounds == Grounds::warn_undecided;
  check.baseline = evidence.baseline;
  check.candidate = evidence.candidate;
  check.samples = evidence.samples;
  check.change = evidence.estimate;
  check.interval = Interval{about_warn ? warned.low : gated.low, high};
  check.smallest_visible_change = visible_change(item);
  check.outcome = decision.outcome;
  check.cause = decision.outcome == Outcome::inconclusive ? Cause::undecided : Cause::none;
  check.figure = figure_of(check, about_warn ? warned : gated, decision.grounds);
  const double limit = check.limit_fail ? *check.limit_fail : *check.limit_warn;
  check.improved = is_improved(gated, mirrored(check.metric, limit), check.floor);
  item.step = {.check = check,
               .judged = true,
               .rounds = evidence.rounds,
               .p_value = evidence.p_value,
               .divisor = about_warn ? 1 : item.divisor,
               .low_level = about_warn ? warn_level : low_level,
               .high_level = high_level,
               .change = about_warn ? warned : gated,
               .grounds = decision.grounds};
}

void look_at(std::vector<Item>& items, const PairedRun& run, std::size_t rounds, const Looks& looks, std::size_t look) {
  for (Item& item : items) {
    if (!item.settled) item.evidence = evidence_for(run, rounds, item.check);
  }
  apply_holm(items, looks, look);
  for (Item& item : items) {
    item.step.judged = false;
    if (item.settled) continue;
    if (!has_evidence(item)) {
      item.check.cause = item.evidence.missing.cause;
      item.check.figure = item.evidence.missing.figure;
      item.step.check = item.check;
      continue;
    }
    decide(item, looks, look);
    // A rule that only warns is judged anew at each look, and nobody waits for it.
    item.settled = is_gated(item) && item.check.outcome != Outcome::inconclusive;
  }
}

bool any_failed(const std::vector<Item>& items) {
  return std::any_of(items.begin(), items.end(), [](const Item& i) { return i.check.outcome == Outcome::fail; });
}

bool all_settled(const std::vector<Item>& items) {
  return std::all_of(items.begin(), items.end(), [](const Item& i) { return i.settled || !is_gated(i); });
}

std::vector<Item> blank_items(const measure::Measurement& candidate, const config::Thresholds& thresholds) {
  std::vector<Item> items;
  const auto add = [&](const std::string& endpoint, const config::RegressionRule& rule) {
    Check& check = items.emplace_back().check = blank_check(candidate, endpoint, rule);
    // The candidate's measurement is that of the latency phase, whose throughput is the rate that was set.
    if (kind(rule.metric) != MetricKind::rate && !paired_only(rule.metric)) return;
    check.candidate.reset();
    check.samples = 0;
  };
  const auto rules = regression_rules(thresholds);
  const auto has = [&](Metric metric) {
    return std::any_of(rules.begin(), rules.end(), [&](const auto& r) { return r.rule->metric == metric; });
  };
  for (const auto& [endpoint, rule] : rules) {
    if (endpoint.empty()) add(endpoint, *rule);
  }
  if (!has(Metric::stalls)) add("", config::default_stall_rule());
  if (!has(Metric::cpu_per_request)) add("", config::default_cpu_rule());
  for (const auto& [endpoint, rule] : rules) {
    if (!endpoint.empty()) add(endpoint, *rule);
  }
  return items;
}

// A default rule without data is no news; one that a user wrote is.
bool is_silent(const Item& item) {
  return item.check.metric == Metric::cpu_per_request && !has_evidence(item) && item.check.place.line == 0 &&
         !is_gated(item);
}

std::size_t rounds_until(const PairedRun& run, double paired_s) {
  double sum = 0;
  for (std::size_t i = 0; i < run.rounds.size(); ++i) {
    sum += run.rounds[i].baseline.total.duration_s + run.rounds[i].candidate.total.duration_s;
    if (sum >= paired_s) return i + 1;
  }
  return run.rounds.size() + 1;  // not reached
}

PairedLook record_of(const std::vector<Item>& items, const PairedRun& run, std::size_t rounds, double planned_s) {
  PairedLook record;
  record.planned_s = planned_s;
  record.rounds = usable_rounds(run, rounds);
  record.rounds_set_aside = rounds - record.rounds;
  record.alpha_spent = paired_alpha * planned_s / run.budget_s;
  if (record.rounds < min_rounds) return record;
  for (const Item& item : items) {
    if (!is_silent(item)) record.steps.push_back(item.step);
  }
  return record;
}

Sequence sequence_of(const PairedRun& run, const Looks& looks) {
  Sequence sequence;
  sequence.budget_s = run.budget_s;
  sequence.paired_s = run.paired_s();
  sequence.wall_s = run.wall_s;
  sequence.looks_s = looks.times_s();
  sequence.rounds = static_cast<int>(usable_rounds(run, run.rounds.size()));
  sequence.rounds_set_aside = static_cast<int>(run.rounds.size()) - sequence.rounds;
  sequence.launches = run.launches();
  return sequence;
}

}  // namespace

PairedChecks paired_checks(const PairedRun& run, const measure::Measurement& candidate,
                           const config::Thresholds& thresholds) {
  const Looks looks(run.budget_s);
  std::vector<Item> items = blank_items(candidate, thresholds);
  PairedChecks result;
  result.sequence = sequence_of(run, looks);
  Sequence& sequence = result.sequence;
  for (std::size_t look = 0; look < looks.count() && !sequence.decided; ++look) {
    const std::size_t rounds = rounds_until(run, looks.times_s()[look]);
    if (rounds > run.rounds.size()) break;
    const bool last = look + 1 == looks.count();
    sequence.looks_taken = static_cast<int>(look) + 1;
    const bool enough = usable_rounds(run, rounds) >= min_rounds;
    if (enough) look_at(items, run, rounds, looks, look);
    result.looks.push_back(record_of(items, run, rounds, looks.times_s()[look]));
    if (any_failed(items)) {
      sequence.why_stopped = "a check failed";
    } else if (enough && all_settled(items)) {
      sequence.why_stopped = "every check is decided";
    } else if (last) {
      sequence.why_stopped = "the budget is spent";
    }
    sequence.decided = !sequence.why_stopped.empty();
  }
  if (!sequence.decided) sequence.why_stopped = "stopped before the next look";
  for (Item& item : items) {
    if (item.check.cause == Cause::none && item.check.outcome == Outcome::inconclusive) {
      item.check.cause = Cause::too_few_samples;
      item.check.figure = fmt::format("{} rounds, {} are needed", sequence.rounds, min_rounds);
    }
    if (!is_silent(item)) result.checks.push_back(std::move(item.check));
  }
  return result;
}

namespace {

double median_in_latency_phase(const PairedRun& run, const std::function<double(const measure::SideSlice&)>& value) {
  std::vector<double> values;
  for (const auto& round : run.rounds) {
    if (round.phase != measure::PairPhase::latency) continue;
    values.push_back(value(round.baseline));
    values.push_back(value(round.candidate));
  }
  if (values.empty()) return 0;
  std::nth_element(values.begin(), values.begin() + static_cast<long>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

}  // namespace

std::vector<Reason> paired_invalidity(const PairedRun& run) {
  std::vector<Reason> reasons;
  const auto aside = std::count_if(run.rounds.begin(), run.rounds.end(),
                                   [](const auto& round) { return measure::is_set_aside(round); });
  if (static_cast<double>(aside) > max_set_aside_share * static_cast<double>(run.rounds.size())) {
    reasons.push_back(
        {Cause::cpu_taken_away,
         fmt::format("the machine took more than {} of the CPU away in {} of {} rounds, limit {}",
                     percent(measure::max_lost_cpu), aside, run.rounds.size(), percent(max_set_aside_share))});
  }
  const double lag_us = median_in_latency_phase(run, [](const auto& side) { return side.send_lag_p99_us; });
  const double p95_us = median_in_latency_phase(run, [](const auto& side) { return side.total.p95_us; });
  const double max_lag_us = std::max(max_send_lag_us, max_paired_lag_share * p95_us);
  if (lag_us > max_lag_us) {
    reasons.push_back({Cause::generator_saturated,
                       fmt::format("send lag p99 of the typical slice {}, limit {}",
                                   to_text(Metric::latency_p99, lag_us), to_text(Metric::latency_p99, max_lag_us))});
  }
  const double cpu = median_in_latency_phase(run, [](const auto& side) { return side.generator_cpu; });
  if (cpu > max_generator_cpu) {
    reasons.push_back({Cause::generator_saturated, fmt::format("the generator's busiest thread used {} of a CPU at the "
                                                               "fixed rate, limit {}",
                                                               percent(cpu), percent(max_generator_cpu))});
  }
  return reasons;
}

}  // namespace burstgate::verdict
