// Recovered is what is within the absolute limits again. Where there is none for the p95, what was usual before the
// peak takes its place.
#include "cli/course_figures.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/course.hpp"
#include "stats/course_figures.hpp"

namespace burstgate::cli {

namespace {

constexpr double usual_p95_factor = 1.5;
constexpr double default_error_rate = 0.01;
constexpr double us_per_s = 1e6;

std::optional<double> limit_on(Metric metric, const config::RuleSet* rules) {
  if (rules == nullptr) return std::nullopt;
  for (const auto& rule : rules->limits) {
    if (rule.metric == metric) return rule.fail ? rule.fail : rule.warn;
  }
  return std::nullopt;
}

// The last stage before the peak in which the load stayed the same.
const measure::Stage* quiet_stage(const std::vector<measure::Stage>& stages, double peak) {
  const measure::Stage* quiet = nullptr;
  for (const measure::Stage& stage : stages) {
    if (stage.to == peak || stage.from == peak) break;
    if (stage.from == stage.to && stage.to > 0) quiet = &stage;
  }
  return quiet;
}

struct Recovering {
  stats::RecoveryLimits limits;
  std::string p95_text;  // where its limit comes from
};

class Figures {
 public:
  Figures(measure::Measurement& measurement, const config::Settings& settings)
      : run_(measurement), settings_(settings), course_(settings.plan.profile) {}

  void add() {
    add_to(run_.total, settings_.thresholds.total);
    for (measure::EndpointResult& endpoint : run_.endpoints) {
      const auto own = settings_.thresholds.endpoints.find(endpoint.name);
      add_to(endpoint, own == settings_.thresholds.endpoints.end() ? settings_.thresholds.total : own->second);
    }
  }

 private:
  double in_window(double course_s) const { return std::max(0.0, course_s - run_.warmup_s); }

  static void put(measure::EndpointResult& result, Metric metric, std::optional<double> value) {
    if (value) result.figures[metric] = *value;
  }

  void add_to(measure::EndpointResult& result, const config::RuleSet& rules) {
    put(result, Metric::peak_throughput, stats::peak_throughput(result.slices));
    if (const auto plateau = course_.plateau()) {
      const stats::Stretch stretch{in_window(plateau->start_s), in_window(plateau->end_s)};
      put(result, Metric::sustained_throughput, stats::sustained_throughput(result.slices, stretch));
      put(result, Metric::latency_drift, stats::latency_drift(result.slices, stretch));
    }
    if (const auto peak_end_s = course_.peak_end_s()) add_recovery(result, rules, in_window(*peak_end_s));
  }

  Recovering limits_of(const measure::EndpointResult& result, const config::RuleSet& rules) const {
    Recovering found;
    found.limits.error_rate = limit_on(Metric::error_rate, &rules).value_or(default_error_rate);
    found.limits.p95_us = limit_on(Metric::latency_p95, &rules);
    if (found.limits.p95_us) {
      found.p95_text = fmt::format("p95 within its limit of {}", to_text(Metric::latency_p95, *found.limits.p95_us));
      return found;
    }
    const measure::Stage* quiet = quiet_stage(run_.stages, course_.peak());
    const auto usual = quiet == nullptr
                           ? std::nullopt
                           : stats::usual_p95_us(result.slices, {quiet->start_s, quiet->start_s + quiet->duration_s});
    if (!usual) return found;
    found.limits.p95_us = usual_p95_factor * *usual;
    found.p95_text = fmt::format("p95 within {} times that of stage '{}' ({})", usual_p95_factor, quiet->name,
                                 to_text(Metric::latency_p95, *found.limits.p95_us));
    return found;
  }

  void add_recovery(measure::EndpointResult& result, const config::RuleSet& rules, double peak_end_s) {
    const Recovering what = limits_of(result, rules);
    const auto recovery = stats::recovery(result.slices, peak_end_s, what.limits);
    if (!recovery) return;
    const double recovery_us = recovery->seconds * us_per_s;
    put(result, Metric::recovery_time, recovery_us);
    if (!result.name.empty()) return;
    run_.notes.push_back(fmt::format("recovery: {}{}errors within {:g} % {}{} after the peak", what.p95_text,
                                     what.p95_text.empty() ? "" : ", ", what.limits.error_rate * 100,
                                     recovery->recovered ? "" : "not reached within the ",
                                     to_text(Metric::recovery_time, recovery_us)));
  }

  measure::Measurement& run_;
  const config::Settings& settings_;
  const config::Course course_;
};

}  // namespace

void add_course_figures(measure::Measurement& measurement, const config::Settings& settings) {
  Figures(measurement, settings).add();
}

}  // namespace burstgate::cli
