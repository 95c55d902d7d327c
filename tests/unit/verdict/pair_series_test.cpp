#include "verdict/pair_series.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "support/paired_builder.hpp"

using namespace burstgate;
using namespace burstgate::verdict;
using measure::PairedRun;
using measure::PairPhase;
using test::build;
using test::PairedSpec;

namespace {

// Six rounds without noise: latency, latency, throughput, and once more. The candidate is slower in everything.
PairedSpec six_rounds() {
  PairedSpec spec;
  spec.paired_s = 1.5;
  spec.noise = 0;
  spec.candidate.p50_us = 12'000;
  spec.candidate.throughput_per_s = 800;
  spec.candidate.cpu_us = 500;
  return spec;
}

PairSeries series_of(const PairedRun& run, Metric metric, const std::string& endpoint = "") {
  return pair_series(run, run.rounds.size(), endpoint, metric);
}

void expect_all(const PairSeries& series, std::size_t count, double difference) {
  CHECK(series.missing.cause == Cause::none);
  REQUIRE(series.differences.size() == count);
  for (const double d : series.differences) CHECK(d == doctest::Approx(difference));
}

}  // namespace

TEST_CASE("latency: from the latency phase, in microseconds; more is worse") {
  const PairSeries series = series_of(build(six_rounds()), Metric::latency_p95);
  expect_all(series, 4, std::log(1.2));
  CHECK(series.baseline == doctest::Approx(20'000));
  CHECK(series.candidate == doctest::Approx(24'000));
  CHECK(series.samples == 4 * 100);
}

TEST_CASE("throughput: from the throughput phase, per second; less is worse") {
  const PairSeries series = series_of(build(six_rounds()), Metric::throughput);
  expect_all(series, 2, std::log(1.25));
  CHECK(series.baseline == doctest::Approx(1000));
  CHECK(series.candidate == doctest::Approx(800));
  CHECK(series.samples == 2 * 100);
}

TEST_CASE("CPU time: from both phases, in microseconds per answer") {
  const PairSeries series = series_of(build(six_rounds()), Metric::cpu_per_request);
  expect_all(series, 6, std::log(1.25));
  CHECK(series.baseline == doctest::Approx(400));
  CHECK(series.candidate == doctest::Approx(500));
}

TEST_CASE("an endpoint's own figures") {
  PairedSpec spec = six_rounds();
  spec.endpoints = {"GET /a", "GET /b"};
  spec.candidate.slower_by["GET /b"] = 1.5;
  const PairedRun run = build(spec);
  expect_all(series_of(run, Metric::latency_p50, "GET /a"), 4, std::log(1.2));
  expect_all(series_of(run, Metric::latency_p50, "GET /b"), 4, std::log(1.8));
  CHECK(series_of(run, Metric::latency_p50, "GET /b").samples == 4 * 100);
  const PairSeries unknown = series_of(run, Metric::latency_p50, "GET /c");
  CHECK(unknown.missing.cause == Cause::endpoint_missing);
  CHECK(unknown.differences.empty());
  CHECK(pair_errors(run, 6, "GET /c").missing.cause == Cause::endpoint_missing);
}

TEST_CASE("the first rounds only, and none that were set aside") {
  PairedRun run = build(six_rounds());
  CHECK(pair_series(run, 2, "", Metric::latency_p95).differences.size() == 2);
  CHECK(pair_series(run, 100, "", Metric::latency_p95).differences.size() == 4);
  run.rounds[0].lost_cpu = measure::max_lost_cpu;  // at the limit: kept
  run.rounds[1].lost_cpu = measure::max_lost_cpu + 1e-6;
  run.rounds[1].candidate.total.p95_us = 1e9;
  expect_all(series_of(run, Metric::latency_p95), 3, std::log(1.2));
  CHECK(pair_errors(run, 6, "").candidate.trials == 5 * 100);
  CHECK(pair_stalls(run, 6).rounds == 3);
}

TEST_CASE("so many samples that the quantile is not simply the largest") {
  CHECK(min_slice_samples(Metric::latency_p50) == 2);
  CHECK(min_slice_samples(Metric::latency_p90) == 10);
  CHECK(min_slice_samples(Metric::latency_p95) == 20);
  CHECK(min_slice_samples(Metric::latency_p99) == 100);
  CHECK(min_slice_samples(Metric::latency_p999) == 1000);
  CHECK(min_slice_samples(Metric::latency_max) == 1);
  CHECK(min_slice_samples(Metric::latency_mean) == 1);
}

TEST_CASE("rounds with a slice of too few samples are left out; when most are, nothing is known") {
  PairedRun run = build(six_rounds());
  run.rounds[0].baseline.total.samples = 20;
  run.rounds[1].candidate.total.samples = 19;
  expect_all(series_of(run, Metric::latency_p95), 3, std::log(1.2));
  run.rounds[0].baseline.total.samples = 19;
  CHECK(series_of(run, Metric::latency_p95).differences.size() == 2);  // half of them
  run.rounds[3].baseline.total.samples = 19;
  const PairSeries few = series_of(run, Metric::latency_p95);
  CHECK(few.differences.empty());
  CHECK(few.missing.cause == Cause::too_few_samples);
  CHECK(few.missing.figure ==
        "latency_p95 needs 20 answers in each slice, and most slices have fewer: a higher rate would be enough");
}

TEST_CASE("no rounds, no differences") {
  const PairedRun nothing = build([] {
    PairedSpec spec;
    spec.paired_s = 0;
    return spec;
  }());
  CHECK(series_of(nothing, Metric::latency_p95).missing.cause == Cause::too_few_samples);
  CHECK(pair_errors(nothing, 0, "").missing.cause == Cause::too_few_samples);
  CHECK(pair_stalls(nothing, 0).rounds == 0);
}

TEST_CASE("a slice without a single success has a throughput below one in its time") {
  PairedRun run = build(six_rounds());
  run.rounds[2].candidate.total.ok = 0;
  const PairSeries series = series_of(run, Metric::throughput);
  REQUIRE(series.differences.size() == 2);
  CHECK(series.differences[0] == doctest::Approx(std::log(1000 / (0.5 / 0.125))));
  CHECK(std::isfinite(series.differences[0]));
  run.rounds[2].candidate.total.duration_s = 0;
  CHECK(series_of(run, Metric::throughput).differences.size() == 1);
}

TEST_CASE("a latency of nothing has no ratio, and the smallest one has") {
  PairedRun run = build(six_rounds());
  run.rounds[0].baseline.total.p95_us = 0;
  run.rounds[1].baseline.total.p95_us = 1;
  const PairSeries series = series_of(run, Metric::latency_p95);
  REQUIRE(series.differences.size() == 3);
  CHECK(series.differences[0] == doctest::Approx(std::log(24'000)));
}

TEST_CASE("CPU time that is not known on one side") {
  PairedRun run = build(six_rounds());
  for (std::size_t i = 0; i < 3; ++i) run.rounds[i].candidate.cpu_s.reset();
  CHECK(series_of(run, Metric::cpu_per_request).differences.size() == 3);
  run.rounds[3].candidate.answered = 0;
  CHECK(series_of(run, Metric::cpu_per_request).missing.cause == Cause::metric_missing);
  run = build(six_rounds());
  run.rounds[0].baseline.cpu_s = 0;  // too little for the clock: no ratio
  CHECK(series_of(run, Metric::cpu_per_request).differences.size() == 5);
}

TEST_CASE("the typical value is the median of the rounds") {
  PairedRun run = build(six_rounds());
  run.rounds[0].candidate.total.p95_us = 30'000;
  run.rounds[1].candidate.total.p95_us = 1'000'000;
  CHECK(series_of(run, Metric::latency_p95).candidate == doctest::Approx(27'000));
}

TEST_CASE("errors of both phases, with the spread of the rounds") {
  PairedSpec spec = six_rounds();
  spec.candidate.throughput_per_s = 1000;
  spec.candidate.failed = 10;
  const PairErrors even = pair_errors(build(spec), 6, "");
  CHECK(even.baseline.events == 0);
  CHECK(even.baseline.trials == 4 * 100 + 2 * 125);
  CHECK(even.candidate.events == 4 * 10 + 2 * 12);
  CHECK(even.candidate.trials == 4 * 100 + 2 * 137);
  CHECK(even.candidate.design_effect == 1);
  PairedRun bunched = build(spec);
  for (std::size_t i = 0; i < 6; ++i) bunched.rounds[i].candidate.total.failed = i == 4 ? 60 : 0;
  CHECK(pair_errors(bunched, 6, "").candidate.design_effect > 20);
}

TEST_CASE("an error rate needs requests on both sides, and one is enough") {
  PairedRun run = build(six_rounds());
  for (auto& round : run.rounds) round.candidate.total.ok = 0;
  CHECK(pair_errors(run, 6, "").missing.cause == Cause::too_few_samples);
  run.rounds[0].candidate.total.ok = 1;
  CHECK(pair_errors(run, 6, "").missing.cause == Cause::none);
  for (auto& round : run.rounds) round.baseline.total.ok = 0;
  CHECK(pair_errors(run, 6, "").missing.cause == Cause::too_few_samples);
  run.rounds[0].baseline.total.ok = 1;
  CHECK(pair_errors(run, 6, "").missing.cause == Cause::none);
}

TEST_CASE("a slice stands still when its p96 exceeds twice the baseline's median p95") {
  PairedRun run = build(six_rounds());
  for (auto& round : run.rounds) round.baseline.p96_us = round.candidate.p96_us = 40'000;  // exactly
  CHECK(pair_stalls(run, 6).threshold_us == doctest::Approx(40'000));
  CHECK(pair_stalls(run, 6).candidate_only + pair_stalls(run, 6).baseline_only + pair_stalls(run, 6).both == 0);
  run.rounds[0].candidate.p96_us = 40'001;
  run.rounds[1].baseline.p96_us = 40'001;
  run.rounds[2].candidate.p96_us = 40'001;  // throughput phase: does not count
  run.rounds[3].candidate.p96_us = run.rounds[3].baseline.p96_us = 40'001;
  run.rounds[4].candidate.p96_us = 40'001;
  const PairStalls stalls = pair_stalls(run, 6);
  CHECK(stalls.rounds == 4);
  CHECK(stalls.candidate_only == 2);
  CHECK(stalls.baseline_only == 1);
  CHECK(stalls.both == 1);
}

TEST_CASE("of a fast service a slice stands still only 5 ms above the baseline's median p95") {
  PairedRun run = build(six_rounds());
  for (auto& round : run.rounds) round.baseline.total.p95_us = 1'000;
  CHECK(pair_stalls(run, 6).threshold_us == doctest::Approx(6'000));
  for (auto& round : run.rounds) round.baseline.total.p95_us = 5'000;  // where the two rules meet
  CHECK(pair_stalls(run, 6).threshold_us == doctest::Approx(10'000));
  for (auto& round : run.rounds) round.baseline.total.p95_us = 5'001;
  CHECK(pair_stalls(run, 6).threshold_us == doctest::Approx(10'002));
}

TEST_CASE("baseline slices without an answer do not lower the threshold for stalls") {
  PairedRun run = build(six_rounds());
  for (std::size_t i : {0U, 1U, 3U}) run.rounds[i].baseline.total = {};
  CHECK(pair_stalls(run, 6).threshold_us == doctest::Approx(40'000));
  CHECK(pair_stalls(run, 6).rounds == 4);
  run.rounds[4].baseline.total.samples = 1;  // one answer is an answer
  CHECK(pair_stalls(run, 6).threshold_us == doctest::Approx(40'000));
}
