#include "config/foreign_metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace burstgate::config {

namespace {

struct Prefix {
  std::string_view text;
  bool websocket;
};

constexpr std::array<Prefix, 5> latency_prefixes = {{{"api_response_time_", false},
                                                     {"http_response_time_", false},
                                                     {"response_time_", false},
                                                     {"websocket_latency_", true},
                                                     {"ws_latency_", true}}};

}  // namespace

std::optional<ForeignMetric> foreign_metric(std::string_view name) {
  for (const Prefix& prefix : latency_prefixes) {
    if (!name.starts_with(prefix.text)) continue;
    const auto metric = metric_named(name.substr(prefix.text.size()));
    const bool latency = metric && kind(*metric) == MetricKind::latency && !paired_only(*metric);
    return latency ? std::optional(ForeignMetric{*metric, prefix.websocket}) : std::nullopt;
  }
  if (name == "min_rps") return ForeignMetric{Metric::throughput};
  const auto metric = metric_named(name);
  return metric ? std::optional(ForeignMetric{*metric}) : std::nullopt;
}

std::optional<std::string> not_measured(std::string_view name) {
  static constexpr std::array<std::string_view, 5> resources = {"memory_leak", "memory_usage", "cpu_usage",
                                                                "database_connections", "cost_per_request"};
  if (std::find(resources.begin(), resources.end(), name) == resources.end()) return std::nullopt;
  return fmt::format("{} is not judged: this version does not measure it", name);
}

std::string with_known_rate_unit(std::string text) {
  for (const std::string_view unit : {" RPS", " rps", " req/s", " requests/second"}) {
    if (!text.ends_with(unit)) continue;
    text.resize(text.size() - unit.size());
    return text + "/s";
  }
  return text;
}

}  // namespace burstgate::config
