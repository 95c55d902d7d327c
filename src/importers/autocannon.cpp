// Whole milliseconds, and no p95: p90 and p97.5 are its neighbours. "requests" holds figures of per-second samples, not
// of requests; "errors" has the timeouts in it.
#include "importers/autocannon.hpp"

#include <fmt/format.h>

#include "base/json_node.hpp"
#include "importers/origin.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

using measure::Measurement;

struct Key {
  std::string_view key;
  Metric metric;
};
constexpr Key keys[] = {{"mean", Metric::latency_mean}, {"p50", Metric::latency_p50},    {"p90", Metric::latency_p90},
                        {"p99", Metric::latency_p99},   {"p99_9", Metric::latency_p999}, {"max", Metric::latency_max}};

double count_of(const JsonNode& root, std::string_view key) {
  const auto node = root.find(key);
  return node ? static_cast<double>(node->count()) : 0;
}

}  // namespace

bool is_autocannon(Source& source) {
  const Json* json = source.json();
  return json != nullptr && json->is_object() && json->contains("latency") && json->contains("non2xx") &&
         json->contains("throughput");
}

Measurement read_autocannon(Source& source) {
  const JsonNode root(*source.json(), source.path(), "$");
  Measurement measurement;
  describe_origin(measurement, {"autocannon", "JSON", "from sending to the last byte", "whole ms", "1 ms"});
  std::map<Metric, double>& point = measurement.total.point.emplace();
  const JsonNode duration = root.at("duration"), latency = root.at("latency");
  if (const auto start = root.find("start")) {
    measurement.started_at_unix_s = rfc3339_us(start->text()).value_or(0) / 1'000'000;
  }
  measurement.duration_s = duration.number();
  const double ok = count_of(root, "1xx") + count_of(root, "2xx") + count_of(root, "3xx");
  const double failed = count_of(root, "4xx") + count_of(root, "5xx") + count_of(root, "errors");
  put_rates(point, ok, failed, measurement.duration_s);
  for (const auto& [key, metric] : keys) {
    const auto node = latency.find(key);
    if (node && ok > 0) point[metric] = node->number() * us_per_ms;
  }
  measurement.notes.push_back(fmt::format("{:.0f} requests", ok + failed));
  measurement.notes.emplace_back("autocannon has whole milliseconds: 0 ms is anything below one");
  finish_summary(measurement, source);
  return measurement;
}

}  // namespace burstgate::importers
