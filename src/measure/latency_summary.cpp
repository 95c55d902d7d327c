#include "measure/latency_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/assert.hpp"

namespace burstgate::measure {

namespace {

constexpr double ns_per_us = 1e3;
constexpr double ns_per_ms = 1e6;

// A few samples may all lie below their buckets' middles: their mean is not above their maximum.
std::optional<double> figure_of(const Histogram& histogram, Metric metric) {
  if (metric == Metric::latency_mean) {
    const auto mean = histogram.mean_us();
    return mean ? std::optional(std::min(*mean, static_cast<double>(*histogram.max_us()))) : std::nullopt;
  }
  const auto value = histogram.value_at_us(*quantile(metric));
  return value ? std::optional<double>(static_cast<double>(*value)) : std::nullopt;
}

template <typename Source>
nlohmann::ordered_json write_summary(Source figure) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [key, metric] : summary_keys) {
    const std::optional<double> us = figure(metric);
    if (!us) return nullptr;
    json[std::string(key)] = ms_from_us(*us);
  }
  return json;
}

std::size_t bucket_of(double us) {
  return Histogram::index_of(std::clamp<std::int64_t>(std::llround(us), 0, Histogram::highest_us));
}

bool within_one_bucket(double a_us, double b_us) {
  const std::size_t a = bucket_of(a_us), b = bucket_of(b_us);
  return (a > b ? a - b : b - a) <= 1;
}

constexpr auto plain_key = [](std::string_view key, Metric) { return key; };

}  // namespace

double& latency_of(Slice& slice, Metric metric) {
  switch (metric) {
    case Metric::latency_p50:
      return slice.p50_us;
    case Metric::latency_p90:
      return slice.p90_us;
    case Metric::latency_p95:
      return slice.p95_us;
    case Metric::latency_p99:
      return slice.p99_us;
    case Metric::latency_p999:
      return slice.p999_us;
    case Metric::latency_max:
      return slice.max_us;
    default:
      return slice.mean_us;
  }
}

double ms_from_us(double us) {
  return std::round(us * ns_per_us) / ns_per_ms;
}
double us_from_ms(double ms) {
  return std::round(ms * ns_per_ms) / ns_per_us;
}
double read_ms_as_us(const JsonNode& node) {
  return us_from_ms(node.number(0, largest_ms));
}

nlohmann::ordered_json summary_of(const Histogram& histogram) {
  return write_summary([&](Metric metric) { return figure_of(histogram, metric); });
}

nlohmann::ordered_json summary_of(const Slice& slice) {
  return write_summary([&](Metric metric) { return slice.value(metric); });
}

void check_summary(const JsonNode& node, const Histogram& histogram) {
  if (histogram.empty()) {
    if (!node.is_null()) node.fail("expected null, there are no samples", "E-525");
    return;
  }
  for (const auto& [key, metric] : summary_keys) {
    const JsonNode figure = node.at(key);
    const double expected_us = *figure_of(histogram, metric);
    if (within_one_bucket(read_ms_as_us(figure), expected_us)) continue;
    figure.fail_expecting(fmt::format("{} as in the histogram, within one bucket", ms_from_us(expected_us)), "E-525");
  }
  check_monotone(node, plain_key);
}

void read_summary(const JsonNode& node, Slice& slice) {
  if (slice.samples == 0) {
    if (!node.is_null()) node.fail("expected null, there are no samples", "E-525");
    return;
  }
  for (const auto& [key, metric] : summary_keys) {
    const JsonNode figure = node.at(key);
    latency_of(slice, metric) = read_ms_as_us(figure);
  }
  // A file has thousands of slices: look for the place of a mistake only when there is one.
  if (!is_plausible(slice)) check_monotone(node, plain_key);
}

bool is_plausible(const Slice& slice) {
  const std::array<double, 6> rising = {slice.p50_us, slice.p90_us,  slice.p95_us,
                                        slice.p99_us, slice.p999_us, slice.max_us};
  return std::is_sorted(rising.begin(), rising.end()) && slice.mean_us <= slice.max_us;
}

}  // namespace burstgate::measure
