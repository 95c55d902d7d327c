#include "report/stage_facts.hpp"

#include <doctest/doctest.h>

using namespace burstgate;

namespace {

measure::Slice slice(double start_s, std::uint64_t ok, std::uint64_t failed, double p95_us, std::size_t stage) {
  measure::Slice made;
  made.start_s = start_s;
  made.duration_s = 1;
  made.ok = ok;
  made.failed = failed;
  made.samples = ok;
  made.p95_us = p95_us;
  made.stage = stage;
  return made;
}

}  // namespace

TEST_CASE("stages: each with its load, throughput, the usual p95 of its slices, and errors") {
  measure::Measurement run;
  run.load_model = "closed";
  CHECK(report::stage_facts(run).empty());
  run.stages = {{"rise", 0, 3, 0, 20}, {"peak", 3, 1, 20, 20}, {"end", 4, 1, 20, 0}};
  run.total.slices = {slice(0, 100, 0, 5'000, 0), slice(1, 200, 0, 9'000, 0), slice(2, 300, 0, 7'000, 0),
                      slice(3, 99, 1, 12'000, 1), slice(4, 0, 0, 0, 2)};
  const auto facts = report::stage_facts(run);
  REQUIRE(facts.size() == 3);
  CHECK(facts[0].label == "stages");
  CHECK(facts[0].text == "rise: 0.0 s to 3.0 s, 0 -> 20 users: 200/s, p95 7.00 ms, errors 0.00 %");
  CHECK(facts[1].label == "");
  CHECK(facts[1].text == "peak: 3.0 s to 4.0 s, 20 users: 99.0/s, p95 12.0 ms, errors 1.00 %");
  CHECK(facts[2].text == "end: 4.0 s to 5.0 s, 20 -> 0 users: no answers");
  run.load_model = "open";
  CHECK(report::stage_facts(run)[1].text.starts_with("peak: 3.0 s to 4.0 s, 20/s: "));
}
