#include "measure/slice_samples.hpp"

#include <algorithm>
#include <cmath>

#include "base/assert.hpp"

namespace burstgate::measure {

void SliceSamples::take(Histogram& latencies) {
  if (latencies.empty()) return;
  SliceSamples taken;
  taken.samples = latencies.count();
  taken.max_us = *latencies.max_us();
  for (std::size_t i = Histogram::index_of(*latencies.min_us()); i <= Histogram::index_of(taken.max_us); ++i) {
    const std::uint64_t count = latencies.count_in(i);
    if (count > 0) taken.buckets.emplace_back(static_cast<std::uint32_t>(i), count);
  }
  latencies.clear();
  merge(taken);
}

void SliceSamples::merge(const SliceSamples& other) {
  ok += other.ok;
  failed += other.failed;
  samples += other.samples;
  max_us = std::max(max_us, other.max_us);
  decltype(buckets) merged;
  merged.reserve(buckets.size() + other.buckets.size());
  auto a = buckets.begin();
  auto b = other.buckets.begin();
  while (a != buckets.end() || b != other.buckets.end()) {
    if (b == other.buckets.end() || (a != buckets.end() && a->first < b->first)) {
      merged.push_back(*a++);
    } else if (a == buckets.end() || b->first < a->first) {
      merged.push_back(*b++);
    } else {
      merged.emplace_back(a->first, a->second + b->second);
      ++a, ++b;
    }
  }
  buckets = std::move(merged);
}

double quantile_us(const SliceSamples& s, double quantile) {
  const std::uint64_t rank = nearest_rank(quantile, s.samples);
  std::uint64_t seen = 0;
  for (const auto& [index, count] : s.buckets) {
    seen += count;
    if (seen >= rank) return static_cast<double>(std::min(Histogram::highest_in(index), s.max_us));
  }
  BURSTGATE_ASSERT(false && "the buckets add up to samples");
  return 0;
}

namespace {

// In whole nanoseconds, as it is saved, so that what is read back is judged alike; and not above the maximum, which is
// known better than its bucket.
double mean_us(const SliceSamples& s) {
  double sum = 0;
  for (const auto& [index, count] : s.buckets) {
    const auto low = static_cast<double>(Histogram::lowest_in(index));
    const auto high = static_cast<double>(Histogram::highest_in(index));
    sum += (low + high) / 2 * static_cast<double>(count);
  }
  const double mean = std::round(sum / static_cast<double>(s.samples) * 1e3) / 1e3;
  return std::min(mean, static_cast<double>(s.max_us));
}

}  // namespace

Slice to_slice(const SliceSamples& s, double start_s, double duration_s) {
  Slice slice;
  slice.start_s = start_s;
  slice.duration_s = duration_s;
  slice.ok = s.ok;
  slice.failed = s.failed;
  slice.samples = s.samples;
  if (s.samples == 0) return slice;
  slice.p50_us = quantile_us(s, 0.50);
  slice.p90_us = quantile_us(s, 0.90);
  slice.p95_us = quantile_us(s, 0.95);
  slice.p99_us = quantile_us(s, 0.99);
  slice.p999_us = quantile_us(s, 0.999);
  slice.mean_us = mean_us(s);
  slice.max_us = static_cast<double>(s.max_us);
  return slice;
}

}  // namespace burstgate::measure
