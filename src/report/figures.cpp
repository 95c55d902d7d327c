// A reduced endpoint whose latencies are merged already is asked for every metric.
#include "report/figures.hpp"

#include <cmath>

namespace burstgate::report {

std::map<Metric, double> figures(const measure::EndpointResult& endpoint, double duration_s) {
  measure::EndpointResult merged;
  merged.counts = endpoint.counts;
  merged.point = endpoint.point;
  merged.figures = endpoint.figures;
  if (!endpoint.point) merged.latencies.ok = endpoint.latencies.judged();
  merged.latencies.first_byte = endpoint.latencies.first_byte;
  merged.latencies.first_event = endpoint.latencies.first_event;
  std::map<Metric, double> values;
  for (const Metric metric : all_metrics) {
    const auto value = measure::value_of(merged, metric, duration_s);
    if (value && std::isfinite(*value)) values.emplace(metric, *value);
  }
  return values;
}

}  // namespace burstgate::report
