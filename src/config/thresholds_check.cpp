#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "config/course.hpp"
#include "config/course_check.hpp"
#include "config/thresholds_reader.hpp"
#include "config/units.hpp"

namespace burstgate::config {

namespace {

// Observations until a two-sided 95 % order-statistic interval of the quantile exists at all: n >= ln 0.05 / ln q.
double observations_needed(double rank) {
  return std::ceil(std::log(0.05) / std::log(rank));
}

// Requests per iteration, on average over the scenarios' weights; of one endpoint, or of all (empty name).
double requests_per_iteration(const Plan& plan, const std::string& endpoint) {
  double weights = 0, requests = 0;
  for (const Scenario& scenario : plan.scenarios) {
    weights += scenario.weight;
    for (const EndpointUse& use : endpoints_of(scenario)) {
      if (endpoint.empty() || use.name == endpoint) requests += scenario.weight * use.times;
    }
  }
  return weights > 0 ? requests / weights : 0;
}

// Only where the number of requests is known beforehand: at a fixed arrival rate.
void check_samples(const RuleSet& rules, const std::string& endpoint, const Plan& plan, Mistakes& mistakes) {
  if (!plan.profile.open) return;
  const double duration_s = std::chrono::duration<double>(plan.profile.duration).count();
  const Course course(plan.profile);
  const double iterations = course.arrivals(course.total_s()) - course.arrivals(course.total_s() - duration_s);
  const double planned = iterations * requests_per_iteration(plan, endpoint);
  const double per_second = planned / duration_s;
  if (per_second <= 0) return;
  const auto check = [&](Metric metric, const Place& place) {
    const auto rank = quantile(metric);
    if (!rank || *rank >= 1 || place.file.empty()) return;
    const double needed = observations_needed(*rank);
    if (planned >= needed - 1e-6) return;
    mistakes.add("E-123", place,
                 fmt::format("{} needs {:.0f} requests, and the profile '{}' plans {:.0f}{}", name(metric), needed,
                             elided(plan.profile.name, 60), std::floor(planned),
                             endpoint.empty() ? "" : fmt::format(" for '{}'", elided(endpoint, 60))),
                 fmt::format("a duration of {:.0f}s would be enough", std::ceil(needed / per_second)));
  };
  for (const RegressionRule& rule : rules.regression) check(rule.metric, rule.place);
  for (const AbsoluteRule& rule : rules.limits) check(rule.metric, rule.place);
}

// Pairs of slices are compared by what each slice knows: answers and CPU time.
void check_paired(const RuleSet& rules, Mistakes& mistakes) {
  for (const RegressionRule& rule : rules.regression) {
    if (basis(rule.metric) == MetricBasis::answers || basis(rule.metric) == MetricBasis::rounds) continue;
    mistakes.add("E-117", rule.place, fmt::format("{} is not compared side by side", name(rule.metric)),
                 "write it under limits, or compare with a recorded baseline");
  }
}

}  // namespace

void check_thresholds(const Thresholds& thresholds, const Plan& plan, Mistakes& mistakes) {
  std::vector<std::string> names;
  for (const Scenario& scenario : plan.scenarios) {
    for (const EndpointUse& use : endpoints_of(scenario)) {
      if (std::find(names.begin(), names.end(), use.name) == names.end()) names.push_back(use.name);
    }
  }
  check_samples(thresholds.total, "", plan, mistakes);
  check_course_rules(thresholds.total, plan, mistakes);
  if (plan.paired) check_paired(thresholds.total, mistakes);
  if (plan.exec) return;  // what its endpoints are called is known when it has run
  for (const auto& [endpoint, rules] : thresholds.endpoints) {
    if (std::find(names.begin(), names.end(), endpoint) != names.end()) {
      check_samples(rules, endpoint, plan, mistakes);
      check_course_rules(rules, plan, mistakes);
      if (plan.paired) check_paired(rules, mistakes);
      continue;
    }
    std::string hint = did_you_mean(endpoint, names);
    if (hint.empty()) hint = elided("the steps are " + join(names, ", "), 200);
    const auto place = thresholds.endpoint_places.find(endpoint);
    mistakes.add("E-118", place == thresholds.endpoint_places.end() ? Place{} : place->second,
                 fmt::format("no step is named '{}'", elided(endpoint, 60)), hint);
  }
}

}  // namespace burstgate::config
