#include "importers/endpoint_baselines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json_node.hpp"
#include "base/text.hpp"

namespace burstgate::importers {

namespace {

constexpr std::array<std::string_view, 2> sections = {"api_baselines", "websocket_baselines"};
constexpr double largest_us = 9e12;

struct Field {
  std::string_view key;
  Metric metric;
};
// In the order in which the quantiles must not decrease.
constexpr std::array<Field, 7> fields = {{{"mean", Metric::latency_mean},
                                          {"p50", Metric::latency_p50},
                                          {"p90", Metric::latency_p90},
                                          {"p95", Metric::latency_p95},
                                          {"p99", Metric::latency_p99},
                                          {"p99.9", Metric::latency_p999},
                                          {"max", Metric::latency_max}}};

double us_per_unit(const JsonNode& unit) {
  const std::string text = unit.text();
  if (text == "us") return 1;
  if (text == "ms") return 1e3;
  if (text == "s") return 1e6;
  unit.fail_expecting("\"us\", \"ms\", \"s\" or \"count\"", "E-551");
}

std::map<Metric, double> read_latencies(const JsonNode& entry, const JsonNode& unit) {
  std::map<Metric, double> point;
  const double factor = us_per_unit(unit);
  std::optional<JsonNode> last;
  for (const auto& [key, metric] : fields) {
    const auto node = entry.find(key);
    if (!node) continue;
    point[metric] = node->number(0, largest_us / factor) * factor;
    if (!quantile(metric)) continue;
    if (last && node->number() < last->number()) {
      node->fail_expecting(fmt::format("at least {} ({})", last->json().dump(), last->key()), "E-551");
    }
    last = node;
  }
  if (point.empty()) entry.fail("holds no quantile that is known, such as p95", "E-551");
  return point;
}

// Numbers of events belong to the whole run.
void read_count(const JsonNode& entry, measure::Measurement& measurement) {
  const auto most = entry.find("max");
  if (entry.key() == "backpressure_drops" && most) {
    (*measurement.total.point)[Metric::ws_drops] = static_cast<double>(most->count());
    return;
  }
  measurement.notes.push_back(fmt::format("{}: not read, this version does not measure it", visible(entry.key())));
}

}  // namespace

bool is_endpoint_baselines(Source& source) {
  if (source.json() == nullptr) return false;
  const Json& json = *source.json();
  return json.is_object() && !json.contains("schema") &&
         std::any_of(sections.begin(), sections.end(), [&](std::string_view section) {
           const auto found = json.find(std::string(section));
           return found != json.end() && found->is_object();
         });
}

measure::Measurement read_endpoint_baselines(Source& source) {
  const JsonNode root(*source.json(), source.path(), "$");
  measure::Measurement measurement;
  measurement.tool = "endpoint baselines";
  measurement.total.point.emplace();
  measurement.notes.emplace_back("imported from endpoint baselines: no raw data, no confidence");
  for (const std::string_view key : sections) {
    const auto section = root.find(key);
    if (!section) continue;
    for (const JsonNode& entry : section->members()) {
      const JsonNode unit = entry.at("unit");
      if (unit.json() == "count") {
        read_count(entry, measurement);
        continue;
      }
      measure::EndpointResult& endpoint = measurement.endpoints.emplace_back();
      endpoint.name = entry.key();
      endpoint.point = read_latencies(entry, unit);
    }
  }
  return measurement;
}

}  // namespace burstgate::importers
