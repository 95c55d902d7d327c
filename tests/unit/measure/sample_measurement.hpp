// A measurement with something in every field, the same each time.
#pragma once

#include <random>

#include "measure/measurement.hpp"

namespace burstgate::measure {

inline EndpointResult sample_endpoint(const std::string& name, std::uint64_t samples, unsigned seed) {
  std::mt19937_64 random(seed);
  EndpointResult endpoint;
  endpoint.name = name;
  Counts& counts = endpoint.counts;
  for (std::uint64_t i = 0; i < samples; ++i) {
    // Not std::lognormal_distribution: its numbers differ between standard libraries.
    const auto spread = static_cast<std::int64_t>(random() % 1000);
    const std::int64_t us = 1000 + spread * spread / 50 + static_cast<std::int64_t>(seed);
    endpoint.latencies.ok.record(us);
    endpoint.latencies.service.record(us - 300);
  }
  endpoint.latencies.late.record(5'000'000, 2);
  endpoint.latencies.late.record(1'200'000);
  endpoint.latencies.failed.record(80, 4);
  counts.ok = samples;
  counts[Failure::timeout] = 2;
  counts[Failure::status] = 3;
  counts[Failure::reset] = 1;
  counts.unfinished = 1;
  counts.started = samples + 7;
  counts.dropped = 5;
  counts.planned = counts.started + counts.dropped;
  counts.statuses = {{200, samples}, {503, 3}};
  counts.body_bytes = samples * 612;
  for (int i = 0; i < 2; ++i) {
    endpoint.slices.push_back(
        {i * 0.1, 0.1, samples / 2, 3, samples / 2 + 1, 1234, 2000.5, 2500, 4000, 5000, 1333.125, 6001});
  }
  endpoint.slices.push_back({0.2, 0.1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0});
  return endpoint;
}

inline Measurement sample_measurement(std::uint64_t samples_per_endpoint = 100, int endpoints = 2) {
  Measurement m;
  m.tool = "burstgate 0.1.0";
  m.started_at_unix_s = 1'763'733'250;
  m.commit = "0123456789abcdef";
  m.operation = "checkout";
  m.profile = "pr";
  m.load_model = "open";
  m.target = "http://127.0.0.1:8080";
  m.warmup_s = 0.1;
  m.duration_s = 0.30000000000000004;
  m.environment = {"Example CPU @ 2.00GHz",          4,    1.5,     "Linux 6.1.0 x86_64",
                   "Debian GNU/Linux 12 (bookworm)", 7950, "0.1.0", "github"};
  m.workload.fields = {{"model", "open"}, {"rate", "200/s"}, {"scenario[a].step[GET /].headers", "none"}};
  m.workload.digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  const char* names[] = {"GET /", "chat", "session \"x\"", "d", "e"};
  for (int i = 0; i < endpoints; ++i) {
    m.endpoints.push_back(sample_endpoint(names[i], samples_per_endpoint, static_cast<unsigned>(i) + 1));
    m.total.counts.add(m.endpoints.back().counts);
    m.total.latencies.merge(m.endpoints.back().latencies);
  }
  m.endpoints.front().latencies.first_byte.record(900, samples_per_endpoint);
  m.endpoints.front().latencies.first_event.record(950, 3);
  m.total.latencies.first_byte = m.endpoints.front().latencies.first_byte;
  m.total.latencies.first_event = m.endpoints.front().latencies.first_event;
  m.total.figures = {{Metric::recovery_time, 1'500'000}, {Metric::latency_drift, -0.125}, {Metric::ws_drops, 3}};
  m.total.slices = m.endpoints.front().slices;
  m.generator = {2, 0.1, 35.25, 410, 0.001, 0.052, 50, 50, 61, 2};
  m.reference = Reference{31.125, 0.0234375, 8};
  m.anomalies = {{"bare_lf", 3}};
  m.notes = {"single launch", "Grüße"};
  return m;
}

inline Measurement sample_point() {
  Measurement m;
  m.tool = "flat summary";
  m.operation = "content_generation_baseline";
  m.duration_s = 300;
  m.total.point = {{Metric::latency_p95, 4'500'000},
                   {Metric::latency_p999, 9'000'000.125},
                   {Metric::throughput, 8.5},
                   {Metric::error_rate, 0.02}};
  m.notes = {"imported"};
  return m;
}

}  // namespace burstgate::measure
