// Version 2 counts by name and has summaries by name; where nothing was answered there is no summary at all, and its
// http.request_rate is not the mean rate of the run. Version 1 has fixed fields.
#include "importers/artillery.hpp"

#include <fmt/format.h>

#include "base/json_node.hpp"
#include "importers/origin.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

using measure::Measurement;
using Point = std::map<Metric, double>;

struct Key {
  std::string_view key;
  Metric metric;
};
constexpr Key keys[] = {{"mean", Metric::latency_mean}, {"median", Metric::latency_p50}, {"p50", Metric::latency_p50},
                        {"p90", Metric::latency_p90},   {"p95", Metric::latency_p95},    {"p99", Metric::latency_p99},
                        {"p999", Metric::latency_p999}, {"max", Metric::latency_max}};

void put_times(const JsonNode& summary, Point& point) {
  for (const auto& [key, metric] : keys) {
    const auto node = summary.find(key);
    if (node && !node->is_null()) point[metric] = node->number() * us_per_ms;
  }
}

struct Outcome {
  double ok = 0, failed = 0;

  void add_status(std::string_view status, double count) {
    constexpr std::uint64_t first_error_status = 400;
    (count_in(status).value_or(first_error_status) < first_error_status ? ok : failed) += count;
  }
};

// "http.codes.200": 2700, "errors.ECONNREFUSED": 12.
Outcome count_counters(const JsonNode& counters) {
  constexpr std::string_view codes = "http.codes.", errors = "errors.";
  Outcome outcome;
  for (const JsonNode& counter : counters.members()) {
    const auto count = [&] { return static_cast<double>(counter.count()); };
    if (counter.key().starts_with(codes)) outcome.add_status(counter.key().substr(codes.size()), count());
    if (counter.key().starts_with(errors)) outcome.failed += count();
  }
  return outcome;
}

// {"200": 2700} and {"ECONNREFUSED": 12} of version 1.
Outcome count_fields(const JsonNode& aggregate) {
  Outcome outcome;
  if (const auto codes = aggregate.find("codes")) {
    for (const JsonNode& code : codes->members()) outcome.add_status(code.key(), static_cast<double>(code.count()));
  }
  if (const auto errors = aggregate.find("errors")) {
    for (const JsonNode& error : errors->members()) outcome.failed += static_cast<double>(error.count());
  }
  return outcome;
}

// {"rps": {"mean": 9.8}} of version 1, which has no times of day.
void put_old_rate(const JsonNode& aggregate, const Outcome& outcome, Point& point) {
  const auto rps = aggregate.find("rps");
  const auto mean = rps ? rps->find("mean") : std::nullopt;
  const double all = outcome.ok + outcome.failed;
  if (mean && all > 0) point[Metric::throughput] = mean->number() * outcome.ok / all;
}

double seconds_of(const JsonNode& aggregate) {
  const auto first = aggregate.find("firstMetricAt"), last = aggregate.find("lastMetricAt");
  if (!first || !last) return 0;
  const double ms = last->number() - first->number();
  if (ms < 0) last->fail("is before firstMetricAt", inconsistent);
  return ms / 1e3;
}

}  // namespace

bool is_artillery(Source& source) {
  const Json* json = source.json();
  if (json == nullptr || !json->is_object() || !json->contains("aggregate") || !json->contains("intermediate"))
    return false;
  const auto aggregate = json->find("aggregate");
  return aggregate->is_object() && (aggregate->contains("counters") || aggregate->contains("codes"));
}

Measurement read_artillery(Source& source) {
  const JsonNode root(*source.json(), source.path(), "$");
  const JsonNode aggregate = root.at("aggregate");
  const auto counters = aggregate.find("counters");
  Measurement measurement;
  describe_origin(measurement, {"Artillery", counters ? "JSON report" : "JSON report of version 1",
                                "to the first byte of the answer", "ms"});
  Point& point = measurement.total.point.emplace();
  measurement.duration_s = seconds_of(aggregate);
  const Outcome outcome = counters ? count_counters(*counters) : count_fields(aggregate);
  put_rates(point, outcome.ok, outcome.failed, measurement.duration_s);
  if (const auto summaries = aggregate.find("summaries")) {
    if (const auto times = summaries->find("http.response_time")) put_times(*times, point);
  } else if (const auto times = aggregate.find("latency")) {
    put_times(*times, point);
    put_old_rate(aggregate, outcome, point);
  }
  measurement.notes.push_back(fmt::format("{:.0f} requests", outcome.ok + outcome.failed));
  finish_summary(measurement, source);
  return measurement;
}

}  // namespace burstgate::importers
