// Limits, as written in thresholds/*.yaml. Percentages are always "worse by": +20 % of latency is slower, -15 % of
// throughput is less.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/metric.hpp"
#include "base/place.hpp"

namespace burstgate::config {

// A regression against the baseline. For latency and throughput `warn` and `fail` are relative, worse-by ratios
// (0.20 = 20 % worse; throughput in (0, 1)); for error_rate they are absolute differences of the share (0.005 = 0.5
// percentage points). Both > 0; warn < fail when both are given; at least one is given.
struct RegressionRule {
  Metric metric;
  std::optional<double> warn;
  std::optional<double> fail;
  // An absolute change below which nothing matters: microseconds for latency, 1/s for throughput, a number of errors
  // for error_rate. Default: default_floor().
  std::optional<double> floor;
  Place place;
};

// An absolute limit on the run's value: at most (latency in us, error_rate in 0..1) or at least (throughput in 1/s).
struct AbsoluteRule {
  Metric metric;
  std::optional<double> warn;
  std::optional<double> fail;
  Place place;
};

struct RuleSet {
  std::vector<RegressionRule> regression;
  std::vector<AbsoluteRule> limits;
  bool empty() const { return regression.empty() && limits.empty(); }
};

struct Thresholds {
  RuleSet total;
  std::map<std::string, RuleSet> endpoints;  // by endpoint name; the whole run's rules do not apply to endpoints
  std::map<std::string, Place> endpoint_places;
  std::string source;  // file name, or "built-in defaults"
};

// Added to every paired comparison that has no rule of its own for them: CPU time per request is a warning at +10 %;
// stalls fail when 15 % more of the candidate's slices than of the baseline's stand still.
RegressionRule default_cpu_rule();
RegressionRule default_stall_rule();

// Default floors: 1 ms for latency, 3 errors, 0 for throughput and for what only a paired comparison has.
double default_floor(Metric metric);

// p95 +20 %, throughput -15 %, error rate +0.5 percentage points; error rate at most 1 %.
Thresholds default_thresholds();

}  // namespace burstgate::config
