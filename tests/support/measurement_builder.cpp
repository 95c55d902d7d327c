#include "support/measurement_builder.hpp"

#include <cmath>

namespace burstgate::test {

using namespace burstgate::measure;

namespace {

Latencies latencies_of(const EndpointSpec& spec) {
  Latencies latencies;
  std::uint64_t recorded = 0;
  for (const auto& [rank, value_us] : spec.latency_us) {
    const auto upto = static_cast<std::uint64_t>(std::ceil(rank * static_cast<double>(spec.ok) - 1e-6));
    if (upto <= recorded) continue;
    latencies.ok.record(value_us, upto - recorded);
    recorded = upto;
  }
  if (recorded < spec.ok) latencies.ok.record(spec.latency_us.back().second, spec.ok - recorded);
  latencies.service = latencies.ok;
  latencies.late.record(spec.late_us, spec.late + spec.unfinished);
  latencies.failed.record(1'000, spec.errors + spec.generator_faults);
  return latencies;
}

Counts counts_of(const EndpointSpec& spec) {
  Counts counts;
  counts.ok = spec.ok;
  counts[Failure::timeout] = spec.late;
  counts[Failure::reset] = spec.errors;
  counts[Failure::generator] = spec.generator_faults;
  counts.unfinished = spec.unfinished;
  counts.started = counts.ok + counts.failed() + counts.unfinished;
  counts.dropped = spec.dropped;
  counts.planned = counts.started + counts.dropped;
  counts.statuses = spec.statuses;
  if (counts.statuses.empty() && spec.ok > 0) counts.statuses[200] = spec.ok;
  counts.body_bytes = spec.body_bytes_each * spec.ok;
  return counts;
}

std::uint64_t part(std::uint64_t whole, std::size_t index, std::size_t parts) {
  return whole * (index + 1) / parts - whole * index / parts;
}

std::vector<Slice> slices_of(const EndpointSpec& spec, const EndpointResult& endpoint, double duration_s) {
  std::vector<Slice> slices;
  const std::uint64_t failed = endpoint.counts.failed() + endpoint.counts.unfinished;
  const Histogram judged = endpoint.latencies.judged();
  for (std::size_t i = 0; i < spec.slices.size(); ++i) {
    Slice slice;
    slice.duration_s = duration_s / static_cast<double>(spec.slices.size());
    slice.start_s = static_cast<double>(i) * slice.duration_s;
    slice.ok = part(spec.ok, i, spec.slices.size());
    slice.failed = spec.slice_errors.empty() ? part(failed, i, spec.slices.size()) : spec.slice_errors.at(i);
    slice.samples = part(judged.count(), i, spec.slices.size());
    const auto at = [&](double rank) {
      return judged.empty() ? 0.0 : spec.slices[i] * static_cast<double>(*judged.value_at_us(rank));
    };
    slice.p50_us = at(0.5), slice.p90_us = at(0.9), slice.p95_us = at(0.95), slice.p99_us = at(0.99);
    slice.p999_us = at(0.999), slice.max_us = at(1.0), slice.mean_us = spec.slices[i] * judged.mean_us().value_or(0);
    slices.push_back(slice);
  }
  return slices;
}

EndpointResult endpoint_of(const EndpointSpec& spec, double duration_s) {
  EndpointResult endpoint;
  endpoint.name = spec.name;
  if (!spec.point.empty()) {
    endpoint.point = spec.point;
    return endpoint;
  }
  endpoint.counts = counts_of(spec);
  endpoint.latencies = latencies_of(spec);
  endpoint.slices = slices_of(spec, endpoint, duration_s);
  return endpoint;
}

void add_slices(EndpointResult& total, const EndpointResult& endpoint) {
  if (total.slices.size() < endpoint.slices.size()) total.slices.resize(endpoint.slices.size());
  for (std::size_t i = 0; i < endpoint.slices.size(); ++i) {
    Slice& sum = total.slices[i];
    const std::uint64_t ok = sum.ok, failed = sum.failed, samples = sum.samples;
    sum = endpoint.slices[i];
    sum.ok += ok, sum.failed += failed, sum.samples += samples;
  }
}

}  // namespace

GeneratorHealth RunSpec::healthy() {
  GeneratorHealth health;
  health.threads = 1;
  health.busiest_thread_cpu = 0.3;
  health.send_lag_p50_us = 20;
  health.send_lag_p99_us = 100;
  health.connections_asked = 20;
  health.connections_peak = 20;
  health.connections_opened = 20;
  return health;
}

Measurement build(const RunSpec& spec) {
  Measurement run;
  run.tool = "burstgate " + spec.version;
  run.started_at_unix_s = 1'700'000'000;
  run.operation = "burst";
  run.profile = "default";
  run.load_model = "open";
  run.target = "http://127.0.0.1:8080";
  run.duration_s = spec.duration_s;
  run.partial = spec.partial;
  run.target_died = spec.target_died;
  run.stop_reason = spec.stop_reason;
  run.environment.cpu_model = spec.cpu;
  run.environment.cores = spec.cores;
  run.environment.generator_version = spec.version;
  run.workload.fields = spec.workload;
  for (const auto& [field, value] : spec.workload) run.workload.digest += field + "=" + value + ";";
  run.generator = spec.generator;
  if (spec.reference_us > 0) run.reference = Reference{spec.reference_us, 0.02, 8};
  for (const EndpointSpec& endpoint : spec.endpoints) run.endpoints.push_back(endpoint_of(endpoint, spec.duration_s));
  if (!spec.point.empty()) {
    run.total.point = spec.point;
    return run;
  }
  for (const EndpointResult& endpoint : run.endpoints) {
    run.total.counts.add(endpoint.counts);
    run.total.latencies.merge(endpoint.latencies);
    add_slices(run.total, endpoint);
  }
  run.total.figures = spec.figures;
  if (spec.first_byte_us > 0) run.total.latencies.first_byte.record(spec.first_byte_us, run.total.counts.ok);
  check_accounting(run);
  return run;
}

}  // namespace burstgate::test
