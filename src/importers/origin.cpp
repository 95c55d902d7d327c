#include "importers/origin.hpp"

#include <fmt/format.h>

#include <optional>

#include "base/text.hpp"
#include "importers/source.hpp"

namespace burstgate::importers {

namespace {

using measure::Measurement;
using Point = std::map<Metric, double>;

constexpr Metric rising[] = {Metric::latency_p50, Metric::latency_p90,  Metric::latency_p95,
                             Metric::latency_p99, Metric::latency_p999, Metric::latency_max};
constexpr double rounding = 0.02;  // tools print two to three digits, and change the unit in between

std::string label_of(const std::string& endpoint) {
  return endpoint.empty() ? "" : fmt::format("{}: ", visible(elided(endpoint, 80)));
}

void leave_out(Point& point, Metric metric, const std::string& endpoint, std::string_view why, Measurement& into) {
  into.notes.push_back(
      fmt::format("{}{} left out: {}, {}", label_of(endpoint), name(metric), to_text(metric, point.at(metric)), why));
  point.erase(metric);
}

// Rounded figures may stand in the wrong order by a little; a file could not be read again with them.
void check_order(Point& point, const std::string& endpoint, const Source& source, Measurement& into) {
  std::optional<Metric> last;
  for (const Metric metric : rising) {
    if (!point.contains(metric)) continue;
    if (last && point[metric] < point[*last]) {
      const bool rounded = point[metric] >= point[*last] * (1 - rounding);
      if (!rounded && metric != Metric::latency_max) {
        source.fail_whole(inconsistent,
                          fmt::format("{}{} {} is below {} {}", label_of(endpoint), name(metric),
                                      to_text(metric, point[metric]), name(*last), to_text(*last, point[*last])));
      }
      leave_out(point, metric, endpoint, fmt::format("below {} as it is rounded there", name(*last)), into);
      continue;
    }
    last = metric;
  }
  const auto mean = point.find(Metric::latency_mean), max = point.find(Metric::latency_max);
  if (mean != point.end() && max != point.end() && mean->second > max->second) {
    leave_out(point, Metric::latency_max, endpoint, "below the mean as it is rounded there", into);
  }
}

std::string missing_metrics(const Measurement& measurement) {
  std::vector<std::string> missing;
  for (const Metric metric : all_metrics) {
    if (basis(metric) != MetricBasis::answers) continue;
    bool known = measurement.total.point->contains(metric);
    for (const auto& endpoint : measurement.endpoints) known = known || endpoint.point->contains(metric);
    if (!known) missing.emplace_back(name(metric));
  }
  return join(missing, ", ");
}

}  // namespace

void describe_origin(Measurement& measurement, const Origin& origin) {
  if (measurement.tool.empty()) measurement.tool = origin.tool;
  measurement.workload.fields = {{"tool", std::string(origin.tool)}, {"latency", std::string(origin.latency)}};
  if (!origin.resolution.empty()) {
    measurement.workload.fields.emplace_back("resolution", std::string(origin.resolution));
  }
  measurement.workload.digest = measure::digest_of(measurement.workload.fields);
  measurement.notes.push_back(fmt::format("imported: {}, {}", origin.tool, origin.form));
  measurement.notes.push_back(
      fmt::format("latency of {}: {}; times there in {}", origin.tool, origin.latency, origin.unit));
}

void finish_summary(Measurement& measurement, const Source& source) {
  if (!measurement.total.point) measurement.total.point.emplace();
  check_order(*measurement.total.point, "", source, measurement);
  bool any = !measurement.total.point->empty();
  for (auto& endpoint : measurement.endpoints) {
    if (!endpoint.point) endpoint.point.emplace();
    check_order(*endpoint.point, endpoint.name, source, measurement);
    any = any || !endpoint.point->empty();
  }
  if (!any) source.fail_whole(without_requests, "there are no requests in it");
  measurement.notes.emplace_back(summary_note);
  const std::string missing = missing_metrics(measurement);
  if (!missing.empty()) measurement.notes.push_back("not in the file: " + missing);
}

void put_rates(Point& point, double ok, double failed, double duration_s) {
  if (ok + failed <= 0) return;
  point[Metric::error_rate] = failed / (ok + failed);
  if (duration_s > 0) point[Metric::throughput] = ok / duration_s;
}

}  // namespace burstgate::importers
