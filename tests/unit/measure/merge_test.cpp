#include "measure/merge.hpp"

#include <doctest/doctest.h>

#include "measure/result_json.hpp"
#include "unit/measure/sample_measurement.hpp"

namespace burstgate::measure {
namespace {

TEST_CASE("counts and histograms add up, exactly") {
  const Measurement one = sample_measurement();
  Measurement other = one;
  other.started_at_unix_s += 1;
  other.generator.busiest_thread_cpu = 0.7;
  const Measurement sum = merge_shards({one, other});
  CHECK(sum.total.counts.started == 2 * one.total.counts.started);
  CHECK(sum.total.latencies.ok.count() == 2 * one.total.latencies.ok.count());
  for (const double q : {0.5, 0.95, 1.0}) {
    CHECK(sum.total.latencies.ok.value_at_us(q) == one.total.latencies.ok.value_at_us(q));
  }
  CHECK(sum.endpoints.size() == one.endpoints.size());
  CHECK(sum.duration_s == one.duration_s);
  CHECK(sum.total.slices.empty());
  CHECK(sum.generator.connections_peak == 2 * one.generator.connections_peak);
  CHECK(sum.generator.busiest_thread_cpu == 0.7);
  CHECK(sum.workload.digest != one.workload.digest);
  CHECK(from_json(to_json(sum), "again").total.counts.started == sum.total.counts.started);
}

TEST_CASE("runs one after the other: counts add up, slices follow each other") {
  const Measurement run = sample_measurement();
  const Measurement one = as_one({run, run, run});
  CHECK(one.total.counts.started == 3 * run.total.counts.started);
  CHECK(one.duration_s == doctest::Approx(3 * run.duration_s));
  CHECK(one.workload.digest == run.workload.digest);
  REQUIRE(one.total.slices.size() == 3 * run.total.slices.size());
  CHECK(one.total.slices[run.total.slices.size()].start_s ==
        doctest::Approx(run.total.slices.front().start_s + run.duration_s));
  CHECK(one.notes.back() == "3 runs of the tool, counts and times added up");
  CHECK(as_one({run}).notes == run.notes);
}

TEST_CASE("runs one after the other: of summary figures the median, where every run has them") {
  const auto point = [](std::map<Metric, double> figures) {
    Measurement run;
    run.total.point = std::move(figures);
    run.endpoints.emplace_back().name = "GET";
    run.endpoints.back().point = run.total.point;
    return run;
  };
  const std::vector<Measurement> runs = {point({{Metric::latency_p50, 3}, {Metric::latency_p99, 9}}),
                                         point({{Metric::latency_p50, 1}}), point({{Metric::latency_p50, 2}})};
  const Measurement one = as_one(runs);
  CHECK(*one.total.point == std::map<Metric, double>{{Metric::latency_p50, 2}});
  CHECK(*one.endpoints.front().point == *one.total.point);
  CHECK((*as_one({runs[0], runs[1]}).total.point)[Metric::latency_p50] == 2);
  CHECK(one.notes.back() == "3 runs of the tool, the median of each figure");
}

TEST_CASE("runs one after the other: one that was cut short stands for all") {
  const Measurement run = sample_measurement();
  Measurement cut = run;
  cut.partial = true;
  cut.stop_reason = "interrupted";
  CHECK(as_one({run, cut}).stop_reason == "interrupted");
  CHECK(as_one({run, cut}).total.counts.started == run.total.counts.started);
}

TEST_CASE("an endpoint that only one shard has stays") {
  const Measurement one = sample_measurement();
  Measurement other = one;
  other.endpoints.back().name = "GET /only-there";
  const Measurement sum = merge_shards({one, other});
  CHECK(sum.endpoints.size() == one.endpoints.size() + 1);
}

TEST_CASE("what is not one run") {
  const Measurement one = sample_measurement();
  const auto why = [&](auto change) {
    Measurement other = one;
    change(other);
    const auto misfit = not_one_run({one, other});
    if (misfit) CHECK(misfit->index == 1);
    return misfit ? misfit->why : "fits";
  };
  CHECK(why([](Measurement&) {}) == "fits");
  CHECK(why([](Measurement& m) { m.workload.digest = "x"; }) == "another workload was sent than in the first file");
  CHECK(why([](Measurement& m) { m.duration_s *= 0.91; }) == "fits");
  CHECK(why([](Measurement& m) { m.duration_s *= 0.89; }).find("lasted ") == 0);
  CHECK(why([](Measurement& m) { m.started_at_unix_s += 3600; }) == "was not made at the same time as the first one");
  CHECK(why([](Measurement& m) { m.started_at_unix_s -= 3600; }) == "was not made at the same time as the first one");
  CHECK(why([](Measurement& m) { m.total.point.emplace(); }).find("has summary figures only") == 0);
}

}  // namespace
}  // namespace burstgate::measure
