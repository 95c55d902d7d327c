// Everything in seconds but metrics.latency_ms, which is not needed. Its success rate takes an HTTP 500 for a success,
// so outcomes are counted from the status codes; requests that were cut off by the end of the run are none.
#include "importers/oha.hpp"

#include <fmt/format.h>

#include "base/json_node.hpp"
#include "importers/origin.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

using measure::Measurement;
using Point = std::map<Metric, double>;

struct Outcome {
  double ok = 0, failed = 0, cut_off = 0;
};

Outcome count_outcomes(const JsonNode& root) {
  constexpr std::uint64_t first_error_status = 400;
  Outcome outcome;
  const JsonNode statuses = root.at("statusCodeDistribution");
  for (const JsonNode& member : statuses.members()) {
    const bool ok = count_in(member.key()).value_or(first_error_status) < first_error_status;
    (ok ? outcome.ok : outcome.failed) += static_cast<double>(member.count());
  }
  if (const auto errors = root.find("errorDistribution")) {
    for (const JsonNode& member : errors->members()) {
      const bool at_the_end = member.key().find("deadline") != std::string_view::npos;
      (at_the_end ? outcome.cut_off : outcome.failed) += static_cast<double>(member.count());
    }
  }
  return outcome;
}

void put_seconds(const JsonNode& holder, std::string_view key, Metric metric, Point& point) {
  const auto node = holder.find(key);
  if (node && !node->is_null()) point[metric] = node->number() * us_per_s;
}

}  // namespace

bool is_oha(Source& source) {
  const Json* json = source.json();
  return json != nullptr && json->is_object() && json->contains("summary") && json->contains("latencyPercentiles") &&
         json->contains("statusCodeDistribution");
}

Measurement read_oha(Source& source) {
  const JsonNode root(*source.json(), source.path(), "$");
  Measurement measurement;
  describe_origin(measurement,
                  {"oha", "JSON", "from sending to the last byte, with connecting where a connection was made", "s"});
  Point& point = measurement.total.point.emplace();
  const JsonNode summary = root.at("summary"), quantiles = root.at("latencyPercentiles"), total = summary.at("total");
  measurement.duration_s = total.number();
  const Outcome outcome = count_outcomes(root);
  put_rates(point, outcome.ok, outcome.failed, measurement.duration_s);
  put_seconds(quantiles, "p50", Metric::latency_p50, point);
  put_seconds(quantiles, "p90", Metric::latency_p90, point);
  put_seconds(quantiles, "p95", Metric::latency_p95, point);
  put_seconds(quantiles, "p99", Metric::latency_p99, point);
  put_seconds(quantiles, "p99.9", Metric::latency_p999, point);
  if (point.contains(Metric::latency_p50)) {
    put_seconds(summary, "average", Metric::latency_mean, point);
    put_seconds(summary, "slowest", Metric::latency_max, point);
  }
  measurement.notes.push_back(fmt::format("{:.0f} requests", outcome.ok + outcome.failed));
  if (outcome.cut_off > 0) {
    measurement.notes.push_back(fmt::format("{:.0f} requests were cut off by the end of the run", outcome.cut_off));
  }
  finish_summary(measurement, source);
  return measurement;
}

}  // namespace burstgate::importers
