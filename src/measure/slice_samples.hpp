// The latencies of one slice, kept as the few histogram buckets that were hit: small enough to keep one per slice,
// endpoint and thread, exact to merge, and cheap to read quantiles from.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "measure/histogram.hpp"
#include "measure/measurement.hpp"

namespace burstgate::measure {

struct SliceSamples {
  std::uint64_t ok = 0;
  std::uint64_t failed = 0;
  std::uint64_t samples = 0;
  std::int64_t max_us = 0;
  std::vector<std::pair<std::uint32_t, std::uint64_t>> buckets;  // index and count, sorted by index

  // Takes the latencies out of `latencies`, which is empty afterwards.
  void take(Histogram& latencies);
  void merge(const SliceSamples& other);
};

// The value at the quantile in (0, 1]; there must be samples.
double quantile_us(const SliceSamples& samples, double quantile);

// With the quantiles that a saved slice holds; same percentile definition as Histogram.
Slice to_slice(const SliceSamples& samples, double start_s, double duration_s);

}  // namespace burstgate::measure
