#include "importers/flat_summary.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "base/json_node.hpp"
#include "base/text.hpp"
#include "base/utc_time.hpp"

namespace burstgate::importers {

namespace {

struct Field {
  std::string_view key;
  Metric metric;
};

// In the order in which the quantiles must not decrease.
constexpr std::array<Field, 12> fields = {{
    {"response_time_mean", Metric::latency_mean},
    {"response_time_avg", Metric::latency_mean},
    {"response_time_median", Metric::latency_p50},
    {"response_time_p50", Metric::latency_p50},
    {"response_time_p90", Metric::latency_p90},
    {"response_time_p95", Metric::latency_p95},
    {"response_time_p99", Metric::latency_p99},
    {"response_time_p999", Metric::latency_p999},
    {"response_time_p99.9", Metric::latency_p999},
    {"response_time_max", Metric::latency_max},
    {"requests_per_second", Metric::throughput},
    {"error_rate", Metric::error_rate},
}};

constexpr double largest_ms = 9e9;
constexpr double us_per_ms = 1e3;

double read_value(const JsonNode& node, Metric metric) {
  switch (kind(metric)) {
    case MetricKind::latency:
      return node.number(0, largest_ms) * us_per_ms;
    case MetricKind::rate:
      return node.number(0);
    case MetricKind::share:
      return node.number(0, 1);
    case MetricKind::count:
      break;
  }
  return 0;
}

std::map<Metric, double> read_metrics(const JsonNode& root) {
  std::map<Metric, double> point;
  std::optional<JsonNode> last;  // the quantile before this one
  for (const auto& [key, metric] : fields) {
    const std::optional<JsonNode> node = root.find(key);
    if (!node) continue;
    const double value = read_value(*node, metric);
    const auto [known, is_new] = point.emplace(metric, value);
    if (!is_new && known->second != value) node->fail("differs from the other key for the same metric", "E-551");
    if (!quantile(metric)) continue;
    if (last && value < last->number() * us_per_ms) {
      node->fail_expecting(fmt::format("at least {} ({})", last->json().dump(), last->key()), "E-551");
    }
    last = node;
  }
  return point;
}

// "2024-01-01T12:00:00", with or without a fraction of a second and "Z" or "+00:00". Nothing when it is something else:
// the time of a foreign run is only shown.
std::optional<std::int64_t> time_in(std::string_view text) {
  constexpr std::size_t seconds_end = 19;
  if (text.size() < seconds_end) return std::nullopt;
  std::string_view rest = text.substr(seconds_end);
  if (rest.starts_with('.')) {
    const auto digits_end = rest.find_first_not_of("0123456789", 1);
    rest = digits_end == rest.npos ? std::string_view{} : rest.substr(digits_end);
  }
  if (!rest.empty() && rest != "Z" && rest != "+00:00") return std::nullopt;
  std::string form(text.substr(0, seconds_end));
  if (form[10] == ' ') form[10] = 'T';
  return from_iso8601(form + "Z");
}

std::string text_or_empty(const JsonNode& root, std::string_view key) {
  const auto node = root.find(key);
  return node && node->json().is_string() ? node->text() : std::string{};
}

void add_notes(const JsonNode& root, std::vector<std::string>& notes) {
  constexpr std::size_t longest_note = 200;
  notes.emplace_back("imported from a flat summary: no raw data, no confidence");
  for (const std::string_view key : {"environment", "version", "timestamp"}) {
    const std::string text = text_or_empty(root, key);
    if (!text.empty()) notes.push_back(fmt::format("{}: {}", key, elided(text, longest_note)));
  }
  for (const std::string_view key : {"concurrent_users", "total_requests", "error_count"}) {
    const auto node = root.find(key);
    if (node && !node->is_null()) notes.push_back(fmt::format("{}: {}", key, node->count()));
  }
}

}  // namespace

bool is_flat_summary(const Json& json) {
  if (!json.is_object() || json.contains("schema")) return false;
  for (const auto& [key, metric] : fields) {
    // error_rate alone stands in too many other files
    if (metric != Metric::error_rate && json.contains(std::string(key))) return true;
  }
  return false;
}

measure::Measurement read_flat_summary(const Json& json, const std::string& path) {
  const JsonNode root(json, path, "$");
  measure::Measurement measurement;
  measurement.tool = "flat summary";
  measurement.operation = text_or_empty(root, "operation");
  measurement.started_at_unix_s = time_in(text_or_empty(root, "timestamp")).value_or(0);
  if (const auto duration = root.find("test_duration")) measurement.duration_s = duration->number();
  measurement.total.point = read_metrics(root);
  add_notes(root, measurement.notes);
  return measurement;
}

}  // namespace burstgate::importers
