#include "cli/import_limits.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "importers/values.hpp"
#include "verdict/samples.hpp"

namespace burstgate::cli {

namespace {

using measure::Measurement;

constexpr std::string_view tool_field = "tool";

// The metrics that can stand for p95, best first.
constexpr Metric substitutes[] = {Metric::latency_p99, Metric::latency_p90, Metric::latency_p50, Metric::latency_mean};

std::string field_of(const Measurement& measurement, std::string_view name) {
  for (const auto& [field, value] : measurement.workload.fields) {
    if (field == name) return value;
  }
  return {};
}

std::string tool_of(const Measurement& measurement) {
  if (measurement.workload.fields.empty()) return {};
  const std::string tool = field_of(measurement, tool_field);
  return tool.empty() ? "burstgate" : tool;
}

bool is_alike(const Measurement& a, const Measurement& b) {
  return tool_of(a) == tool_of(b) && field_of(a, "latency") == field_of(b, "latency");
}

double resolution_us(const Measurement& measurement) {
  return importers::time_with_unit_us(field_of(measurement, "resolution")).value_or(0);
}

class Fitting {
 public:
  Fitting(const std::vector<Measurement>& recorded, const Measurement& candidate)
      : recorded_(recorded), candidate_(candidate) {}

  config::RuleSet fit(const config::RuleSet& defaults, const std::string& endpoint) {
    config::RuleSet fitted;
    for (config::RegressionRule rule : defaults.regression) {
      const auto metric = metric_for(rule.metric, endpoint);
      if (!metric) continue;
      rule.metric = *metric;
      if (kind(*metric) == MetricKind::latency) set_floor(rule);
      fitted.regression.push_back(rule);
    }
    for (const config::AbsoluteRule& rule : defaults.limits) {
      if (both_have(rule.metric, endpoint)) fitted.limits.push_back(rule);
    }
    return fitted;
  }

  std::vector<std::string> take_notes() { return std::move(notes_); }

 private:
  bool both_have(Metric metric, const std::string& endpoint) const {
    const auto has = [&](const Measurement& run) {
      return verdict::judged_value(run, endpoint, metric).value.has_value();
    };
    return has(candidate_) && std::any_of(recorded_.begin(), recorded_.end(), has);
  }

  // A metric that only one side has stays: that it is missing is then the result.
  bool neither_has(Metric metric, const std::string& endpoint) const {
    const auto has = [&](const Measurement& run) {
      return verdict::judged_value(run, endpoint, metric).value.has_value();
    };
    return !has(candidate_) && std::none_of(recorded_.begin(), recorded_.end(), has);
  }

  // Two values that are one step apart may be the same: rounding is no change. And a library call of nanoseconds has no
  // network noise that a floor would keep out.
  void set_floor(config::RegressionRule& rule) {
    const double step_us = std::max(resolution_us(candidate_), resolution_us(recorded_.back()));
    if (2 * step_us > config::default_floor(rule.metric)) {
      rule.floor = 2 * step_us;
      note(fmt::format("times are rounded to {} there: changes below {} are no change", to_text(rule.metric, step_us),
                       to_text(rule.metric, *rule.floor)));
    }
    if (tool_of(candidate_) == "Google Benchmark") rule.floor = 0;
  }

  std::optional<Metric> metric_for(Metric wanted, const std::string& endpoint) {
    if (both_have(wanted, endpoint)) return wanted;
    if (kind(wanted) == MetricKind::latency) {
      for (const Metric other : substitutes) {
        if (!both_have(other, endpoint)) continue;
        note(fmt::format("no {} on both sides: the built-in limit is applied to {}", name(wanted), name(other)));
        return other;
      }
    }
    if (!neither_has(wanted, endpoint)) return wanted;
    note(fmt::format("{} is in neither file: not judged", name(wanted)));
    return std::nullopt;
  }

  void note(std::string text) {
    if (std::find(notes_.begin(), notes_.end(), text) == notes_.end()) notes_.push_back(std::move(text));
  }

  const std::vector<Measurement>& recorded_;
  const Measurement& candidate_;
  std::vector<std::string> notes_;
};

// Several tests in one file, of which no total can be made.
bool has_no_total(const Measurement& measurement) {
  return measurement.is_point() && measurement.total.point->empty() && !measurement.endpoints.empty();
}

}  // namespace

bool is_imported(const Measurement& measurement) {
  const auto& fields = measurement.workload.fields;
  return std::any_of(fields.begin(), fields.end(), [](const auto& field) { return field.first == tool_field; });
}

FittedLimits fitted_limits(const config::Thresholds& defaults, const std::vector<Measurement>& recorded,
                           const Measurement& candidate) {
  Fitting fitting(recorded, candidate);
  FittedLimits fitted{defaults, {}};
  fitted.thresholds.total = {};
  bool any = false;
  if (has_no_total(candidate)) {
    for (const auto& endpoint : candidate.endpoints) {
      config::RuleSet rules = fitting.fit(defaults.total, endpoint.name);
      any = any || !rules.empty();
      if (!rules.empty()) fitted.thresholds.endpoints[endpoint.name] = std::move(rules);
    }
  } else {
    fitted.thresholds.total = fitting.fit(defaults.total, "");
    any = !fitted.thresholds.total.empty();
  }
  if (!any) {
    throw Error(Trouble::usage, {.code = "E-009",
                                 .where = "",
                                 .what = "the two files have no metric in common that the built-in limits are for",
                                 .hint = "write limits for what they have, and give them with --thresholds"});
  }
  fitted.notes = fitting.take_notes();
  return fitted;
}

void settle_tool_differences(std::vector<Measurement>& recorded, Measurement& candidate, DifferentTools wanted) {
  std::vector<std::string> others;
  for (Measurement& run : recorded) {
    if (run.workload.fields.empty() || is_alike(run, candidate)) continue;
    if (std::find(others.begin(), others.end(), tool_of(run)) == others.end()) others.push_back(tool_of(run));
    if (wanted == DifferentTools::apart) continue;
    run.workload = candidate.workload;
    run.environment = candidate.environment;
  }
  if (others.empty()) return;
  const std::string tools = fmt::format("{} -> {}", join(others, ", "), tool_of(candidate));
  candidate.notes.push_back(
      wanted == DifferentTools::ignored
          ? fmt::format("compared across tools, or their definitions of latency, as asked: {}", tools)
          : fmt::format("other tools, or other definitions of latency ({}): --different-tools compares all the same",
                        tools));
}

}  // namespace burstgate::cli
