// The metrics that can be limited: names, units and which direction is worse. Names are an interface: they stand in
// users' YAML and in saved results.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace burstgate {

enum class Metric {
  latency_p50,
  latency_p90,
  latency_p95,
  latency_p99,
  latency_p999,
  latency_mean,
  latency_max,
  throughput,
  error_rate,
  cpu_per_request,  // CPU time of the service's process tree per answered request; paired comparison only
  stalls,           // slices in which the service stood still, as a share of all; paired comparison only
  first_byte_p50,   // from the (intended) send to the answer's first byte
  first_byte_p95,
  first_byte_p99,
  first_event_p50,  // to the first event of a stream
  first_event_p95,
  first_event_p99,
  recovery_time,         // from the end of a spike until the service is back within its limits
  latency_drift,         // change of the p95 over the whole run, as a share of where it began; below 0: it got faster
  sustained_throughput,  // what the service kept up
  peak_throughput,       // its best second
  ws_drops,              // messages that the service says it dropped, or its queue at worst
  ws_lost,               // messages whose reply never came
  ws_unexpected,         // messages that nobody waited for
  ws_unclean_closes,     // connections that ended without a closing handshake
};

inline constexpr Metric all_metrics[] = {
    Metric::latency_p50,       Metric::latency_p90,     Metric::latency_p95,     Metric::latency_p99,
    Metric::latency_p999,      Metric::latency_mean,    Metric::latency_max,     Metric::throughput,
    Metric::error_rate,        Metric::cpu_per_request, Metric::stalls,          Metric::first_byte_p50,
    Metric::first_byte_p95,    Metric::first_byte_p99,  Metric::first_event_p50, Metric::first_event_p95,
    Metric::first_event_p99,   Metric::recovery_time,   Metric::latency_drift,   Metric::sustained_throughput,
    Metric::peak_throughput,   Metric::ws_drops,        Metric::ws_lost,         Metric::ws_unexpected,
    Metric::ws_unclean_closes,
};

// What a metric's value is made of.
enum class MetricBasis {
  answers,       // every answer, slice by slice
  first_bytes,   // the times to the first byte
  first_events,  // the times to a stream's first event
  run,           // one figure of the whole run (EndpointResult::figures)
  rounds,        // pairs of slices: measured only where both builds run side by side
};
MetricBasis basis(Metric metric);

// Measured only where both builds run side by side: stored results do not have it.
bool paired_only(Metric metric);

// latency: a time in microseconds (CPU time per request as well), more is worse. rate: 1/s, less is worse. share: 0..1,
// more is worse, judged by absolute difference. count: a number of something, more is worse.
enum class MetricKind { latency, rate, share, count };

std::string_view name(Metric metric);  // "latency_p99.9"
MetricKind kind(Metric metric);
// The quantile's rank in (0, 1] for p50 ... p99.9 and 1.0 for max; nothing for the others.
std::optional<double> quantile(Metric metric);

// By canonical name or alias: "latency_p999", "p95", "p(95)", "latency_med", "latency_avg", "rps", "errors" ... Nothing
// when unknown.
std::optional<Metric> metric_named(std::string_view text);
std::vector<std::string> metric_names();  // canonical ones

// A value of the metric for people: "12.4 ms", "381 us", "1520/s", "0.42 %".
std::string to_text(Metric metric, double value);

}  // namespace burstgate
