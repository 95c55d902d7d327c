// fortio writes a histogram whose buckets are as wide as it was told (-r, 1 ms by default), and quantiles that it
// interpolates in them. A fine histogram is taken as it is; of a coarse one only fortio's own figures are.
#include "importers/fortio.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/json_node.hpp"
#include "importers/origin.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

using measure::Histogram;
using measure::Measurement;

constexpr double fine_enough = 0.05;  // a bucket's width as a share of its upper end, from the median upwards
constexpr int first_error_status = 400;

struct Bucket {
  double start_us, end_us;
  std::uint64_t count;
};

std::vector<Bucket> buckets_of(const JsonNode& histogram) {
  std::vector<Bucket> buckets;
  const JsonNode data = histogram.at("Data");
  if (data.is_null()) return buckets;
  for (const JsonNode& element : data.elements()) {
    const JsonNode start = element.at("Start"), end = element.at("End"), count = element.at("Count");
    buckets.push_back({start.number() * us_per_s, end.number(0, 1e6) * us_per_s, count.count()});
  }
  return buckets;
}

bool is_fine(const std::vector<Bucket>& buckets) {
  std::uint64_t all = 0, seen = 0;
  for (const Bucket& bucket : buckets) all += bucket.count;
  for (const Bucket& bucket : buckets) {
    seen += bucket.count;
    if (seen * 2 >= all && bucket.end_us - bucket.start_us > fine_enough * bucket.end_us) return false;
  }
  return all > 0;
}

// Each sample at its bucket's upper end: never faster than it was.
Histogram histogram_of(const std::vector<Bucket>& buckets) {
  Histogram histogram;
  for (const Bucket& bucket : buckets) histogram.record(std::llround(bucket.end_us), bucket.count);
  return histogram;
}

struct Outcome {
  std::uint64_t ok = 0, failed = 0;
};

// Return codes are HTTP statuses; -1 and others below 100 are no answers. gRPC runs have words.
Outcome count_outcomes(const JsonNode& root) {
  Outcome outcome;
  const JsonNode codes = root.at("RetCodes");
  for (const JsonNode& code : codes.members()) {
    const auto status = count_in(code.key());
    const bool ok =
        status ? *status >= 100 && *status < first_error_status : code.key() == "SERVING" || code.key() == "OK";
    (ok ? outcome.ok : outcome.failed) += code.count();
  }
  return outcome;
}

void put_figures(const JsonNode& histogram, const Outcome& outcome, Measurement& measurement) {
  std::map<Metric, double>& point = measurement.total.point.emplace();
  put_rates(point, static_cast<double>(outcome.ok), static_cast<double>(outcome.failed), measurement.duration_s);
  if (outcome.ok == 0) return;
  const JsonNode mean = histogram.at("Avg"), max = histogram.at("Max");
  point[Metric::latency_mean] = mean.number() * us_per_s;
  point[Metric::latency_max] = max.number() * us_per_s;
  const auto percentiles = histogram.find("Percentiles");
  if (!percentiles || percentiles->is_null()) return;
  for (const JsonNode& element : percentiles->elements()) {
    const JsonNode percentile = element.at("Percentile"), value = element.at("Value");
    const auto metric = metric_named(fmt::format("p{}", percentile.number(0, 100)));
    if (metric) point[*metric] = value.number() * us_per_s;
  }
}

// Only where every answer was a success: the histogram does not say which ones failed.
void take_histogram(const std::vector<Bucket>& buckets, Measurement& measurement) {
  measure::EndpointResult& endpoint = measurement.endpoints.emplace_back();
  endpoint.name = "all";
  endpoint.latencies.ok = histogram_of(buckets);
  endpoint.counts.ok = endpoint.counts.started = endpoint.counts.planned = endpoint.latencies.ok.count();
  measurement.total.counts = endpoint.counts;
  measurement.total.latencies = endpoint.latencies;
  measurement.notes.emplace_back("from fortio's histogram: each time is its bucket's upper end");
}

}  // namespace

bool is_fortio(Source& source) {
  const Json* json = source.json();
  return json != nullptr && json->is_object() && json->contains("DurationHistogram") && json->contains("ActualQPS");
}

Measurement read_fortio(Source& source) {
  const JsonNode root(*source.json(), source.path(), "$");
  Measurement measurement;
  if (const auto version = root.find("Version")) measurement.tool = "fortio " + version->text();
  describe_origin(measurement, {"fortio", "JSON", "from sending to the last byte", "s"});
  if (const auto started = root.find("StartTime")) {
    measurement.started_at_unix_s = rfc3339_us(started->text()).value_or(0) / 1'000'000;
  }
  const JsonNode duration = root.at("ActualDuration"), histogram = root.at("DurationHistogram");
  measurement.duration_s = duration.number() * us_per_ns / us_per_s;
  const Outcome outcome = count_outcomes(root);
  const std::vector<Bucket> buckets = buckets_of(histogram);
  if (outcome.failed == 0 && is_fine(buckets)) {
    take_histogram(buckets, measurement);
    check_accounting(measurement);
    return measurement;
  }
  put_figures(histogram, outcome, measurement);
  measurement.notes.emplace_back(
      "fortio interpolates quantiles in its buckets; with -r 0.00001 they are fine enough to be read themselves");
  finish_summary(measurement, source);
  return measurement;
}

}  // namespace burstgate::importers
