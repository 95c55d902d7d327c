// What a burst measured: a plain value, the same whether it was just made or read from a file.
//
// Accounting identity, asserted by check_accounting(): planned = started + dropped; started = ok + failed +
// unfinished; the endpoints' counts add up to the total's.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/metric.hpp"
#include "measure/histogram.hpp"

namespace burstgate::measure {

// Why a request did not succeed. Names are stable: they stand in saved results.
enum class Failure : std::uint8_t {
  status,           // a complete answer with a status that was not expected
  check,            // a complete answer that broke another expectation (body, size)
  timeout,          // no complete answer within the request timeout
  send_timeout,     // the request itself could not be written within the timeout (the peer reads nothing)
  connect_timeout,  // no connection within the connect timeout
  refused,          // connection refused
  connect,          // any other failure to connect (unreachable, no buffers ...)
  reset,            // connection reset while the request was under way
  closed,           // orderly close before the first byte of the answer
  truncated,        // close inside the answer
  protocol,         // an answer that is not HTTP/1.x, or framed wrongly
  too_large,        // an answer above the size limit
  generator,        // our own side: no descriptors, no local ports, no stream allowed in time
  tls,              // a handshake that failed, or records that are none
  handshake,        // the answer to a WebSocket's handshake was none
  unclean_close,    // a WebSocket's connection ended without a close frame, with a reply still awaited
  save,             // a complete answer without a value that was to be saved from it
};
inline constexpr std::size_t failure_count = 17;
std::string_view name(Failure failure);
std::optional<Failure> failure_named(std::string_view text);

struct Counts {
  std::uint64_t planned = 0;  // requests that were due within the measured window
  std::uint64_t dropped = 0;  // due, but never started: the queue of waiting arrivals was full
  std::uint64_t started = 0;
  std::uint64_t ok = 0;
  std::uint64_t unfinished = 0;  // still under way when the run ended
  std::array<std::uint64_t, failure_count> failures{};
  std::map<int, std::uint64_t> statuses;  // every complete answer by its status, expected or not
  std::uint64_t body_bytes = 0;           // of successful answers, as on the wire

  std::uint64_t& operator[](Failure f) { return failures[static_cast<std::size_t>(f)]; }
  std::uint64_t operator[](Failure f) const { return failures[static_cast<std::size_t>(f)]; }
  std::uint64_t failed() const;
  // Failed and unfinished requests as a share of the started ones; nothing when none was started.
  std::optional<double> error_rate() const;
  void add(const Counts& other);
};

// Latency of requests by how they ended. In the open model latency runs from the intended send time to the last byte of
// the answer; in the closed model from the actual send. Failures are never mixed into the successes.
struct Latencies {
  Histogram ok;           // successes
  Histogram late;         // requests that timed out (at the timeout's value) or were unfinished (at their elapsed time)
  Histogram failed;       // every other failure
  Histogram service;      // successes, from the actual send time (equals `ok` in the closed model)
  Histogram first_byte;   // successes, from the same beginning as `ok`; empty where it was not measured
  Histogram first_event;  // of streams

  // What is judged: successes and late ones together. A fast failure cannot make it look better, and a request that
  // never came back cannot vanish from it.
  Histogram judged() const;
  Histogram all() const;
  void merge(const Latencies& other);
};

// A stretch of the measured window; requests belong to the slice in which they ended (those that end after the window
// to the last one). Quantiles are of the judged latencies, in microseconds, and absent where samples = 0.
struct Slice {
  double start_s = 0;  // from the start of the measured window
  double duration_s = 0;
  std::uint64_t ok = 0;
  std::uint64_t failed = 0;  // and unfinished
  std::uint64_t samples = 0;
  double p50_us = 0, p90_us = 0, p95_us = 0, p99_us = 0, p999_us = 0, mean_us = 0, max_us = 0;
  std::optional<std::size_t> stage{};  // of Measurement::stages, by the slice's middle

  // Value of the metric in this slice; nothing when it has no samples (latency) or no requests (error rate).
  std::optional<double> value(Metric metric) const;
};

// A stretch of the measured window in which a profile changed the load evenly.
struct Stage {
  std::string name;
  double start_s = 0;  // from the start of the measured window, as planned
  double duration_s = 0;
  double from = 0;  // users, or iterations started per second
  double to = 0;
};

struct EndpointResult {
  std::string name;  // "GET /", or as named in the plan; "" for the total
  Counts counts;
  Latencies latencies;
  std::vector<Slice> slices;
  std::map<Metric, double> figures;  // of MetricBasis::run, in the metric's base unit; absent: not measured
  // Set when only summary numbers are known (a flat baseline file, an import without raw data): values in the metric's
  // base unit (us, 1/s, 0..1). Counts and latencies are then empty, and nothing may be said about confidence.
  std::optional<std::map<Metric, double>> point;
};

// The duration that setup steps have: none, so that they have no throughput.
inline constexpr double no_window_s = 0;

struct GeneratorHealth {
  int threads = 0;
  double busiest_thread_cpu = 0;          // share of one CPU that the busiest generator thread used, 0..1
  std::optional<double> send_lag_p50_us;  // actual minus intended send time while a connection was free
  std::optional<double> send_lag_p99_us;
  double steal_share = 0;               // of all CPU time in the window, from /proc/stat, 0..1
  double paused_s = 0;                  // sum of event-loop gaps above 50 ms
  std::uint64_t connections_asked = 0;  // that the plan wanted at the same time
  std::uint64_t connections_peak = 0;   // that were open at the same time
  std::uint64_t connections_opened = 0;
  std::uint64_t stale_retries = 0;  // requests sent once more because a reused idle connection had been closed
};

// Where it was measured. Two runs with the same machine_class() can be compared without widening.
struct Environment {
  std::string cpu_model;
  int cores = 0;                    // that this process may use (affinity and cgroup quota)
  std::optional<double> cpu_limit;  // cgroup quota in CPUs, if any
  std::string kernel;
  std::string os;
  std::uint64_t memory_mib = 0;
  std::string generator_version;
  std::string ci;  // "github", "gitlab", ... or empty

  std::string machine_class() const;  // CPU model, cores and limit in one line
};

// How fast this machine was around the burst: burstgate's own echo service, measured with one user shortly before the
// warm-up and after the last answer. It never changes, so what differs between two runs of it is the machine.
struct Reference {
  double p50_us = 0;  // median of the slices' p50; above 0
  double spread = 0;  // standard deviation of ln(p50) between the slices
  int slices = 0;
};

// Everything that changes what is sent, as ordered field = value pairs, and the SHA-256 over them.
struct Workload {
  std::vector<std::pair<std::string, std::string>> fields;
  std::string digest;  // lower-case hex
};

// The field that holds the command of another tool which burstgate ran itself.
inline constexpr std::string_view command_field = "command";
std::string digest_of(const std::vector<std::pair<std::string, std::string>>& fields);

struct Measurement {
  std::string tool;  // "burstgate 0.1.0"
  std::int64_t started_at_unix_s = 0;
  std::string commit;        // of the code under test, if known
  std::string branch;        // likewise
  std::string pull_request;  // its number; empty: none
  std::string operation;     // what the run is called; part of its file name
  std::string profile;
  std::string load_model;  // "closed" or "open"
  std::string target;      // "http://127.0.0.1:8080", without path, query and secrets
  double warmup_s = 0;
  double duration_s = 0;    // of the measured window as it really was
  bool partial = false;     // interrupted, or the target died
  std::string stop_reason;  // empty: ran to the end
  bool target_died = false;
  bool tool_failed = false;  // target_died, because another tool that sends the load failed
  Environment environment;
  Workload workload;
  EndpointResult total;
  std::vector<EndpointResult> endpoints;  // in the plan's order
  std::vector<Stage> stages;              // of a profile in stages, one after the other; of a constant load none
  std::vector<EndpointResult> setup;      // setup and teardown steps, inside the window or not; not part of the total
  GeneratorHealth generator;
  std::optional<Reference> reference;              // absent: not measured, or by an older version
  std::map<std::string, std::uint64_t> anomalies;  // protocol oddities that were tolerated, by name
  std::vector<std::string> notes;                  // said in every report (single facts, one line each)

  bool is_point() const { return total.point.has_value(); }
};

// The tool's command; empty: burstgate's own burst, or a file that was imported.
std::string command_of(const Measurement& measurement);

// The metric's value in its base unit (us, 1/s, 0..1), or nothing when the data does not give it. Latency quantiles are
// those of the judged latencies; throughput counts successes per second of the measured window.
std::optional<double> value_of(const EndpointResult& endpoint, Metric metric, double duration_s);

// The times that a latency metric is a quantile of, by its basis: judged latencies, first bytes, first events.
Histogram times_of(const EndpointResult& endpoint, Metric metric);

// Samples that a metric's value rests on (times, or started requests).
std::uint64_t samples_of(const EndpointResult& endpoint, Metric metric);

const EndpointResult* find_endpoint(const Measurement& measurement, std::string_view name);  // "" is the total

// Writes into every slice which stage it was in.
void mark_stages(Measurement& measurement);

// Assertion when the accounting identity does not hold. Point measurements have no counts and pass.
void check_accounting(const Measurement& measurement);

}  // namespace burstgate::measure
