#include "measure/result_accounting.hpp"

#include <fmt/format.h>

#include <cmath>

namespace burstgate::measure {

namespace {

constexpr const char* accounting_code = "E-524";

void expect(const JsonNode& parent, std::string_view key, std::uint64_t expected, std::string_view why) {
  const JsonNode node = parent.at(key);
  if (node.count() != expected) node.fail_expecting(fmt::format("{} ({})", expected, why), accounting_code);
}

void expect(const JsonNode& parent, std::string_view key, const std::optional<double>& expected) {
  constexpr double rounding = 1e-9;
  const JsonNode node = parent.at(key);
  if (!expected) {
    if (!node.is_null()) node.fail("expected null, the counts do not give a value", accounting_code);
    return;
  }
  const bool agrees = std::fabs(node.number() - *expected) <= rounding * std::fabs(*expected);
  if (!agrees) node.fail_expecting(fmt::format("{} as the counts give it", *expected), accounting_code);
}

}  // namespace

void check_result_accounting(const JsonNode& node, const EndpointResult& result, double duration_s) {
  const Counts& counts = result.counts;
  const Latencies& latencies = result.latencies;
  expect(node, "planned", counts.started + counts.dropped, "requests + dropped");
  expect(node, "failed", counts.failed(), "the sum of the failures");
  expect(node, "requests", counts.ok + counts.failed() + counts.unfinished, "ok + failed + unfinished");
  expect(node, "ok", latencies.ok.count(), "samples in the histogram of successes");
  expect(node, "requests", latencies.ok.count() + latencies.late.count() + latencies.failed.count(),
         "samples in the histograms ok + late + failed");
  expect(node, "error_rate", counts.error_rate());
  expect(node, "throughput_rps", value_of(result, Metric::throughput, duration_s));
}

void check_sums(const JsonNode& totals, const Measurement& measurement) {
  if (measurement.is_point()) return;
  Counts sum;
  for (const auto& endpoint : measurement.endpoints) sum.add(endpoint.counts);
  const std::string_view why = "the sum over the endpoints";
  expect(totals, "planned", sum.planned, why);
  expect(totals, "requests", sum.started, why);
  expect(totals, "ok", sum.ok, why);
  expect(totals, "unfinished", sum.unfinished, why);
  const JsonNode failures = totals.at("failures");
  for (std::size_t i = 0; i < failure_count; ++i) {
    const auto failure = static_cast<Failure>(i);
    if (failures.find(name(failure)) || sum[failure] > 0) expect(failures, name(failure), sum[failure], why);
  }
}

}  // namespace burstgate::measure
