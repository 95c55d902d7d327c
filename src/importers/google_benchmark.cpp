// Each benchmark is an endpoint: its real time per iteration in the unit that stands beside it. With repetitions the
// aggregates are read, mean and median; there are no quantiles.
#include "importers/google_benchmark.hpp"

#include <fmt/format.h>

#include <array>

#include "base/json_node.hpp"
#include "importers/origin.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

using measure::Measurement;
using Point = std::map<Metric, double>;

double us_per_unit_of(const JsonNode& benchmark) {
  struct Unit {
    std::string_view name;
    double us;
  };
  constexpr std::array<Unit, 4> units = {{{"ns", us_per_ns}, {"us", 1}, {"ms", us_per_ms}, {"s", us_per_s}}};
  const auto node = benchmark.find("time_unit");
  if (!node) return us_per_ns;
  const std::string text = node->text();
  for (const Unit& unit : units) {
    if (text == unit.name) return unit.us;
  }
  node->fail_expecting("ns, us, ms or s");
}

std::string text_of(const JsonNode& benchmark, std::string_view key) {
  const auto node = benchmark.find(key);
  return node ? node->text() : std::string{};
}

measure::EndpointResult& endpoint_named(const std::string& name, Measurement& measurement) {
  for (auto& endpoint : measurement.endpoints) {
    if (endpoint.name == name) return endpoint;
  }
  measure::EndpointResult& endpoint = measurement.endpoints.emplace_back();
  endpoint.name = name;
  endpoint.point.emplace();
  return endpoint;
}

// What one entry says: a single run says a mean (of its iterations); of repetitions the aggregates count.
std::optional<Metric> metric_of(const JsonNode& benchmark) {
  if (text_of(benchmark, "run_type") != "aggregate") {
    const auto repetitions = benchmark.find("repetitions");
    const bool single = !repetitions || repetitions->number() <= 1;
    return single ? std::optional(Metric::latency_mean) : std::nullopt;
  }
  const std::string aggregate = text_of(benchmark, "aggregate_name");
  if (aggregate == "mean") return Metric::latency_mean;
  if (aggregate == "median") return Metric::latency_p50;
  return std::nullopt;
}

void add(const JsonNode& benchmark, Measurement& measurement) {
  const auto error = benchmark.find("error_occurred");
  const bool failed = error && error->boolean();
  const auto metric = metric_of(benchmark);
  if (!metric && !failed) return;
  const std::string run_name = text_of(benchmark, "run_name");
  const JsonNode name = benchmark.at("name");
  Point& point = *endpoint_named(run_name.empty() ? name.text() : run_name, measurement).point;
  point[Metric::error_rate] = failed ? 1 : 0;
  if (failed) return;
  const JsonNode time = benchmark.at("real_time");
  point[*metric] = time.number() * us_per_unit_of(benchmark);
  const auto items = benchmark.find("items_per_second");
  if (items && *metric == Metric::latency_mean) point[Metric::throughput] = items->number();
}

void add_context(const JsonNode& root, Measurement& measurement) {
  const auto context = root.find("context");
  if (!context) return;
  if (const auto cpus = context->find("num_cpus"))
    measurement.environment.cores = static_cast<int>(cpus->count(1u << 20));
  if (const auto date = context->find("date")) {
    measurement.started_at_unix_s = rfc3339_us(date->text()).value_or(0) / 1'000'000;
  }
  const auto build = context->find("library_build_type");
  if (build && build->text() == "debug")
    measurement.notes.emplace_back("the benchmark library was built for debugging");
  const auto scaling = context->find("cpu_scaling_enabled");
  if (scaling && scaling->boolean()) measurement.notes.emplace_back("CPU frequency scaling was on");
}

}  // namespace

bool is_google_benchmark(Source& source) {
  const Json* json = source.json();
  return json != nullptr && json->is_object() && json->contains("context") && json->contains("benchmarks");
}

Measurement read_google_benchmark(Source& source) {
  const JsonNode root(*source.json(), source.path(), "$");
  Measurement measurement;
  describe_origin(measurement, {"Google Benchmark", "JSON", "real time of one iteration", "ns, us, ms or s"});
  add_context(root, measurement);
  const JsonNode benchmarks = root.at("benchmarks");
  for (const JsonNode& benchmark : benchmarks.elements()) add(benchmark, measurement);
  if (measurement.endpoints.size() == 1) measurement.total.point = measurement.endpoints.front().point;
  measurement.notes.emplace_back(
      "a rule's floor is 1 ms unless it says otherwise: limits for shorter times need `floor: 0us`");
  finish_summary(measurement, source);
  return measurement;
}

}  // namespace burstgate::importers
