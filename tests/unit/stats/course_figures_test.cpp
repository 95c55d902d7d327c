#include "stats/course_figures.hpp"

#include <doctest/doctest.h>

using namespace burstgate;
using namespace burstgate::stats;

namespace {

measure::Slice slice(double start_s, double length_s, std::uint64_t ok, double p95_us, std::uint64_t failed = 0) {
  measure::Slice made;
  made.start_s = start_s;
  made.duration_s = length_s;
  made.ok = ok;
  made.failed = failed;
  made.samples = ok;
  made.p95_us = p95_us;
  return made;
}

// A slice a second, each with its p95 in ms and 100 answers.
Slices seconds_of(const std::vector<double>& p95_ms) {
  Slices slices;
  for (const double ms : p95_ms) slices.push_back(slice(static_cast<double>(slices.size()), 1, 100, ms * 1000));
  return slices;
}

const RecoveryLimits limits{.p95_us = 20'000, .error_rate = 0.01};

double recovered_after(const Slices& slices, double peak_end_s) {
  const auto found = recovery(slices, peak_end_s, limits);
  REQUIRE(found);
  REQUIRE(found->recovered);
  return found->seconds;
}

}  // namespace

TEST_CASE("recovery: from the end of the peak until a slice within the limits has ended, so never zero") {
  CHECK(recovered_after(seconds_of({10, 10, 90, 90, 50, 30, 10, 10, 10}), 4) == doctest::Approx(3));
  CHECK(recovered_after(seconds_of({10, 90, 90, 10, 10}), 3) == doctest::Approx(1));
  CHECK(recovered_after(seconds_of({10, 90, 90, 10, 10}), 2.5) == doctest::Approx(1.5));
  CHECK(recovered_after(seconds_of({10, 90, 90, 20, 20}), 3) == doctest::Approx(1));  // at the limit is within it
}

TEST_CASE("recovery: a relapse begins it anew, one slice in twenty does not") {
  CHECK(recovered_after(seconds_of({90, 10, 10, 90, 10, 10}), 1) == doctest::Approx(4));
  std::vector<double> long_run(41, 10);
  long_run[0] = 90;
  long_run[7] = 90;
  CHECK(recovered_after(seconds_of(long_run), 1) == doctest::Approx(1));
  long_run[8] = 90;
  CHECK(recovered_after(seconds_of(long_run), 1) == doctest::Approx(1));  // two of forty
  long_run[30] = 90;
  CHECK(recovered_after(seconds_of(long_run), 1) == doctest::Approx(9));  // three of forty are too many
}

TEST_CASE("recovery: errors count as latency does") {
  Slices slices = seconds_of({10, 10, 10, 10, 10});
  slices[2].failed = 2;
  CHECK(recovered_after(slices, 1) == doctest::Approx(3));
  slices[2].failed = 1;  // 1 of 101 is within 1 %
  CHECK(recovered_after(slices, 1) == doctest::Approx(1));
}

TEST_CASE("recovery: without a limit on the p95 only errors count") {
  CHECK(recovery(seconds_of({10, 90, 90}), 1, {.p95_us = {}, .error_rate = 0.01})->seconds == doctest::Approx(1));
}

TEST_CASE("recovery: not reached is said, with how long was waited") {
  const auto never = recovery(seconds_of({10, 90, 90, 90, 90}), 2, limits);
  REQUIRE(never);
  CHECK_FALSE(never->recovered);
  CHECK(never->seconds == doctest::Approx(3));
  const auto relapse = recovery(seconds_of({10, 90, 10, 10, 90}), 2, limits);
  CHECK_FALSE(relapse->recovered);
  CHECK_FALSE(recovery(seconds_of({10, 10}), 2, limits));
  CHECK_FALSE(recovery({}, 0, limits));
}

TEST_CASE("recovery: a slice without answers is as good as the next one that has some") {
  Slices slices = seconds_of({90, 0, 0, 90, 10, 0, 10});
  for (const std::size_t i : {1u, 2u, 5u}) slices[i].ok = slices[i].samples = 0;
  CHECK(recovered_after(slices, 1) == doctest::Approx(4));
  slices = seconds_of({90, 10, 10});
  slices[2].ok = slices[2].samples = 0;
  CHECK_FALSE(recovery(slices, 1, limits)->recovered);  // and none comes: no answers are no recovery
}

TEST_CASE("drift: the change of the p95 along the run, as a share of where it begins") {
  std::vector<double> p95_ms;
  for (int i = 0; i < 100; ++i) p95_ms.push_back(10 + 0.05 * (i + 0.5));
  p95_ms[13] = 500;
  p95_ms[77] = 500;
  CHECK(*latency_drift(seconds_of(p95_ms), {0, 100}) == doctest::Approx(0.5));
  CHECK(*latency_drift(seconds_of(p95_ms), {20, 100}) == doctest::Approx(4.0 / 11));
  CHECK(*latency_drift(seconds_of(std::vector<double>(50, 7)), {0, 50}) == doctest::Approx(0));
}

TEST_CASE("drift: thousands of slices are summed up first") {
  std::vector<double> p95_ms;
  for (int i = 0; i < 3600; ++i) p95_ms.push_back(10 * (1 + 0.2 * (i + 0.5) / 3600) + (i % 2 == 0 ? 1 : -1));
  CHECK(*latency_drift(seconds_of(p95_ms), {0, 3600}) == doctest::Approx(0.2).epsilon(0.02));
}

TEST_CASE("drift: not from a handful of slices") {
  CHECK(latency_drift(seconds_of(std::vector<double>(min_drift_slices, 7)), {0, 100}));
  CHECK_FALSE(latency_drift(seconds_of(std::vector<double>(min_drift_slices - 1, 7)), {0, 100}));
}

TEST_CASE("sustained is what nine of ten seconds reach, peak the best second; the last slice is left out") {
  Slices slices;
  for (int i = 0; i < 20; ++i) slices.push_back(slice(i, 1, 100 + static_cast<std::uint64_t>(i), 1));
  slices.push_back(slice(20, 1, 9999, 1));
  CHECK(*sustained_throughput(slices, {0, 21}) == doctest::Approx(101));
  CHECK(*sustained_throughput(slices, {10, 21}) == doctest::Approx(110));
  CHECK(*peak_throughput(slices) == doctest::Approx(119));
}

TEST_CASE("short slices are put together to seconds; the best one begins anywhere") {
  Slices slices;
  for (int i = 0; i < 41; ++i) slices.push_back(slice(0.1 * i, 0.1, i >= 15 && i < 25 ? 20 : 10, 1));
  CHECK(*peak_throughput(slices) == doctest::Approx(200));
  CHECK(*sustained_throughput(slices, {0, 4.1}) == doctest::Approx(100));
  CHECK_FALSE(sustained_throughput(slices, {0, 2.5}));  // two whole seconds
  slices.resize(10);
  CHECK_FALSE(peak_throughput(slices));
  CHECK_FALSE(peak_throughput({}));
}

TEST_CASE("slices longer than a second stand for themselves") {
  Slices slices;
  for (int i = 0; i < 5; ++i) slices.push_back(slice(2.0 * i, 2, 300, 1));
  CHECK(*peak_throughput(slices) == doctest::Approx(150));
  CHECK(*sustained_throughput(slices, {0, 10}) == doctest::Approx(150));
}
