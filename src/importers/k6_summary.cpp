// k6's summaries. The flat export and handleSummary() keep their figures in an object by metric name, the latter one
// level deeper; the machine-readable one has an array. Shares of failures are spelled three ways, and what "passes"
// means of http_req_failed differs from what it says: only the share itself is read.
#include <fmt/format.h>

#include "base/json_node.hpp"
#include "base/text.hpp"
#include "importers/k6.hpp"
#include "importers/origin.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

using measure::Measurement;
using Point = std::map<Metric, double>;

constexpr std::string_view durations = "http_req_duration";
constexpr std::string_view expected_durations = "http_req_duration{expected_response:true}";
constexpr std::string_view all_latency =
    "sending, waiting and receiving of all responses, failed ones too, without DNS, connecting and TLS";

// A metric's figures, wherever the shape has them.
struct Figures {
  std::string name;
  const Json* values;
  std::string path;  // of the values in the file
};

std::vector<Figures> figures_of(const Json& json, const std::string& file) {
  std::vector<Figures> all;
  const JsonNode root(json, file, "$");
  if (const auto results = root.find("results")) {
    const JsonNode metrics = results->at("metrics");
    for (const JsonNode& metric : metrics.elements()) {
      const JsonNode name = metric.at("name"), values = metric.at("values");
      all.push_back({name.text(), &values.json(), values.path()});
    }
    return all;
  }
  const JsonNode metrics = root.at("metrics");
  for (const JsonNode& metric : metrics.members()) {
    const auto values = metric.find("values");
    const JsonNode& holder = values ? *values : metric;
    all.push_back({std::string(metric.key()), &holder.json(), holder.path()});
  }
  return all;
}

class Summary {
 public:
  explicit Summary(Source& source) : file_(source.path()), all_(figures_of(*source.json(), file_)) {}

  const std::vector<Figures>& all() const { return all_; }
  const Figures* find(std::string_view name) const {
    for (const Figures& figures : all_) {
      if (figures.name == name) return &figures;
    }
    return nullptr;
  }
  std::optional<double> number(std::string_view name, std::string_view key) const {
    const Figures* figures = find(name);
    if (figures == nullptr) return std::nullopt;
    const JsonNode values(*figures->values, file_, figures->path);
    const auto node = values.find(key);
    return node && !node->is_null() ? std::optional<double>(node->number()) : std::nullopt;
  }
  // Every figure that can be judged: "p(95)", "med", "avg", "max".
  Point times(const Figures& figures) const {
    Point point;
    const JsonNode values(*figures.values, file_, figures.path);
    for (const JsonNode& value : values.members()) {
      const auto metric = value.key() == "med" ? Metric::latency_p50 : metric_named(value.key());
      if (metric && kind(*metric) == MetricKind::latency) point.emplace(*metric, value.number() * us_per_ms);
    }
    return point;
  }

 private:
  const std::string& file_;
  std::vector<Figures> all_;
};

std::optional<double> duration_of(const JsonNode& root) {
  if (const auto config = root.find("config")) {
    const auto duration = config->find("duration");
    if (duration) return duration->number();
  }
  if (const auto state = root.find("state")) {
    const auto duration = state->find("testRunDurationMs");
    if (duration) return duration->number() / 1e3;
  }
  return std::nullopt;
}

void put_throughput(const Summary& summary, std::optional<double> duration_s, Measurement& measurement) {
  const auto count = summary.number("http_reqs", "count");
  auto rate = summary.number("http_reqs", "rate");
  if (!rate && count && duration_s && *duration_s > 0) rate = *count / *duration_s;
  if (!duration_s && count && rate && *rate > 0) duration_s = *count / *rate;
  Point& point = *measurement.total.point;
  const auto failed = point.find(Metric::error_rate);
  if (rate) point[Metric::throughput] = *rate * (1 - (failed == point.end() ? 0 : failed->second));
  measurement.duration_s = duration_s.value_or(0);
  if (count) measurement.notes.push_back(fmt::format("{:.0f} requests", *count));
}

// Figures of requests with a tag that a threshold was set on: "http_req_duration{name:login}".
void add_tagged(const Summary& summary, Measurement& measurement) {
  for (const Figures& figures : summary.all()) {
    const bool tagged = figures.name.starts_with(durations) && figures.name.size() > durations.size();
    if (!tagged || figures.name == expected_durations) continue;
    measure::EndpointResult& endpoint = measurement.endpoints.emplace_back();
    endpoint.name = figures.name.substr(durations.size());
    endpoint.point = summary.times(figures);
  }
}

std::string_view form_of(const JsonNode& root) {
  if (root.find("results")) return "machine-readable summary";
  return root.find("state") ? "handleSummary data" : "summary export";
}

}  // namespace

bool is_k6_summary(Source& source) {
  const Json* json = source.json();
  if (json == nullptr || !json->is_object()) return false;
  const auto metrics = json->find("metrics");
  if (metrics != json->end() && metrics->is_object()) {
    return metrics->contains("http_reqs") || metrics->contains("iterations") ||
           metrics->contains(std::string(durations));
  }
  const auto results = json->find("results");
  return results != json->end() && results->is_object() && results->contains("metrics") && json->contains("metadata");
}

Measurement read_k6_summary(Source& source) {
  const JsonNode root(*source.json(), source.path(), "$");
  const Summary summary(source);
  const auto value = summary.number("http_req_failed", "value");
  const auto failed = value ? value : summary.number("http_req_failed", "rate");
  const Figures* expected = summary.find(expected_durations);
  const Figures* times = expected != nullptr ? expected : summary.find(durations);
  // Without failures "expected" and "all" are the same responses.
  const bool only_expected = expected != nullptr || failed.value_or(0) == 0;

  Measurement measurement;
  describe_origin(measurement, {k6_tool, form_of(root), only_expected ? k6_latency : all_latency, "ms"});
  measurement.total.point = times != nullptr ? summary.times(*times) : Point{};
  put(*measurement.total.point, Metric::error_rate, failed);
  put_throughput(summary, duration_of(root), measurement);
  add_tagged(summary, measurement);
  finish_summary(measurement, source);
  return measurement;
}

}  // namespace burstgate::importers
