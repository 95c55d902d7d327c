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
