#include "config/thresholds.hpp"

namespace burstgate::config {

double default_floor(Metric metric) {
  if (paired_only(metric)) return 0;
  switch (kind(metric)) {
    case MetricKind::latency:
      return 1000;  // us
    case MetricKind::share:
      return 3;  // errors
    case MetricKind::rate:
    case MetricKind::count:
      return 0;
  }
  return 0;
}

RegressionRule default_cpu_rule() {
  RegressionRule rule;
  rule.metric = Metric::cpu_per_request;
  rule.warn = 0.10;
  return rule;
}

RegressionRule default_stall_rule() {
  RegressionRule rule;
  rule.metric = Metric::stalls;
  rule.fail = 0.15;
  return rule;
}

Thresholds default_thresholds() {
  Thresholds thresholds;
  thresholds.source = "built-in defaults";
  const auto regression = [&](Metric metric, double fail) {
    RegressionRule rule;
    rule.metric = metric;
    rule.fail = fail;
    thresholds.total.regression.push_back(rule);
  };
  regression(Metric::latency_p95, 0.20);
  regression(Metric::throughput, 0.15);
  regression(Metric::error_rate, 0.005);
  AbsoluteRule error_rate;
  error_rate.metric = Metric::error_rate;
  error_rate.fail = 0.01;
  thresholds.total.limits.push_back(error_rate);
  return thresholds;
}

}  // namespace burstgate::config
