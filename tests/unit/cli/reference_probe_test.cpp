#include "cli/reference_probe.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>

#include "base/assert.hpp"

using namespace burstgate;
using namespace burstgate::cli;

TEST_CASE("the fine median lies within its bucket where half of the samples are below") {
  measure::Histogram latencies;
  CHECK_THROWS_AS(fine_median_us(latencies), AssertionFailed);
  latencies.record(31, 2);
  CHECK(fine_median_us(latencies) == 31.5);
  latencies.record(30);
  latencies.record(40);
  CHECK(fine_median_us(latencies) == 31.5);
  latencies.record(5'000, 100);  // buckets there are 4 us wide
  CHECK(fine_median_us(latencies) == doctest::Approx(5'000 + 4 * 48.0 / 100));
}

TEST_CASE("a reference is the median of its slices, and how much they differ") {
  const measure::Reference reference = reference_of({33, 30, 31.0001, 32.00012});
  CHECK(reference.p50_us == 31.5);  // whole nanoseconds
  CHECK(reference.slices == 4);
  CHECK(reference.spread == doctest::Approx(0.0409).epsilon(0.01));
  CHECK(reference_of({30.12345}).p50_us == 30.123);
  CHECK(reference_of({30}).spread == 0);
}

TEST_CASE("both halves make a reference, one does not") {
  std::atomic<int> signal{0};
  ReferenceProbe probe(7, signal);
  probe.measure_half();
  CHECK_FALSE(probe.result());
  const auto began = std::chrono::steady_clock::now();
  probe.measure_half();
  const double half_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  CHECK(probe.trouble() == "");
  const auto reference = probe.result();
  REQUIRE(reference);
  CHECK(reference->slices == reference_slices);
  CHECK(reference->p50_us > 1);
  CHECK(reference->spread > 0);
  CHECK(half_s > 0.4 * reference_seconds());  // no more is promised on a busy machine
}

TEST_CASE("a signal ends it, and there is no result") {
  std::atomic<int> signal{15};
  ReferenceProbe probe(7, signal);
  const auto began = std::chrono::steady_clock::now();
  probe.measure_half();
  probe.measure_half();
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(1));
  CHECK_FALSE(probe.result());
  CHECK(probe.trouble() == "");
}
