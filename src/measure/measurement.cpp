#include "measure/measurement.hpp"

#include <fmt/format.h>

#include <numeric>

#include "base/assert.hpp"
#include "base/encodings.hpp"

namespace burstgate::measure {

namespace {
constexpr std::array<std::string_view, failure_count> failure_names = {
    "status",    "check",         "timeout",   "send_timeout", "connect_timeout", "refused",   "connect",
    "reset",     "closed",        "truncated", "protocol",     "too_large",       "generator", "tls",
    "handshake", "unclean_close", "save"};
}

std::string_view name(Failure failure) {
  return failure_names.at(static_cast<std::size_t>(failure));
}

std::optional<Failure> failure_named(std::string_view text) {
  for (std::size_t i = 0; i < failure_count; ++i) {
    if (failure_names[i] == text) return static_cast<Failure>(i);
  }
  return std::nullopt;
}

std::string digest_of(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string all;
  for (const auto& [field, value] : fields) all += field + "=" + value + "\n";
  return sha256(all);
}

std::uint64_t Counts::failed() const {
  return std::accumulate(failures.begin(), failures.end(), std::uint64_t{0});
}

std::optional<double> Counts::error_rate() const {
  if (started == 0) return std::nullopt;
  return static_cast<double>(failed() + unfinished) / static_cast<double>(started);
}

void Counts::add(const Counts& other) {
  planned += other.planned;
  dropped += other.dropped;
  started += other.started;
  ok += other.ok;
  unfinished += other.unfinished;
  for (std::size_t i = 0; i < failure_count; ++i) failures[i] += other.failures[i];
  for (const auto& [status, count] : other.statuses) statuses[status] += count;
  body_bytes += other.body_bytes;
}

Histogram Latencies::judged() const {
  Histogram h = ok;
  h.merge(late);
  return h;
}

Histogram Latencies::all() const {
  Histogram h = judged();
  h.merge(failed);
  return h;
}

void Latencies::merge(const Latencies& other) {
  ok.merge(other.ok);
  late.merge(other.late);
  failed.merge(other.failed);
  service.merge(other.service);
  first_byte.merge(other.first_byte);
  first_event.merge(other.first_event);
}

std::optional<double> Slice::value(Metric metric) const {
  const auto latency = [&](double us) { return samples > 0 ? std::optional<double>(us) : std::nullopt; };
  switch (metric) {
    case Metric::latency_p50:
      return latency(p50_us);
    case Metric::latency_p90:
      return latency(p90_us);
    case Metric::latency_p95:
      return latency(p95_us);
    case Metric::latency_p99:
      return latency(p99_us);
    case Metric::latency_p999:
      return latency(p999_us);
    case Metric::latency_mean:
      return latency(mean_us);
    case Metric::latency_max:
      return latency(max_us);
    case Metric::throughput:
      return duration_s > 0 ? std::optional<double>(static_cast<double>(ok) / duration_s) : std::nullopt;
    case Metric::error_rate:
      return ok + failed > 0 ? std::optional<double>(static_cast<double>(failed) / static_cast<double>(ok + failed))
                             : std::nullopt;
    default:
      break;  // MetricBasis::answers has no others
  }
  return std::nullopt;
}

std::string Environment::machine_class() const {
  std::string text = fmt::format("{}, {} cores", cpu_model.empty() ? "unknown CPU" : cpu_model, cores);
  if (cpu_limit) text += fmt::format(", limited to {:g} CPUs", *cpu_limit);
  return text;
}

std::string command_of(const Measurement& measurement) {
  for (const auto& [field, value] : measurement.workload.fields) {
    if (field == command_field) return value;
  }
  return {};
}

namespace {

std::optional<double> latency_of(const Histogram& histogram, Metric metric) {
  if (metric == Metric::latency_mean) return histogram.mean_us();
  const auto value = histogram.value_at_us(*quantile(metric));
  return value ? std::optional<double>(static_cast<double>(*value)) : std::nullopt;
}

}  // namespace

std::optional<double> value_of(const EndpointResult& endpoint, Metric metric, double duration_s) {
  if (endpoint.point) {
    const auto found = endpoint.point->find(metric);
    return found == endpoint.point->end() ? std::nullopt : std::optional<double>(found->second);
  }
  if (paired_only(metric)) return std::nullopt;
  if (basis(metric) == MetricBasis::run) {
    const auto found = endpoint.figures.find(metric);
    return found == endpoint.figures.end() ? std::nullopt : std::optional<double>(found->second);
  }
  switch (kind(metric)) {
    case MetricKind::latency:
      return latency_of(times_of(endpoint, metric), metric);
    case MetricKind::rate:
      if (duration_s <= 0 || endpoint.counts.started == 0) return std::nullopt;
      return static_cast<double>(endpoint.counts.ok) / duration_s;
    case MetricKind::share:
      return endpoint.counts.error_rate();
    case MetricKind::count:
      break;  // figures of the run
  }
  return std::nullopt;
}

Histogram times_of(const EndpointResult& endpoint, Metric metric) {
  switch (basis(metric)) {
    case MetricBasis::first_bytes:
      return endpoint.latencies.first_byte;
    case MetricBasis::first_events:
      return endpoint.latencies.first_event;
    default:
      return endpoint.latencies.judged();
  }
}

std::uint64_t samples_of(const EndpointResult& endpoint, Metric metric) {
  switch (basis(metric)) {
    case MetricBasis::first_bytes:
      return endpoint.latencies.first_byte.count();
    case MetricBasis::first_events:
      return endpoint.latencies.first_event.count();
    case MetricBasis::answers:
      if (kind(metric) == MetricKind::latency) return endpoint.latencies.ok.count() + endpoint.latencies.late.count();
      [[fallthrough]];
    default:
      return endpoint.counts.started;
  }
}

const EndpointResult* find_endpoint(const Measurement& measurement, std::string_view name) {
  if (name.empty()) return &measurement.total;
  for (const auto& endpoint : measurement.endpoints) {
    if (endpoint.name == name) return &endpoint;
  }
  return nullptr;
}

namespace {

std::optional<std::size_t> stage_at(const std::vector<Stage>& stages, double at_s) {
  for (std::size_t i = 0; i < stages.size(); ++i) {
    if (at_s >= stages[i].start_s && at_s < stages[i].start_s + stages[i].duration_s) return i;
  }
  return std::nullopt;
}

}  // namespace

void mark_stages(Measurement& measurement) {
  const auto mark = [&](EndpointResult& result) {
    for (Slice& slice : result.slices) {
      slice.stage = stage_at(measurement.stages, slice.start_s + slice.duration_s / 2);
    }
  };
  mark(measurement.total);
  for (EndpointResult& endpoint : measurement.endpoints) mark(endpoint);
}

namespace {

void check_identity(const EndpointResult& endpoint) {
  const Counts& c = endpoint.counts;
  BURSTGATE_ASSERT(c.planned == c.started + c.dropped);
  BURSTGATE_ASSERT(c.started == c.ok + c.failed() + c.unfinished);
  BURSTGATE_ASSERT(endpoint.latencies.ok.count() == c.ok);
  BURSTGATE_ASSERT(endpoint.latencies.all().count() == c.started);
}

}  // namespace

void check_accounting(const Measurement& measurement) {
  if (measurement.is_point()) return;
  Counts sum;
  for (const auto& endpoint : measurement.endpoints) {
    check_identity(endpoint);
    sum.add(endpoint.counts);
  }
  for (const auto& step : measurement.setup) check_identity(step);
  check_identity(measurement.total);
  BURSTGATE_ASSERT(sum.planned == measurement.total.counts.planned);
  BURSTGATE_ASSERT(sum.started == measurement.total.counts.started);
  BURSTGATE_ASSERT(sum.ok == measurement.total.counts.ok);
  BURSTGATE_ASSERT(sum.failures == measurement.total.counts.failures);
  BURSTGATE_ASSERT(sum.unfinished == measurement.total.counts.unfinished);
}

}  // namespace burstgate::measure
