// The latency figures that stand in saved results beside the histograms, for people and other tools.
#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/json_node.hpp"
#include "base/metric.hpp"
#include "measure/measurement.hpp"

namespace burstgate::measure {

struct SummaryKey {
  std::string_view key;
  Metric metric;
};

// In the order in which they are written. From the second on they must not decrease.
inline constexpr std::array<SummaryKey, 7> summary_keys = {{
    {"mean", Metric::latency_mean},
    {"p50", Metric::latency_p50},
    {"p90", Metric::latency_p90},
    {"p95", Metric::latency_p95},
    {"p99", Metric::latency_p99},
    {"p99.9", Metric::latency_p999},
    {"max", Metric::latency_max},
}};

// Times are saved in ms as whole nanoseconds, so that reading gives back the very double that was written.
inline constexpr double largest_ms = 9e9;  // 104 days; its nanoseconds are exact in a double
double ms_from_us(double us);
double us_from_ms(double ms);
double read_ms_as_us(const JsonNode& node);  // 0 ... largest_ms, or an error

// {"mean": ..., "max": ...} in ms, or null without samples.
nlohmann::ordered_json summary_of(const Histogram& histogram);
nlohmann::ordered_json summary_of(const Slice& slice);

// Error unless the summary is that of the histogram, within one bucket: what people read is what is judged.
void check_summary(const JsonNode& node, const Histogram& histogram);
// Reads into the slice, whose `samples` are already known.
void read_summary(const JsonNode& node, Slice& slice);
// The slice's figure of one of summary_keys.
double& latency_of(Slice& slice, Metric metric);
// The quantiles do not decrease, and the mean is not above the maximum.
bool is_plausible(const Slice& slice);
// Error unless the quantiles that are there do not decrease and the mean is not above the maximum. `key_of` a metric is
// the key under which `node` has it.
template <typename KeyOf>
void check_monotone(const JsonNode& node, KeyOf key_of) {
  std::optional<JsonNode> last;
  for (const auto& [key, metric] : summary_keys) {
    const std::optional<JsonNode> now = node.find(key_of(key, metric));
    if (!now) continue;
    const bool falls = last && metric != Metric::latency_mean && now->number() < last->number();
    if (falls)
      now->fail_expecting(std::string("at least ") + last->json().dump() + " (" + std::string(last->key()) + ")",
                          "E-525");
    if (metric != Metric::latency_mean) last = now;
  }
  const std::optional<JsonNode> mean = node.find(key_of(summary_keys.front().key, summary_keys.front().metric));
  const std::optional<JsonNode> max = node.find(key_of(summary_keys.back().key, summary_keys.back().metric));
  if (mean && max && mean->number() > max->number())
    mean->fail_expecting("at most " + max->json().dump() + " (max)", "E-525");
}

}  // namespace burstgate::measure
