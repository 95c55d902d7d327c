// Field-by-field comparison of measurements, so that a failing round trip names what was lost.
#pragma once

#include <doctest/doctest.h>

#include "measure/measurement.hpp"

namespace burstgate::measure {

inline void check_same(const Histogram& a, const Histogram& b) {
  CHECK(a.count() == b.count());
  CHECK(a.overflow() == b.overflow());
  CHECK(a.min_us() == b.min_us());
  CHECK(a.max_us() == b.max_us());
  for (std::size_t i = 0; i < Histogram::bucket_count(); ++i) {
    if (a.count_in(i) != b.count_in(i)) FAIL("bucket " << i << ": " << a.count_in(i) << " and " << b.count_in(i));
  }
}

inline void check_same(const Counts& a, const Counts& b) {
  CHECK(a.planned == b.planned);
  CHECK(a.dropped == b.dropped);
  CHECK(a.started == b.started);
  CHECK(a.ok == b.ok);
  CHECK(a.unfinished == b.unfinished);
  CHECK(a.failures == b.failures);
  CHECK(a.statuses == b.statuses);
  CHECK(a.body_bytes == b.body_bytes);
}

inline void check_same(const Slice& a, const Slice& b) {
  CHECK(a.start_s == b.start_s);
  CHECK(a.duration_s == b.duration_s);
  CHECK(a.ok == b.ok);
  CHECK(a.failed == b.failed);
  CHECK(a.samples == b.samples);
  CHECK(a.p50_us == b.p50_us);
  CHECK(a.p90_us == b.p90_us);
  CHECK(a.p95_us == b.p95_us);
  CHECK(a.p99_us == b.p99_us);
  CHECK(a.p999_us == b.p999_us);
  CHECK(a.mean_us == b.mean_us);
  CHECK(a.max_us == b.max_us);
  CHECK(a.stage == b.stage);
}

inline void check_same(const Stage& a, const Stage& b) {
  CHECK(a.name == b.name);
  CHECK(a.start_s == b.start_s);
  CHECK(a.duration_s == b.duration_s);
  CHECK(a.from == b.from);
  CHECK(a.to == b.to);
}

inline void check_same(const EndpointResult& a, const EndpointResult& b) {
  CHECK(a.name == b.name);
  check_same(a.counts, b.counts);
  check_same(a.latencies.ok, b.latencies.ok);
  check_same(a.latencies.late, b.latencies.late);
  check_same(a.latencies.failed, b.latencies.failed);
  check_same(a.latencies.service, b.latencies.service);
  REQUIRE(a.slices.size() == b.slices.size());
  for (std::size_t i = 0; i < a.slices.size(); ++i) check_same(a.slices[i], b.slices[i]);
  check_same(a.latencies.first_byte, b.latencies.first_byte);
  check_same(a.latencies.first_event, b.latencies.first_event);
  CHECK(a.figures == b.figures);
  CHECK(a.point == b.point);
}

inline void check_same(const Environment& a, const Environment& b) {
  CHECK(a.cpu_model == b.cpu_model);
  CHECK(a.cores == b.cores);
  CHECK(a.cpu_limit == b.cpu_limit);
  CHECK(a.kernel == b.kernel);
  CHECK(a.os == b.os);
  CHECK(a.memory_mib == b.memory_mib);
  CHECK(a.generator_version == b.generator_version);
  CHECK(a.ci == b.ci);
}

inline void check_same(const GeneratorHealth& a, const GeneratorHealth& b) {
  CHECK(a.threads == b.threads);
  CHECK(a.busiest_thread_cpu == b.busiest_thread_cpu);
  CHECK(a.send_lag_p50_us == b.send_lag_p50_us);
  CHECK(a.send_lag_p99_us == b.send_lag_p99_us);
  CHECK(a.steal_share == b.steal_share);
  CHECK(a.paused_s == b.paused_s);
  CHECK(a.connections_asked == b.connections_asked);
  CHECK(a.connections_peak == b.connections_peak);
  CHECK(a.connections_opened == b.connections_opened);
  CHECK(a.stale_retries == b.stale_retries);
}

inline void check_same(const Measurement& a, const Measurement& b) {
  CHECK(a.tool == b.tool);
  CHECK(a.started_at_unix_s == b.started_at_unix_s);
  CHECK(a.commit == b.commit);
  CHECK(a.branch == b.branch);
  CHECK(a.pull_request == b.pull_request);
  CHECK(a.operation == b.operation);
  CHECK(a.profile == b.profile);
  CHECK(a.load_model == b.load_model);
  CHECK(a.target == b.target);
  CHECK(a.warmup_s == b.warmup_s);
  CHECK(a.duration_s == b.duration_s);
  CHECK(a.partial == b.partial);
  CHECK(a.stop_reason == b.stop_reason);
  CHECK(a.target_died == b.target_died);
  CHECK(a.tool_failed == b.tool_failed);
  check_same(a.environment, b.environment);
  CHECK(a.workload.fields == b.workload.fields);
  CHECK(a.workload.digest == b.workload.digest);
  check_same(a.total, b.total);
  REQUIRE(a.endpoints.size() == b.endpoints.size());
  for (std::size_t i = 0; i < a.endpoints.size(); ++i) check_same(a.endpoints[i], b.endpoints[i]);
  REQUIRE(a.stages.size() == b.stages.size());
  for (std::size_t i = 0; i < a.stages.size(); ++i) check_same(a.stages[i], b.stages[i]);
  check_same(a.generator, b.generator);
  REQUIRE(a.reference.has_value() == b.reference.has_value());
  if (a.reference) {
    CHECK(a.reference->p50_us == b.reference->p50_us);
    CHECK(a.reference->spread == b.reference->spread);
    CHECK(a.reference->slices == b.reference->slices);
  }
  CHECK(a.anomalies == b.anomalies);
  CHECK(a.notes == b.notes);
}

}  // namespace burstgate::measure
