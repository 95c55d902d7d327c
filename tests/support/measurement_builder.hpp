// Measurements for tests, from a few words: real histograms, slices and counts that satisfy the accounting identity.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "measure/measurement.hpp"

namespace burstgate::test {

struct EndpointSpec {
  std::string name = "GET /";
  std::uint64_t ok = 10'000;
  // Value at each quantile, ascending: the sample at rank ceil(q * ok) and those below it, down to the previous one.
  // Values below 2048 us are exact; above they read as the upper end of their bucket (0.1 %), unless they are the last.
  std::vector<std::pair<double, std::int64_t>> latency_us = {{0.5, 10'000},  {0.9, 15'000},   {0.95, 20'000},
                                                             {0.99, 30'000}, {0.999, 40'000}, {1.0, 50'000}};
  std::uint64_t late = 0;  // timeouts
  std::int64_t late_us = 10'000'000;
  std::uint64_t errors = 0;            // connection resets
  std::uint64_t generator_faults = 0;  // failures of our own side
  std::uint64_t unfinished = 0;        // at late_us
  std::uint64_t dropped = 0;
  std::map<int, std::uint64_t> statuses;  // empty: 200 for every success
  std::uint64_t body_bytes_each = 1000;
  // One slice per factor: latencies are multiplied by it. Successes are spread evenly, failures as given (or evenly).
  std::vector<double> slices = std::vector<double>(10, 1.0);
  std::vector<std::uint64_t> slice_errors;
  std::map<Metric, double> point;  // not empty: only summary numbers
};

struct RunSpec {
  double duration_s = 10;
  std::string cpu = "CPU A";
  int cores = 4;
  std::string version = "0.1.0";
  std::vector<std::pair<std::string, std::string>> workload = {{"method", "GET"}, {"rate", "1000/s"}};
  measure::GeneratorHealth generator = healthy();
  bool partial = false;
  bool target_died = false;
  std::string stop_reason;
  double reference_us = 0;  // 0: without a reference probe
  std::vector<EndpointSpec> endpoints = {EndpointSpec{}};
  std::map<Metric, double> point;    // of the total; not empty: only summary numbers
  std::map<Metric, double> figures;  // of the total
  std::int64_t first_byte_us = 0;    // of every success of the total; 0: not measured

  static measure::GeneratorHealth healthy();
};

measure::Measurement build(const RunSpec& spec);

}  // namespace burstgate::test
