// A latency histogram with HdrHistogram's bucket layout: three significant digits, 1 us to 1 h.
//
// Buckets: 2048 linear sub-buckets in the first bucket, then 1024 per power of two, so that the width of a bucket is at
// most 0.1 % of its value (http://hdrhistogram.org; Gil Tene's HdrHistogram, significantValueDigits = 3,
// lowestDiscernibleValue = 1, highestTrackableValue = 3.6e9). Counts are exact and merging is exact.
//
// Percentile definition ("nearest-rank/hdr-upper", the only one in burstgate): the value at quantile q of n samples is
// the ceil(q * n)-th smallest sample, reported as the highest value of its bucket, but never above the largest
// recorded sample.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace burstgate::measure {

inline constexpr const char* percentile_definition = "nearest-rank/hdr-upper";

// The nearest rank of a quantile in (0, 1] among `count` > 0 samples: ceil(quantile * count), 1-based.
std::uint64_t nearest_rank(double quantile, std::uint64_t count);

class Histogram {
 public:
  static constexpr std::int64_t lowest_us = 1;
  static constexpr std::int64_t highest_us = 3'600'000'000;  // 1 h
  static constexpr int significant_digits = 3;

  Histogram() = default;  // empty; allocates nothing until the first record() or reserve()

  void reserve();  // allocates the counts now, so that record() on the hot path does not

  // One sample. 0 is counted as 1 us; a value above 1 h is counted in the top bucket and in overflow().
  // Negative values are our own bug (assertion).
  void record(std::int64_t value_us, std::uint64_t count = 1);

  void merge(const Histogram& other);

  std::uint64_t count() const { return count_; }
  std::uint64_t overflow() const { return overflow_; }
  bool empty() const { return count_ == 0; }

  // All of these: nothing when the histogram is empty, never 0 or NaN.
  std::optional<std::int64_t> min_us() const;
  std::optional<std::int64_t> max_us() const;                      // the exact largest sample (1 h when it overflowed)
  std::optional<double> mean_us() const;                           // from bucket midpoints, as HdrHistogram does
  std::optional<std::int64_t> value_at_us(double quantile) const;  // quantile in (0, 1]
  // True when the value at this quantile lies among overflowed samples: it is then "at least", not "equal".
  bool saturated_at(double quantile) const;

  // Bucket geometry, for encoders and charts. Indices run from 0 to bucket_count() - 1 in order of value.
  static std::size_t bucket_count();
  static std::size_t index_of(std::int64_t value_us);
  static std::int64_t lowest_in(std::size_t index);
  static std::int64_t highest_in(std::size_t index);
  std::uint64_t count_in(std::size_t index) const { return index < counts_.size() ? counts_[index] : 0; }

  // For decoders: a histogram with exactly these bucket counts (trailing zeros may be missing). min and max become
  // bucket bounds unless given. Overflow is part of the top bucket's count.
  static Histogram from_counts(std::vector<std::uint64_t> counts, std::uint64_t overflow,
                               std::optional<std::int64_t> min_us, std::optional<std::int64_t> max_us);

  void clear();  // counts to zero, memory kept

 private:
  std::vector<std::uint64_t> counts_;  // empty, or bucket_count() long
  std::uint64_t count_ = 0;
  std::uint64_t overflow_ = 0;
  std::int64_t min_us_ = 0;
  std::int64_t max_us_ = 0;
};

}  // namespace burstgate::measure
