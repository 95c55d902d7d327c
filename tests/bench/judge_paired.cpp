// Prints how long judge_paired() takes for a budget of 60 s (240 rounds) with a p95 rule on each of 20 endpoints: all
// that is computed for a verdict, the first time in a process and again. The limit is 100 ms of CPU time; nothing here
// waits, so on a machine that does nothing else the wall clock says the same.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>

#include "support/paired_builder.hpp"
#include "verdict/judge.hpp"

using namespace burstgate;

namespace {

constexpr int endpoints = 20;
constexpr double limit_ms = 100;

// `slower_by` decides how long the judge must go on: 1.12 is between the tolerance and the limit for ever.
test::PairedSpec spec_of(double slower_by) {
  test::PairedSpec spec;
  spec.noise = 0.4;
  spec.endpoints.clear();
  for (int i = 0; i < endpoints; ++i) {
    spec.endpoints.push_back(fmt::format("GET /{}", i));
    spec.candidate.slower_by[spec.endpoints.back()] = slower_by;
  }
  return spec;
}

config::Thresholds rules_of(const test::PairedSpec& spec) {
  config::Thresholds thresholds = config::default_thresholds();
  for (const auto& endpoint : spec.endpoints) {
    config::RegressionRule rule;
    rule.metric = Metric::latency_p95;
    rule.fail = 0.20;
    thresholds.endpoints[endpoint].regression.push_back(rule);
  }
  return thresholds;
}

double cpu_ms() {
  return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

// Milliseconds of CPU time for one verdict.
double time_of(const char* name, double slower_by) {
  const test::PairedSpec spec = spec_of(slower_by);
  const measure::PairedRun run = test::build(spec);
  const auto baseline = test::measured(spec, measure::Side::baseline);
  const auto candidate = test::measured(spec, measure::Side::candidate);
  const auto thresholds = rules_of(spec);
  const auto began = std::chrono::steady_clock::now();
  const double cpu_began = cpu_ms();
  const verdict::Verdict verdict = verdict::judge_paired(run, baseline, candidate, thresholds);
  const double ms = cpu_ms() - cpu_began;
  const double wall_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
  fmt::print("{:<28}{:6.1f} ms ({:.1f} ms by the wall clock)   {} rounds, {} checks, {} looks, {}\n", name, ms, wall_ms,
             run.rounds.size(), verdict.checks.size(), verdict.sequence->looks_taken, verdict::name(verdict.outcome));
  return ms;
}

}  // namespace

int main() {
  double worst_ms = time_of("undecided, first time", 1.12);
  worst_ms = std::max(worst_ms, time_of("undecided, again", 1.12));
  worst_ms = std::max(worst_ms, time_of("all endpoints worse", 1.45));
  worst_ms = std::max(worst_ms, time_of("unchanged", 1.0));
  fmt::print("worst {:.1f} ms, limit {} ms\n", worst_ms, limit_ms);
  return worst_ms < limit_ms ? 0 : 1;
}
