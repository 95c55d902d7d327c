// Trends of histories whose course is known.
#include "verdict/trend.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>

namespace burstgate::verdict {
namespace {

using measure::RunSummary;

constexpr std::int64_t start = 1'767'225'600;  // 2026-01-01
constexpr std::int64_t day = 86'400;

// Noise of +-1 %, the same on every machine.
double wobble(std::size_t i) {
  return 1 + 0.01 * std::sin(static_cast<double>(i) * 2.4);
}

RunSummary run_of(std::size_t i, double p95_us) {
  RunSummary run;
  run.file = fmt::format("r{:03}.json", i);
  run.started_at_unix_s = start + static_cast<std::int64_t>(i) * day;
  run.commit = fmt::format("commit{:03}", i);
  run.operation = "checkout";
  run.profile = "nightly";
  run.machine_class = "CPU A";
  run.workload_digest = "w";
  run.total = {{Metric::latency_p95, p95_us}, {Metric::throughput, 1e6 / p95_us}, {Metric::error_rate, 0.001}};
  return run;
}

std::vector<RunSummary> history(std::size_t runs, double (*factor)(std::size_t)) {
  std::vector<RunSummary> made;
  for (std::size_t i = 0; i < runs; ++i) made.push_back(run_of(i, 10'000 * factor(i) * wobble(i)));
  return made;
}

double flat(std::size_t) {
  return 1;
}
double step_up_at_60(std::size_t i) {
  return i < 60 ? 1 : 1.2;
}
double slowly_worse(std::size_t i) {
  return 1 + 0.002 * static_cast<double>(i);
}

const MetricTrend& metric(const Trend& trend, Metric wanted, std::size_t series = 0) {
  for (const MetricTrend& one : trend.series.at(series).metrics) {
    if (one.metric == wanted && one.endpoint.empty()) return one;
  }
  FAIL("no such metric");
  return trend.series.front().metrics.front();
}

TEST_CASE("a quiet year is stable in everything") {
  const Trend trend = trend_of(history(365, flat), {});
  REQUIRE(trend.series.size() == 1);
  CHECK(trend.runs == 365);
  for (const MetricTrend& one : trend.series[0].metrics) {
    INFO(name(one.metric));
    CHECK(one.direction == Direction::stable);
    CHECK(one.shifts.empty());
  }
  CHECK(!has_degraded(trend));
  CHECK(!has_lasting_shift(trend));
  CHECK(is_known(trend));
}

TEST_CASE("a step is degrading, a change point between two commits, and still there") {
  const Trend trend = trend_of(history(100, step_up_at_60), {});
  const MetricTrend& p95 = metric(trend, Metric::latency_p95);
  CHECK(p95.direction == Direction::degrading);
  CHECK(p95.worse_by == doctest::Approx(0.2).epsilon(0.05));
  REQUIRE(p95.shifts.size() == 1);
  CHECK(p95.shifts[0].last_before == 59);
  CHECK(p95.shifts[0].first_after == 60);
  CHECK(p95.shifts[0].worse_by == doctest::Approx(0.2).epsilon(0.05));
  CHECK(p95.shifts[0].before == doctest::Approx(10'000).epsilon(0.01));
  CHECK(p95.shifts[0].after == doctest::Approx(12'000).epsilon(0.01));
  CHECK(p95.shifts[0].lasting);
  // Less throughput is worse as well.
  const MetricTrend& throughput = metric(trend, Metric::throughput);
  CHECK(throughput.direction == Direction::degrading);
  CHECK(throughput.worse_by == doctest::Approx(1 - 1 / 1.2).epsilon(0.05));
  CHECK(throughput.last < throughput.first);
  CHECK(has_degraded(trend));
  CHECK(has_lasting_shift(trend));
}

TEST_CASE("the other way round it is improving, and fails nothing") {
  const Trend trend = trend_of(history(100, [](std::size_t i) { return i < 60 ? 1.2 : 1.0; }), {});
  CHECK(metric(trend, Metric::latency_p95).direction == Direction::improving);
  CHECK(metric(trend, Metric::latency_p95).shifts.size() == 1);
  CHECK(!has_degraded(trend));
  CHECK(!has_lasting_shift(trend));
}

TEST_CASE("a change that was taken back is listed and gone") {
  const Trend trend = trend_of(history(100, [](std::size_t i) { return i >= 40 && i < 60 ? 1.3 : 1.0; }), {});
  const MetricTrend& p95 = metric(trend, Metric::latency_p95);
  CHECK(p95.direction == Direction::stable);
  REQUIRE(p95.shifts.size() == 2);
  CHECK(p95.shifts[0].worse_by > 0);
  CHECK(!p95.shifts[0].lasting);
  CHECK(p95.shifts[1].worse_by < 0);
  CHECK(p95.shifts[1].lasting);
  CHECK(!has_lasting_shift(trend));
}

TEST_CASE("a certain change of one per cent is nobody's business") {
  const Trend trend = trend_of(history(200, [](std::size_t i) { return i < 100 ? 1.0 : 1.015; }), {});
  CHECK(metric(trend, Metric::latency_p95).shifts.empty());
}

TEST_CASE("beyond 5 %, but runs differ by more: unclear") {
  std::vector<RunSummary> runs;
  for (std::size_t i = 0; i < 20; ++i) {
    const double noise = 1 + 0.25 * std::sin(static_cast<double>(i) * 2.4);
    runs.push_back(run_of(i, 10'000 * noise * (i < 10 ? 1 : 1.08)));
  }
  const MetricTrend p95 = metric(trend_of(runs, {}), Metric::latency_p95);
  CHECK(std::fabs(p95.worse_by) > stable_within);
  CHECK(p95.direction == Direction::unclear);
}

TEST_CASE("with few runs there is no trend, and none to fail on") {
  const Trend few = trend_of(history(min_runs_for_trend - 1, step_up_at_60), {});
  CHECK(metric(few, Metric::latency_p95).direction == Direction::too_few);
  CHECK(metric(few, Metric::latency_p95).first > 0);
  CHECK(!is_known(few));
  CHECK(is_known(trend_of(history(min_runs_for_trend, flat), {})));
  CHECK(!is_known(trend_of({}, {})));
  CHECK(trend_of({}, {}).series.empty());
}

TEST_CASE("the period is counted from the newest run") {
  const Trend trend = trend_of(history(100, step_up_at_60), {.days = 30, .anchor = {}});
  CHECK(trend.series[0].runs.size() == 31);
  CHECK(metric(trend, Metric::latency_p95).direction == Direction::stable);
  CHECK(trend.notes == std::vector<std::string>{"69 older runs are not in this period"});
  // Yet it has drifted from the first runs of all.
  REQUIRE(metric(trend, Metric::latency_p95).drift);
  CHECK(metric(trend, Metric::latency_p95).drift->direction == Direction::degrading);
  CHECK(!has_degraded(trend));  // nobody pinned them
}

TEST_CASE("slow drift against a pinned anchor degrades, though every week is stable") {
  const auto runs = history(100, slowly_worse);
  TrendQuestion question;
  question.days = 14;
  question.anchor = Anchor{"v1.0", {runs.begin(), runs.begin() + 3}};
  const Trend trend = trend_of(runs, question);
  const MetricTrend& p95 = metric(trend, Metric::latency_p95);
  CHECK(p95.direction == Direction::stable);
  REQUIRE(p95.drift);
  CHECK(p95.drift->anchor == doctest::Approx(10'020).epsilon(0.02));
  CHECK(p95.drift->worse_by == doctest::Approx(0.19).epsilon(0.1));
  CHECK(p95.drift->direction == Direction::degrading);
  CHECK(trend.pinned);
  CHECK(has_degraded(trend));
}

TEST_CASE("an anchor of another machine is said, and nothing drifts from it") {
  auto runs = history(20, flat);
  TrendQuestion question;
  question.anchor = Anchor{"v1.0", {run_of(0, 5'000)}};
  question.anchor->runs[0].machine_class = "CPU B";
  const Trend trend = trend_of(runs, question);
  CHECK(!metric(trend, Metric::latency_p95).drift);
  CHECK(trend.series[0].notes ==
        std::vector<std::string>{"the anchor v1.0 has no run of this operation, profile, machine class and workload"});
}

TEST_CASE("what cannot be compared is a series of its own") {
  auto runs = history(40, flat);
  for (std::size_t i = 20; i < 40; ++i) runs[i].workload_digest = "another";
  runs.push_back(run_of(41, 9'000));
  runs.back().operation = "search";
  const Trend trend = trend_of(runs, {});
  REQUIRE(trend.series.size() == 3);
  CHECK(trend.series[0].operation == "search");
  CHECK(trend.series[1].workload_digest == "another");
  CHECK(!trend.series[1].superseded);
  CHECK(trend.series[2].workload_digest == "w");
  CHECK(trend.series[2].superseded);
  CHECK(trend.series[2].notes.front() == "another workload took its place on 2026-01-21: it is a series of its own");
}

TEST_CASE("a series that another workload took over fails nothing") {
  auto runs = history(100, step_up_at_60);
  const auto later = history(20, flat);
  for (RunSummary run : later) {
    run.started_at_unix_s += 200 * day;
    run.workload_digest = "another";
    runs.push_back(run);
  }
  const Trend trend = trend_of(runs, {});
  REQUIRE(trend.series.size() == 2);
  CHECK(metric(trend, Metric::latency_p95, 1).direction == Direction::degrading);
  CHECK(!has_degraded(trend));
  CHECK(!has_lasting_shift(trend));
}

TEST_CASE("gaps and runs that ended early are said") {
  auto runs = history(40, flat);
  for (std::size_t i = 20; i < 40; ++i) runs[i].started_at_unix_s += 12 * day;
  runs[5].complete = false;
  const Trend trend = trend_of(runs, {});
  CHECK(trend.series[0].runs.size() == 39);
  CHECK(trend.series[0].notes == std::vector<std::string>{"no runs for 13 days, from 2026-01-20 to 2026-02-02",
                                                          "1 run left out: interrupted, or the service died"});
}

TEST_CASE("runs without a figure are passed over, and indices stay those of the runs") {
  auto runs = history(100, step_up_at_60);
  for (std::size_t i = 55; i < 60; ++i) runs[i].total.erase(Metric::latency_p95);
  runs[3].total[Metric::latency_p95] = 0;  // on no ratio scale
  const Trend trend = trend_of(runs, {});
  const MetricTrend& p95 = metric(trend, Metric::latency_p95);
  CHECK(p95.known == 94);
  REQUIRE(p95.shifts.size() == 1);
  CHECK(p95.shifts[0].last_before == 54);
  CHECK(p95.shifts[0].first_after == 60);
  CHECK(p95.values.size() == 100);
}

TEST_CASE("of a very long series the newest runs are searched, and that is said") {
  CHECK(trend_of(history(730, flat), {}).series[0].notes.empty());
  CHECK(trend_of(history(731, flat), {}).series[0].notes ==
        std::vector<std::string>{"changes of the level are looked for in the newest 730 of 731 runs"});
}

TEST_CASE("endpoints have a p95 each, where there is more than one") {
  auto runs = history(20, flat);
  for (RunSummary& run : runs) run.endpoints = {{"chat", {{Metric::latency_p95, 5'000}}}};
  CHECK(trend_of(runs, {}).series[0].metrics.size() == 3);
  for (RunSummary& run : runs) run.endpoints.emplace_back("list", measure::Figures{{Metric::latency_p95, 6'000}});
  const Trend trend = trend_of(runs, {});
  REQUIRE(trend.series[0].metrics.size() == 5);
  CHECK(trend.series[0].metrics[3].endpoint == "chat");
  CHECK(trend.series[0].metrics[4].endpoint == "list");
}

TEST_CASE("error rates move by points") {
  auto runs = history(40, flat);
  for (std::size_t i = 20; i < 40; ++i) runs[i].total[Metric::error_rate] = 0.02;
  const MetricTrend errors = metric(trend_of(runs, {}), Metric::error_rate);
  CHECK(errors.direction == Direction::degrading);
  CHECK(errors.worse_by == doctest::Approx(0.019));
  REQUIRE(errors.shifts.size() == 1);
  for (std::size_t i = 20; i < 40; ++i) runs[i].total[Metric::error_rate] = 0.004;
  CHECK(metric(trend_of(runs, {}), Metric::error_rate).direction == Direction::stable);
}

TEST_CASE("the 5 % rule, at the limit and one past it") {
  const auto by = [](double factor) {
    std::vector<RunSummary> runs;
    for (std::size_t i = 0; i < 20; ++i) runs.push_back(run_of(i, 10'000 * (i < 10 ? 1 : factor)));
    return metric(trend_of(runs, {}), Metric::latency_p95).direction;
  };
  CHECK(by(1.0499) == Direction::stable);
  CHECK(by(1.0501) == Direction::degrading);
  CHECK(by(1 / 1.0499) == Direction::stable);
  CHECK(by(1 / 1.0501) == Direction::improving);
}

}  // namespace
}  // namespace burstgate::verdict
