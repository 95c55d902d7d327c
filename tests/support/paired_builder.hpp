// Paired runs for tests, from a few numbers: rounds with a little noise that is the same every time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "measure/paired.hpp"
#include "support/measurement_builder.hpp"

namespace burstgate::test {

struct PairedSide {
  double p50_us = 10'000;                   // the other quantiles in proportion: p95 is twice it, p99 three times
  std::map<std::string, double> slower_by;  // a factor on the latencies of one endpoint
  std::uint64_t requests = 100;             // of each endpoint in a slice of the latency phase ...
  std::uint64_t failed = 0;                 // ... of which so many fail
  std::uint64_t samples = 100;              // judged latencies in such a slice
  double throughput_per_s = 1000;           // successes of each endpoint in the throughput phase
  std::optional<double> cpu_us = 400;       // of the service per answer
  std::size_t stalls_every = 0;             // every so many slices of the latency phase stand still; 0: none does
  double send_lag_p99_us = 50;
  double generator_cpu = 0.2;
};

struct PairedSpec {
  double budget_s = 60;
  double paired_s = 60;    // that were measured; a round is twice slice_s
  double slice_s = 0.125;  // so that the first look, at 8 s, has 32 rounds
  double noise = 0.02;     // standard deviation of the logarithm of every latency, rate and CPU time
  PairedSide baseline;
  PairedSide candidate;
  std::vector<std::string> endpoints = {"GET /"};
  std::size_t set_aside_every = 0;  // every so many rounds the machine takes CPU time away; 0: never
  int rounds_per_launch = 16;
  bool single_launch = false;
  double idle_cpu_share = 0.001;
};

measure::PairedRun build(const PairedSpec& spec);

// A side as one measurement that agrees with the rounds in its counts.
measure::Measurement measured(const PairedSpec& spec, measure::Side side);

}  // namespace burstgate::test
