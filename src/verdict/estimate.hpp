// How much worse one metric of the candidate is than the recorded runs, and how certain that is.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "stats/prediction.hpp"
#include "stats/proportions.hpp"
#include "verdict/comparability.hpp"
#include "verdict/decision.hpp"

namespace burstgate::verdict {

// From this many recorded runs of the candidate's machine class on, their own spread is used and the level is 99 %.
// With fewer, or another machine class, the spread is assumed (or larger, when the runs show so) and the level is 95 %.
inline constexpr int min_runs_for_spread = 5;
inline constexpr double assumed_spread_same_machine = 0.05;  // standard deviation of ln(value) between runs
inline constexpr double assumed_spread_other_machine = 0.10;
inline constexpr double min_spread = 0.001;  // the histogram's resolution: nothing is known better than that
inline constexpr double measured_alpha = 0.01;
inline constexpr double assumed_alpha = 0.05;

// From this many recorded runs of the candidate's machine class with a reference on, a line of ln(value) on
// ln(reference) may take the place of their mean: where it rises, and the runs' standard deviation about it is below
// this share of the one about their mean. A service that waits does not follow the CPU, and is left alone.
inline constexpr int min_runs_for_line = 8;
inline constexpr double max_residual_share = 0.8;

struct Estimate {
  Metric metric = Metric::latency_p95;
  double baseline = 0;           // base unit; geometric mean of the runs (or what their line on the reference says
                                 // for the candidate's), for error_rate all runs together
  double candidate = 0;          // base unit
  double change = 0;             // on the judging scale (verdict/scale.hpp)
  double unit = 0;               // of Change
  double alpha = assumed_alpha;  // one-sided
  bool saturated = false;        // the candidate's value is "at least": there is no upper bound

  // latency, throughput
  double spread = 0;
  bool widened = false;                // as on another machine class: the reference probe has shifted
  std::optional<double> plain_spread;  // about the runs' mean, where `spread` is about their line on the reference
  double within_variance = 0;
  int runs = 0;
  stats::Prediction prediction;
  // error_rate
  stats::Proportion errors_now;
  stats::Proportion errors_was;
};

// The estimate, or why there is none: too_few_samples, metric_missing, endpoint_missing.
std::variant<Estimate, Reason> estimate(const Comparable& baseline, const measure::Measurement& candidate,
                                        const std::string& endpoint, Metric metric);

// "Worse by" figures with a lower bound at its own one-sided level, and the upper bound at the estimate's.
Change change_of(const Estimate& estimate, double alpha_low);

// One-sided p-value against "not worse by more than the tolerance".
double p_value(const Estimate& estimate, double tolerance);

// The change ("worse by") that is flagged with 95 % probability at this level.
double visible_change(const Estimate& estimate, double tolerance, double alpha);

// How many recorded runs of this spread would make `limit` visible; 0: no number up to max_runs_to_advise.
inline constexpr int max_runs_to_advise = 50;
int runs_to_see(const Estimate& estimate, double limit, double tolerance, int divisor);

}  // namespace burstgate::verdict
