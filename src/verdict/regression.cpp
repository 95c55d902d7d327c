#include "verdict/regression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/assert.hpp"
#include "stats/holm.hpp"
#include "verdict/decision.hpp"
#include "verdict/estimate.hpp"
#include "verdict/figures.hpp"
#include "verdict/scale.hpp"

namespace burstgate::verdict {

namespace {

using measure::Measurement;

struct Item {
  Check check;
  std::optional<Estimate> estimate;
  int divisor = 1;  // Holm's: the lower bound is drawn at level alpha / divisor
};

Item make_item(const Comparable& baseline, const Measurement& candidate, const AppliedRegression& applied) {
  // A share without its counts has no interval.
  if (candidate.is_point() && kind(applied.rule->metric) == MetricKind::share) {
    return {point_check(baseline, candidate, applied), std::nullopt};
  }
  Item item{blank_check(candidate, applied.endpoint, *applied.rule), std::nullopt};
  const auto result = estimate(baseline, candidate, applied.endpoint, applied.rule->metric);
  if (const auto* reason = std::get_if<Reason>(&result)) {
    item.check.cause = reason->cause;
    item.check.figure = reason->figure;
  } else {
    item.estimate = std::get<Estimate>(result);
  }
  return item;
}

bool is_gated(const Item& item) {
  return item.estimate && item.check.limit_fail;
}

// Levels may differ (a check may have fewer usable runs than another): each p-value is first brought to the common one.
void apply_holm(std::vector<Item>& items) {
  std::vector<Item*> gated;
  std::vector<double> p_values;
  for (Item& item : items) {
    if (!is_gated(item)) continue;
    gated.push_back(&item);
    p_values.push_back(p_value(*item.estimate, item.check.tolerance) * measured_alpha / item.estimate->alpha);
  }
  const auto divisors = stats::holm_divisors(p_values, measured_alpha);
  for (std::size_t i = 0; i < gated.size(); ++i) gated[i]->divisor = divisors[i];
}

void decide(Item& item) {
  Check& check = item.check;
  const Estimate& e = *item.estimate;
  Change gated = change_of(e, e.alpha / item.divisor);
  Change warned = change_of(e, e.alpha);
  check.baseline = e.baseline;
  check.candidate = e.candidate;
  check.change = gated.estimate;
  check.interval = Interval{gated.low, gated.high};
  check.smallest_visible_change = visible_change(e, check.tolerance, e.alpha / item.divisor);
  if (e.saturated) gated.high = warned.high = std::numeric_limits<double>::infinity();

  const Decision decision = two_tiers(gated, warned, check.limit_warn, check.limit_fail, check.floor);
  const bool about_warn = decision.grounds == Grounds::beyond_warn || decision.grounds == Grounds::warn_undecided;
  check.outcome = decision.outcome;
  if (decision.outcome == Outcome::inconclusive) check.cause = Cause::undecided;
  check.figure = figure_of(check, about_warn ? warned : gated, decision.grounds);
  if (e.saturated) check.figure += "; the value is above the histogram's range";
  const double limit = check.limit_fail ? *check.limit_fail : *check.limit_warn;
  check.improved = is_improved(gated, mirrored(check.metric, limit), check.floor);
}

// A limit that this comparison cannot see, with what would be enough.
void note_invisible(const Item& item, std::vector<std::string>& notes) {
  if (!is_gated(item)) return;
  const Check& check = item.check;
  const Estimate& e = *item.estimate;
  const double limit = *check.limit_fail;
  if (limit >= *check.smallest_visible_change) return;
  std::string enough;
  if (kind(check.metric) == MetricKind::share) {
    enough = "more requests (a longer burst or a higher rate) would be enough";
  } else if (e.widened) {
    enough = "record runs on the machine as it is now";
  } else if (e.plain_spread) {
    enough = "more recorded runs at references like today's help";
  } else if (const int runs = runs_to_see(e, limit, check.tolerance, item.divisor); runs > 0) {
    enough =
        fmt::format("{} recorded runs of this machine with a spread of {} would be enough", runs, percent(e.spread));
  } else if (e.prediction.degrees_of_freedom > 0) {
    enough = fmt::format(
        "with a spread of {} between runs no number of runs is enough: use a longer burst or a "
        "quieter machine",
        percent(e.spread));
  } else {
    enough = fmt::format("record {} or more runs on this machine, so that their own spread is used instead of {}",
                         min_runs_for_spread, percent(e.spread));
  }
  notes.push_back(fmt::format("{}: the limit {} is below the smallest change seen here with 95 % probability, {}; {}",
                              title(check), worse_text(check.metric, limit),
                              worse_text(check.metric, *check.smallest_visible_change), enough));
}

void note_confidence(const Comparable& baseline, std::vector<std::string>& notes) {
  const auto runs = baseline.runs.size();
  if (!baseline.same_machine) {
    notes.push_back(
        fmt::format("no recorded run of this machine class: a spread of at least {} between runs is "
                    "assumed, confidence 95 %",
                    percent(assumed_spread_other_machine)));
  } else if (runs < min_runs_for_spread) {
    notes.push_back(
        fmt::format("{} recorded run{} of this machine class: a spread of at least {} between runs is "
                    "assumed, confidence 95 %; from {} runs on their own spread is used, confidence 99 %",
                    runs, runs == 1 ? "" : "s", percent(assumed_spread_same_machine), min_runs_for_spread));
  }
}

// Whether the machine is what it was, and what follows from that.
void note_reference(const Comparable& baseline, const Measurement& candidate, const std::vector<Item>& items,
                    std::vector<std::string>& notes) {
  if (candidate.reference && !baseline.reference) {
    notes.push_back(
        "no recorded run has a reference probe: whether this machine is what it was is not known; runs recorded from "
        "now on have one");
  }
  if (!baseline.reference) return;
  const auto [recorded_us, now_us] = *baseline.reference;
  const std::string figures = fmt::format("reference probe {:.1f} us in the recorded runs, {:.1f} us now ({:+.1f} %)",
                                          recorded_us, now_us, (now_us / recorded_us - 1) * 100);
  const auto widened = [](const Item& item) {
    return item.estimate && item.estimate->widened && !item.check.against_anchor;
  };
  if (std::any_of(items.begin(), items.end(), widened)) {
    notes.push_back(
        fmt::format("{}: this machine is not what it was, a spread of at least {} between runs is assumed instead, "
                    "confidence 95 %",
                    figures, percent(assumed_spread_other_machine)));
  }
  for (const Item& item : items) {
    if (!item.estimate || !item.estimate->plain_spread || item.check.against_anchor) continue;
    notes.push_back(
        fmt::format("{}: {}; the recorded runs follow it (spread {}, about their line {}), and what they predict for "
                    "it is the baseline",
                    title(item.check), figures, percent(*item.estimate->plain_spread), percent(item.estimate->spread)));
  }
}

}  // namespace

std::vector<AppliedRegression> regression_rules(const config::Thresholds& thresholds) {
  std::vector<AppliedRegression> rules;
  for (const auto& rule : thresholds.total.regression) rules.push_back({"", &rule});
  for (const auto& [endpoint, set] : thresholds.endpoints) {
    for (const auto& rule : set.regression) rules.push_back({endpoint, &rule});
  }
  return rules;
}

Check blank_check(const Measurement& candidate, const std::string& endpoint, const config::RegressionRule& rule) {
  BURSTGATE_ASSERT(rule.warn || rule.fail);
  Check check;
  check.kind = CheckKind::regression;
  check.metric = rule.metric;
  check.endpoint = endpoint;
  check.limit_warn = rule.warn;
  check.limit_fail = rule.fail;
  check.tolerance = (rule.fail ? *rule.fail : *rule.warn) * tolerance_share;
  check.floor = rule.floor.value_or(config::default_floor(rule.metric));
  check.place = rule.place;
  if (const auto* measured = measure::find_endpoint(candidate, endpoint)) {
    check.candidate = measure::value_of(*measured, rule.metric, candidate.duration_s);
    check.samples = measure::samples_of(*measured, rule.metric);
  }
  return check;
}

std::vector<Check> stored_checks(const Comparable& baseline, const Comparable* anchor, const Measurement& candidate,
                                 const config::Thresholds& thresholds, std::vector<std::string>& notes) {
  std::vector<Item> items;
  for (const auto& applied : regression_rules(thresholds)) {
    items.push_back(make_item(baseline, candidate, applied));
    if (anchor == nullptr) continue;
    items.push_back(make_item(*anchor, candidate, applied));
    items.back().check.against_anchor = true;
  }
  apply_holm(items);
  if (!items.empty()) {
    note_confidence(baseline, notes);
    note_reference(baseline, candidate, items, notes);
  }
  std::vector<Check> checks;
  for (Item& item : items) {
    if (item.estimate) {
      decide(item);
      if (!item.check.against_anchor) note_invisible(item, notes);
    }
    checks.push_back(std::move(item.check));
  }
  return checks;
}

}  // namespace burstgate::verdict
