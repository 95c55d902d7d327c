// Prints a result of 10 million samples in three endpoints, for tests/bench/times.py.
#include <cmath>
#include <cstdio>
#include <random>

#include "base/json_text.hpp"
#include "measure/environment.hpp"
#include "measure/result_json.hpp"

using namespace burstgate;

int main() {
  constexpr std::uint64_t samples = 10'000'000;
  constexpr int endpoints = 3;
  measure::Measurement m;
  m.tool = "burstgate " BURSTGATE_VERSION;
  m.operation = "bench";
  m.profile = "default";
  m.load_model = "closed";
  m.duration_s = 60;
  m.environment = measure::read_environment();
  m.workload.fields = {{"model", "closed"}};
  m.workload.digest = std::string(64, '0');
  std::mt19937_64 random(1);
  std::lognormal_distribution<double> latency_us(std::log(20'000), 0.5);
  for (int i = 0; i < endpoints; ++i) {
    measure::EndpointResult endpoint;
    endpoint.name = "GET /" + std::to_string(i);
    for (std::uint64_t k = 0; k < samples / endpoints; ++k)
      endpoint.latencies.ok.record(static_cast<std::int64_t>(latency_us(random)));
    endpoint.latencies.service = endpoint.latencies.ok;
    auto& counts = endpoint.counts;
    counts.planned = counts.started = counts.ok = counts.statuses[200] = samples / endpoints;
    for (int s = 0; s < 60; ++s) {
      measure::Slice slice{.start_s = static_cast<double>(s), .duration_s = 1};
      slice.ok = slice.samples = counts.ok / 60;
      slice.p50_us = 20'000, slice.p90_us = 38'000, slice.p95_us = 45'000, slice.p99_us = 64'000;
      slice.p999_us = 93'000, slice.mean_us = 22'000, slice.max_us = 120'000;
      endpoint.slices.push_back(slice);
    }
    m.total.counts.add(counts);
    m.total.latencies.merge(endpoint.latencies);
    m.total.slices = endpoint.slices;
    for (auto& slice : m.total.slices) slice.ok *= endpoints, slice.samples *= endpoints;
    m.endpoints.push_back(std::move(endpoint));
  }
  std::puts(dump_json(measure::to_json(m), 2).c_str());
}
