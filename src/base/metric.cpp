#include "base/metric.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/assert.hpp"

namespace burstgate {

namespace {

struct Entry {
  Metric metric;
  std::string_view name;
  MetricKind kind;
  double quantile;  // 0: none
  std::vector<std::string_view> aliases;
  MetricBasis basis = MetricBasis::answers;
};

const std::vector<Entry>& table() {
  using enum MetricKind;
  using enum MetricBasis;
  static const std::vector<Entry> entries = {
      {Metric::latency_p50, "latency_p50", latency, 0.50, {"p50", "p(50)", "latency_median", "latency_med", "median"}},
      {Metric::latency_p90, "latency_p90", latency, 0.90, {"p90", "p(90)"}},
      {Metric::latency_p95, "latency_p95", latency, 0.95, {"p95", "p(95)"}},
      {Metric::latency_p99, "latency_p99", latency, 0.99, {"p99", "p(99)"}},
      {Metric::latency_p999,
       "latency_p99.9",
       latency,
       0.999,
       {"p99.9", "p999", "p(99.9)", "latency_p999", "latency_p99_9"}},
      {Metric::latency_mean, "latency_mean", latency, 0, {"mean", "latency_avg", "avg"}},
      {Metric::latency_max, "latency_max", latency, 1.0, {"max"}},
      {Metric::throughput, "throughput", rate, 0, {"throughput_rps", "rps", "requests_per_second"}},
      {Metric::error_rate, "error_rate", share, 0, {"errors", "http_req_failed"}},
      {Metric::cpu_per_request, "cpu_per_request", latency, 0, {"cpu_time_per_request"}, rounds},
      {Metric::stalls, "stalls", share, 0, {}, rounds},
      {Metric::first_byte_p50, "first_byte_p50", latency, 0.50, {"ttfb_p50"}, first_bytes},
      {Metric::first_byte_p95, "first_byte_p95", latency, 0.95, {"ttfb_p95"}, first_bytes},
      {Metric::first_byte_p99, "first_byte_p99", latency, 0.99, {"ttfb_p99"}, first_bytes},
      {Metric::first_event_p50, "first_event_p50", latency, 0.50, {}, first_events},
      {Metric::first_event_p95, "first_event_p95", latency, 0.95, {}, first_events},
      {Metric::first_event_p99, "first_event_p99", latency, 0.99, {}, first_events},
      {Metric::recovery_time, "recovery_time", latency, 0, {}, run},
      {Metric::latency_drift, "latency_drift", share, 0, {}, run},
      {Metric::sustained_throughput, "sustained_throughput", rate, 0, {"sustained_rps"}, run},
      {Metric::peak_throughput, "peak_throughput", rate, 0, {"peak_rps"}, run},
      {Metric::ws_drops, "ws_drops", count, 0, {}, run},
      {Metric::ws_lost, "ws_lost", count, 0, {}, run},
      {Metric::ws_unexpected, "ws_unexpected", count, 0, {}, run},
      {Metric::ws_unclean_closes, "ws_unclean_closes", count, 0, {}, run},
  };
  return entries;
}

const Entry& entry(Metric metric) {
  const Entry& found = table().at(static_cast<std::size_t>(metric));
  BURSTGATE_ASSERT(found.metric == metric);
  return found;
}

}  // namespace

std::string_view name(Metric metric) {
  return entry(metric).name;
}
MetricKind kind(Metric metric) {
  return entry(metric).kind;
}

MetricBasis basis(Metric metric) {
  return entry(metric).basis;
}

bool paired_only(Metric metric) {
  return basis(metric) == MetricBasis::rounds;
}

std::optional<double> quantile(Metric metric) {
  const double q = entry(metric).quantile;
  return q > 0 ? std::optional<double>(q) : std::nullopt;
}

std::optional<Metric> metric_named(std::string_view text) {
  for (const Entry& e : table()) {
    if (e.name == text) return e.metric;
    for (const auto alias : e.aliases) {
      if (alias == text) return e.metric;
    }
  }
  return std::nullopt;
}

std::vector<std::string> metric_names() {
  std::vector<std::string> names;
  for (const Entry& e : table()) names.emplace_back(e.name);
  return names;
}

namespace {

// Three significant digits, without an exponent.
std::string three_digits(double value) {
  const double magnitude = std::fabs(value);
  if (magnitude >= 99.95) return fmt::format("{:.0f}", value);
  if (magnitude >= 9.995) return fmt::format("{:.1f}", value);
  return fmt::format("{:.2f}", value);
}

}  // namespace

std::string to_text(Metric metric, double value) {
  switch (kind(metric)) {
    case MetricKind::latency:
      if (value < 999.5) return fmt::format("{:.0f} us", value);
      if (value < 999'500) return three_digits(value / 1e3) + " ms";
      return three_digits(value / 1e6) + " s";
    case MetricKind::rate:
      return three_digits(value) + "/s";
    case MetricKind::share:
      return fmt::format("{:.2f} %", value * 100);
    case MetricKind::count:
      return fmt::format("{:g}", value);
  }
  return {};
}

}  // namespace burstgate
