#include "verdict/calibration.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "stats/distributions.hpp"
#include "stats/proportions.hpp"
#include "support/paired_builder.hpp"
#include "verdict/pair_series.hpp"

using namespace burstgate;
using namespace burstgate::verdict;
using doctest::Approx;
using measure::PairedRun;
using measure::PairPhase;

namespace {

constexpr double z_99 = 2.326348, z_95 = 1.644854;

// Within this share of the value.
Approx about(double value, double share) {
  return Approx(value).epsilon(share).scale(0);
}

// 60 s of load without any noise but this in the p95: normal differences of this spread about this centre, in an order
// that does not matter.
PairedRun run_of(double spread, double centre = 0, test::PairedSpec spec = {}) {
  spec.noise = 0;
  PairedRun run = test::build(spec);
  const auto is_latency = [](const auto& round) { return round.phase == PairPhase::latency; };
  const auto number = std::count_if(run.rounds.begin(), run.rounds.end(), is_latency);
  double k = 0.5;
  for (auto& round : run.rounds) {
    if (!is_latency(round)) continue;
    round.candidate.total.p95_us *= std::exp(centre + spread * stats::normal_quantile(k / static_cast<double>(number)));
    k += 1;
  }
  return run;
}

MetricCalibration row(const std::vector<PairedRun>& runs, Metric metric = Metric::latency_p95) {
  for (const auto& row : calibrate(runs)) {
    if (row.metric == metric) return row;
  }
  FAIL("no such row");
  return {};
}

// Of the Hodges-Lehmann estimate in a normal sample: its efficiency is 3 / pi.
double standard_error(double spread, double rounds) {
  return spread * std::sqrt(std::numbers::pi / 3 / rounds);
}

double visible(double limit, double standard_error) {
  return std::exp(std::log1p(limit / 4) + (z_99 + z_95) * standard_error) - 1;
}

}  // namespace

TEST_CASE("a row for every calibrated metric, in this order") {
  std::vector<std::string> names;
  for (const auto& row : calibrate({run_of(0.05)})) names.emplace_back(name(row.metric));
  CHECK(names == std::vector<std::string>{"latency_p50", "latency_p95", "latency_p99", "throughput", "error_rate",
                                          "cpu_per_request"});
}

TEST_CASE("the noise of a round is its robust spread, and outliers do not move it") {
  PairedRun run = run_of(0.05);
  CHECK(row({run}).noise == about(std::expm1(0.05), 0.02));
  CHECK(row({run}).rounds == 160);
  CHECK(row({run}).value == Approx(20'000));
  for (std::size_t i = 0; i < 20; ++i) run.rounds[i].candidate.total.p95_us *= 100;
  CHECK(row({run}).noise == about(std::expm1(0.05), 0.2));
}

TEST_CASE("the visible change follows from the standard error, and from the square root of the time") {
  const MetricCalibration got = row({run_of(0.05)});  // 160 rounds of the latency phase in 60 s
  const double error = standard_error(0.05, 160);
  REQUIRE(got.limit == 0.05);
  CHECK(got.visible[2] == about(visible(0.05, error), 0.02));
  CHECK(got.visible[1] == about(visible(0.05, error * std::sqrt(2)), 0.02));
  CHECK(got.visible[0] == about(visible(0.05, error * std::sqrt(6)), 0.02));
}

TEST_CASE("several runs say the same as one, whatever their lengths") {
  test::PairedSpec shorter;
  shorter.paired_s = 30;
  const MetricCalibration one = row({run_of(0.2)}), two = row({run_of(0.2), run_of(0.2, 0, shorter)});
  CHECK(two.rounds == 240);
  for (std::size_t i = 0; i < 3; ++i) CHECK(two.visible[i] == about(one.visible[i], 0.03));
}

TEST_CASE("the limit: a quarter of the default at least") {
  const MetricCalibration got = row({run_of(0)});
  CHECK(got.limit == 0.05);
  CHECK(got.grounds == LimitGrounds::smallest_share);
  CHECK(row({run_of(0)}, Metric::throughput).limit == 0.04);
  CHECK(row({run_of(0)}, Metric::cpu_per_request).limit == 0.03);
  CHECK(row({run_of(0)}, Metric::error_rate).limit == 0.0015);
}

TEST_CASE("the limit: seen after 30 s of load, and no smaller step is") {
  // SE at 30 s: 0.0343; ln 1.05 + 3.971 SE = 0.185 > ln 1.20 = 0.182, ln 1.0625 + 3.971 SE = 0.197 < ln 1.25 = 0.223.
  const MetricCalibration got = row({run_of(0.3)});
  CHECK(got.limit == 0.25);
  CHECK(got.grounds == LimitGrounds::visibility);
  CHECK(got.visible[1] < 0.25);
}

TEST_CASE("the limit: its tolerance covers the largest change between identical builds, in either direction") {
  for (const double centre : {0.02, -0.02}) {
    const MetricCalibration got = row({run_of(0.01), run_of(0.01, centre), run_of(0.01, -0.005)});
    CHECK(got.largest_change == about(std::expm1(0.02), 0.01));
    CHECK(got.limit == 0.10);  // a quarter of +8 % is ln 1.02 = 0.0198
    CHECK(got.grounds == LimitGrounds::largest_change);
  }
}

TEST_CASE("nothing is proposed where nothing would help") {
  const MetricCalibration got = row({run_of(8)});
  CHECK_FALSE(got.limit);
  CHECK(got.grounds == LimitGrounds::none);
  CHECK(got.visible[2] > 3);
}

TEST_CASE("throughput: less is worse, by a share below 1") {
  PairedRun run = run_of(0);
  for (auto& round : run.rounds) {
    if (round.phase == PairPhase::throughput) round.candidate.total.ok = round.baseline.total.ok * 98 / 100;
  }
  const MetricCalibration got = row({run}, Metric::throughput);
  CHECK(got.value == Approx(1000));
  CHECK(got.largest_change == about(0.02, 0.2));  // whole requests in a slice
  CHECK(got.limit == 0.10);
  CHECK(got.grounds == LimitGrounds::largest_change);
  CHECK_FALSE(got.floor);
}

TEST_CASE("error rate: Newcombe's interval for the requests of that much load") {
  const PairedRun run = run_of(0);
  const MetricCalibration got = row({run, run}, Metric::error_rate);
  const double trials = pair_errors(run, run.rounds.size(), "").candidate.trials;
  CHECK(got.noise == 0);
  CHECK(got.value == 0);
  CHECK(got.largest_change == 0);
  // Without errors the interval is +- z^2 / (n + z^2).
  const double error = z_99 / (trials + z_99 * z_99);
  REQUIRE(got.limit == 0.0015);
  CHECK(got.visible[2] == about(0.0015 / 4 + (z_99 + z_95) * error, 0.001));
}

TEST_CASE("error rate: the noise is that of the rounds' shares") {
  PairedRun run = run_of(0);
  for (std::size_t i = 0; i < run.rounds.size(); ++i) {
    run.rounds[i].candidate.total.failed = i % 2 == 0 ? 0 : 4;
    run.rounds[i].candidate.total.ok = i % 2 == 0 ? 100 : 96;
  }
  const MetricCalibration got = row({run}, Metric::error_rate);
  CHECK(got.value == 0);
  CHECK(got.noise == about(1.4826 * 0.02, 0.001));  // every round is 2 points from the median
  CHECK(got.largest_change == about(0.02, 0.001));
  CHECK(got.limit == 0.10);
  CHECK(got.grounds == LimitGrounds::largest_change);
}

TEST_CASE("a floor is proposed where the default one would hide the limit") {
  CHECK_FALSE(row({run_of(0)}).floor);  // 5 % of 20 ms is 1 ms
  test::PairedSpec fast;
  fast.baseline.p50_us = fast.candidate.p50_us = 9'000;
  CHECK(row({run_of(0, 0, fast)}).floor == 200);  // a quarter of 5 % of 18 ms is 225 us
  fast.baseline.p50_us = fast.candidate.p50_us = 100;
  CHECK(row({run_of(0, 0, fast)}).floor == 2);  // 2.5 us
  fast.baseline.p50_us = fast.candidate.p50_us = 10;
  CHECK(row({run_of(0, 0, fast)}).floor == 0);  // 0.25 us
}

TEST_CASE("what is not there is said") {
  test::PairedSpec spec;
  spec.baseline.samples = spec.candidate.samples = 60;  // a p99 needs 100
  spec.baseline.cpu_us = spec.candidate.cpu_us = std::nullopt;
  CHECK(row({run_of(0, 0, spec)}, Metric::latency_p99).missing.cause == Cause::too_few_samples);
  CHECK(row({run_of(0, 0, spec)}, Metric::cpu_per_request).missing.cause == Cause::metric_missing);
  CHECK(row({run_of(0, 0, spec)}).missing.cause == Cause::none);
  spec.paired_s = 1;  // three rounds of the latency phase have no interval at 99 %
  CHECK(row({run_of(0, 0, spec)}).missing.cause == Cause::too_few_samples);
  CHECK_FALSE(row({run_of(0, 0, spec)}).limit);
}

TEST_CASE("rounds that are set aside do not count") {
  PairedRun run = run_of(0.01);
  for (std::size_t i = 0; i < run.rounds.size(); i += 4) {
    run.rounds[i].candidate.total.p95_us *= 10;
    run.rounds[i].candidate.total.failed = 50;
    run.rounds[i].lost_cpu = 1;
  }
  CHECK(row({run}).rounds == 120);
  CHECK(row({run}).limit == 0.05);
  CHECK(row({run}, Metric::error_rate).largest_change == 0);
  CHECK(row({run}, Metric::error_rate).rounds == 180);
}
