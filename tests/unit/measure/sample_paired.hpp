// A paired run with something in every field, the same each time, and its field-by-field comparison.
#pragma once

#include <doctest/doctest.h>

#include "measure/paired.hpp"
#include "unit/measure/same_measurement.hpp"

namespace burstgate::measure {

inline SideSlice sample_side(PairPhase phase, double factor) {
  SideSlice side;
  const auto slice = [&](std::uint64_t count, double start_s) {
    const double us = 1000 * factor;
    return Slice{start_s,  0.0899999999999, count,    1,        count + 1,  us,
                 2.0 * us, 2.5 * us,        4.0 * us, 5.0 * us, 1.333 * us, 6.125 * us};
  };
  side.endpoints = {slice(7, 0.01), slice(20, 0.01), Slice{0.01, 0.0899999999999, 0, 0, 0}};
  side.total = slice(27, 0.01);
  side.total.failed = 2;
  side.total.samples = 29;
  side.p96_us = 2525 * factor;
  side.cpu_s = 0.0123456789012345 * factor;
  side.answered = 31;
  if (phase == PairPhase::latency) side.send_lag_p99_us = 61;
  side.generator_cpu = 0.07 * factor;
  return side;
}

inline PairedRun sample_paired() {
  PairedRun run;
  run.seed = (std::uint64_t{1} << 53) - 1;
  run.budget_s = 30;
  run.latency_rate_per_s = 333.3333333333333;
  run.rate_was_given = true;
  run.users = 12;
  run.slice_s = 0.1;
  run.single_launch = true;
  run.idle_cpu_share = 0.0123;
  run.wall_s = 41.7;
  run.endpoint_names = {"GET /", "chat", "never"};
  for (int i = 0; i < 3; ++i) {
    Round& round = run.rounds.emplace_back();
    round.phase = i == 2 ? PairPhase::throughput : PairPhase::latency;
    round.launch = i / 2;
    round.candidate_first = i == 1;
    round.start_s = i * 0.223;
    round.lost_cpu = 0.01 * i;
    round.baseline = sample_side(round.phase, 1 + 0.1 * i);
    round.candidate = sample_side(round.phase, 1.25 + 0.1 * i);
  }
  run.rounds[1].baseline.cpu_s.reset();
  return run;
}

inline void check_same(const SideSlice& a, const SideSlice& b) {
  check_same(a.total, b.total);
  REQUIRE(a.endpoints.size() == b.endpoints.size());
  for (std::size_t i = 0; i < a.endpoints.size(); ++i) check_same(a.endpoints[i], b.endpoints[i]);
  CHECK(a.p96_us == b.p96_us);
  CHECK(a.cpu_s == b.cpu_s);
  CHECK(a.answered == b.answered);
  CHECK(a.send_lag_p99_us == b.send_lag_p99_us);
  CHECK(a.generator_cpu == b.generator_cpu);
}

inline void check_same(const Round& a, const Round& b) {
  CHECK(a.phase == b.phase);
  CHECK(a.launch == b.launch);
  CHECK(a.candidate_first == b.candidate_first);
  CHECK(a.start_s == b.start_s);
  CHECK(a.lost_cpu == b.lost_cpu);
  check_same(a.baseline, b.baseline);
  check_same(a.candidate, b.candidate);
}

inline void check_same(const PairedRun& a, const PairedRun& b) {
  CHECK(a.seed == b.seed);
  CHECK(a.budget_s == b.budget_s);
  CHECK(a.latency_rate_per_s == b.latency_rate_per_s);
  CHECK(a.rate_was_given == b.rate_was_given);
  CHECK(a.users == b.users);
  CHECK(a.slice_s == b.slice_s);
  CHECK(a.single_launch == b.single_launch);
  CHECK(a.idle_cpu_share == b.idle_cpu_share);
  CHECK(a.wall_s == b.wall_s);
  CHECK(a.endpoint_names == b.endpoint_names);
  REQUIRE(a.rounds.size() == b.rounds.size());
  for (std::size_t i = 0; i < a.rounds.size(); ++i) check_same(a.rounds[i], b.rounds[i]);
}

}  // namespace burstgate::measure
