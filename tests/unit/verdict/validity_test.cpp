// Every validity limit, at the limit and one past it.
#include "verdict/validity.hpp"

#include <doctest/doctest.h>

#include "support/measurement_builder.hpp"
#include "verdict/judge.hpp"

using namespace burstgate;
using namespace burstgate::verdict;
using test::build;
using test::RunSpec;

namespace {

std::vector<Reason> reasons_of(const RunSpec& spec) {
  return invalidity(build(spec));
}

void expect_only(const RunSpec& spec, Cause cause, const std::string& figure) {
  const auto reasons = reasons_of(spec);
  REQUIRE(reasons.size() == 1);
  CHECK(reasons[0].cause == cause);
  CHECK(reasons[0].figure == figure);
}

void expect_valid(const RunSpec& spec) {
  CHECK(reasons_of(spec).empty());
}

RunSpec with_p50(std::int64_t p50_us) {
  RunSpec spec;
  spec.endpoints[0].latency_us = {{1.0, p50_us}};
  return spec;
}

}  // namespace

TEST_CASE("a healthy run is valid") {
  expect_valid({});
}

TEST_CASE("case 104: send lag above 1 ms") {
  RunSpec spec = with_p50(5'000);  // a tenth of it is less than 1 ms
  spec.generator.send_lag_p99_us = 1'000;
  expect_valid(spec);
  spec.generator.send_lag_p99_us = 1'001;
  expect_only(spec, Cause::generator_saturated, "send lag p99 1.00 ms, limit 1.00 ms");
  spec.generator.send_lag_p99_us = 4'100;
  expect_only(spec, Cause::generator_saturated, "send lag p99 4.10 ms, limit 1.00 ms");
}

TEST_CASE("case 104: send lag above a tenth of a long p50") {
  RunSpec spec = with_p50(50'000);
  spec.generator.send_lag_p99_us = 5'000;
  expect_valid(spec);
  spec.generator.send_lag_p99_us = 5'001;
  expect_only(spec, Cause::generator_saturated, "send lag p99 5.00 ms, limit 5.00 ms");
}

TEST_CASE("the closed model has no send lag") {
  RunSpec spec;
  spec.generator.send_lag_p99_us.reset();
  expect_valid(spec);
}

TEST_CASE("send lag without any latency is held against 1 ms") {
  RunSpec spec;
  spec.endpoints[0].ok = 0;
  spec.endpoints[0].errors = 100;
  spec.generator.send_lag_p99_us = 1'001;
  expect_only(spec, Cause::generator_saturated, "send lag p99 1.00 ms, limit 1.00 ms");
}

TEST_CASE("case 104: dropped requests above 0.1 % of the planned ones") {
  RunSpec spec;
  spec.endpoints[0].ok = 9'990;
  spec.endpoints[0].dropped = 10;
  expect_valid(spec);
  spec.endpoints[0].ok = 9'989;
  spec.endpoints[0].dropped = 11;
  expect_only(spec, Cause::generator_saturated, "11 of 10000 planned requests were dropped (0.11 %), limit 0.1 %");
}

TEST_CASE("case 46, 47: requests that failed on our own side") {
  RunSpec spec;
  spec.endpoints[0].ok = 9'990;
  spec.endpoints[0].generator_faults = 10;
  expect_valid(spec);
  spec.endpoints[0].ok = 9'989;
  spec.endpoints[0].generator_faults = 11;
  expect_only(
      spec, Cause::generator_saturated,
      "11 of 10000 requests failed on the generator's side (descriptors, local ports, HTTP/2 streams), limit 0.1 %");
}

TEST_CASE("case 104: generator CPU and steal") {
  RunSpec spec;
  spec.generator.busiest_thread_cpu = 0.80;
  expect_valid(spec);
  spec.generator.busiest_thread_cpu = 0.81;
  expect_only(spec, Cause::generator_saturated, "a generator thread used 81 % of its CPU, limit 80 %");
  spec.generator.busiest_thread_cpu = 0.3;
  spec.generator.steal_share = 0.05;
  expect_valid(spec);
  spec.generator.steal_share = 0.051;
  expect_only(spec, Cause::generator_saturated, "the host took 5.1 % of the CPU time (steal), limit 5 %");
}

TEST_CASE("case 113: the machine paused for more than 1 % of the window") {
  RunSpec spec;
  spec.duration_s = 100;
  spec.generator.paused_s = 1;
  expect_valid(spec);
  spec.generator.paused_s = 2.1;
  expect_only(spec, Cause::machine_paused, "the machine stood still for 2.10 s of 100.0 s, limit 1 %");
}

TEST_CASE("case 52: fewer connections than asked") {
  RunSpec spec;
  spec.generator.connections_asked = 100;
  spec.generator.connections_peak = 95;
  expect_valid(spec);
  spec.generator.connections_peak = 94;
  expect_only(spec, Cause::connections_short, "94 of 100 connections were open at the same time, needed 95 %");
  spec.generator.connections_asked = 0;
  spec.generator.connections_peak = 0;
  expect_valid(spec);
}

TEST_CASE("interrupted, or the service died") {
  RunSpec spec;
  spec.partial = true;
  expect_only(spec, Cause::interrupted, "stopped after 10.0 s");
  spec.stop_reason = "SIGINT";
  expect_only(spec, Cause::interrupted, "stopped after 10.0 s: SIGINT");
  spec.target_died = true;
  spec.stop_reason = "exit code 139";
  expect_only(spec, Cause::target_died, "the service stopped answering after 10.0 s: exit code 139");
  spec.partial = false;
  expect_only(spec, Cause::target_died, "the service stopped answering after 10.0 s: exit code 139");
}

TEST_CASE("point measurements carry nothing that could be invalid") {
  RunSpec spec;
  spec.point = {{Metric::latency_p95, 1000}};
  spec.partial = true;
  spec.generator.steal_share = 1;
  expect_valid(spec);
  CHECK_FALSE(without_success(build(spec)));
}

TEST_CASE("case 99: no success is a failure of the service, unless the run was interrupted") {
  RunSpec spec;
  CHECK_FALSE(without_success(build(spec)));
  spec.endpoints[0].ok = 1;
  CHECK_FALSE(without_success(build(spec)));
  spec.endpoints[0].ok = 0;
  spec.endpoints[0].errors = 500;
  REQUIRE(without_success(build(spec)));
  CHECK(without_success(build(spec))->cause == Cause::zero_successes);
  CHECK(without_success(build(spec))->figure == "none of 500 requests succeeded");
  spec.partial = true;
  CHECK_FALSE(without_success(build(spec)));
  spec.target_died = true;
  CHECK(without_success(build(spec)));
}

TEST_CASE("samples that a quantile needs") {
  CHECK(samples_needed(Metric::latency_p50) == 5);
  CHECK(samples_needed(Metric::latency_p90) == 29);
  CHECK(samples_needed(Metric::latency_p95) == 59);
  CHECK(samples_needed(Metric::latency_p99) == 299);
  CHECK(samples_needed(Metric::latency_p999) == 2995);
  CHECK(samples_needed(Metric::latency_max) == 1);
  CHECK(samples_needed(Metric::latency_mean) == 1);
  CHECK(samples_needed(Metric::throughput) == 1);
  CHECK(samples_needed(Metric::error_rate) == 1);
}
