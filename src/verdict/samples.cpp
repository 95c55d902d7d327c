#include "verdict/samples.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/text.hpp"
#include "verdict/judge.hpp"

namespace burstgate::verdict {

namespace {

std::string available(const std::map<Metric, double>& point) {
  std::vector<std::string> names;
  for (const auto& [metric, value] : point) names.emplace_back(name(metric));
  return names.empty() ? "nothing" : join(names, ", ");
}

bool is_saturated(const measure::EndpointResult& endpoint, Metric metric) {
  if (kind(metric) != MetricKind::latency) return false;
  if (basis(metric) == MetricBasis::run) return false;
  const measure::Histogram times = measure::times_of(endpoint, metric);
  const auto rank = quantile(metric);
  return rank ? times.saturated_at(*rank) : times.overflow() > 0;
}

}  // namespace

// Wilks, "Determination of sample sizes for setting tolerance limits", Annals of Mathematical Statistics 12 (1941):
// with n >= ln 0.05 / ln q the largest sample is above the q-quantile with 95 % probability.
std::uint64_t samples_needed(Metric metric) {
  const auto rank = quantile(metric);
  if (!rank || *rank >= 1) return 1;
  return static_cast<std::uint64_t>(std::ceil(std::log(0.05) / std::log(*rank)));
}

Value judged_value(const measure::Measurement& run, const std::string& endpoint_name, Metric metric) {
  Value judged;
  const measure::EndpointResult* endpoint = measure::find_endpoint(run, endpoint_name);
  if (endpoint == nullptr) {
    judged.reason = {Cause::endpoint_missing, fmt::format("no endpoint '{}' here", endpoint_name)};
    return judged;
  }
  if (paired_only(metric)) {
    judged.reason = {Cause::metric_missing,
                     fmt::format("{} is measured only where both builds run side by side", name(metric))};
    return judged;
  }
  if (endpoint->point) {
    judged.value = measure::value_of(*endpoint, metric, run.duration_s);
    if (!judged.value) {
      judged.reason = {Cause::metric_missing,
                       fmt::format("no {} here; available: {}", name(metric), available(*endpoint->point))};
    }
    return judged;
  }
  judged.samples = measure::samples_of(*endpoint, metric);
  if (basis(metric) == MetricBasis::run && !endpoint->figures.contains(metric)) {
    judged.reason = {Cause::metric_missing, fmt::format("this run has no {}", name(metric))};
    return judged;
  }
  if (judged.samples < samples_needed(metric)) {
    judged.reason = {Cause::too_few_samples,
                     fmt::format("{} samples, {} needs {}", judged.samples, name(metric), samples_needed(metric))};
    return judged;
  }
  judged.value = measure::value_of(*endpoint, metric, run.duration_s);
  judged.saturated = is_saturated(*endpoint, metric);
  return judged;
}

}  // namespace burstgate::verdict
