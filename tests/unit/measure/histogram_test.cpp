#include "measure/histogram.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "base/assert.hpp"

namespace burstgate::measure {
namespace {

// The bucket layout as the HdrHistogram paper and its libraries compute it, step by step.
struct Reference {
  int bucket, sub_bucket, width;
  static Reference of(std::int64_t value) {
    int bucket = 0;
    while (value >> bucket >= 2048) ++bucket;
    return {bucket, static_cast<int>(value >> bucket), 1 << bucket};
  }
  std::size_t counts_index() const { return static_cast<std::size_t>((bucket + 1) * 1024 + sub_bucket - 1024); }
  std::int64_t lowest() const { return static_cast<std::int64_t>(sub_bucket) << bucket; }
};

TEST_CASE("the bucket layout is HdrHistogram's, at every boundary") {
  std::vector<std::int64_t> values = {0, 1, 2, 1023, 1024, 2047, 2048, 2049, 2050, 3'600'000'000};
  for (std::int64_t power = 2048; power <= Histogram::highest_us; power *= 2) {
    for (const std::int64_t step : {std::int64_t{0}, power / 1024, power / 2, power - 1}) {
      for (const std::int64_t d : {-1, 0, 1}) values.push_back(power + step + d);
    }
  }
  for (const std::int64_t value : values) {
    if (value > Histogram::highest_us) continue;
    CAPTURE(value);
    const Reference reference = Reference::of(value);
    const std::size_t index = Histogram::index_of(value);
    CHECK(index == reference.counts_index());
    CHECK(Histogram::lowest_in(index) == reference.lowest());
    CHECK(Histogram::highest_in(index) == reference.lowest() + reference.width - 1);
  }
  CHECK(Histogram::bucket_count() == 23 * 1024);
}

TEST_CASE("buckets touch and are at most 0.1 % wide") {
  for (std::size_t i = 1; i < Histogram::bucket_count(); ++i) {
    const std::int64_t low = Histogram::lowest_in(i), high = Histogram::highest_in(i);
    if (low != Histogram::highest_in(i - 1) + 1 || Histogram::index_of(low) != i || Histogram::index_of(high) != i)
      FAIL(i);
    if (low >= 2048 && static_cast<double>(high - low + 1) > 0.001 * static_cast<double>(low)) FAIL(i);
  }
}

TEST_CASE("an empty histogram has no values") {
  Histogram h;
  for (int round = 0; round < 2; ++round) {
    CHECK(h.empty());
    CHECK(h.count() == 0);
    CHECK_FALSE(h.min_us().has_value());
    CHECK_FALSE(h.max_us().has_value());
    CHECK_FALSE(h.mean_us().has_value());
    CHECK_FALSE(h.value_at_us(0.5).has_value());
    CHECK_FALSE(h.value_at_us(1).has_value());
    CHECK_FALSE(h.saturated_at(1));
    h.record(5);
    h.clear();
  }
  h.record(7, 0);
  CHECK(h.empty());
}

TEST_CASE("limits: 0 counts as 1 us, above 1 h is overflow, negative is our bug") {
  Histogram h;
  h.record(0);
  CHECK(h.min_us() == 1);
  CHECK(h.value_at_us(1) == 1);
  h.record(Histogram::highest_us);
  CHECK(h.overflow() == 0);
  CHECK(h.max_us() == Histogram::highest_us);
  CHECK(h.value_at_us(1) == Histogram::highest_us);
  CHECK_FALSE(h.saturated_at(1));
  h.record(Histogram::highest_us + 1, 2);
  CHECK(h.overflow() == 2);
  CHECK(h.count() == 4);
  CHECK(h.max_us() == Histogram::highest_us);
  CHECK(h.count_in(Histogram::index_of(Histogram::highest_us)) == 3);
  CHECK(h.saturated_at(1));
  CHECK(h.saturated_at(0.75));       // the 3rd of 4 is the first one that overflowed
  CHECK_FALSE(h.saturated_at(0.5));  // the 2nd is 1 h exactly
  CHECK_THROWS_AS(h.record(-1), AssertionFailed);
  CHECK_THROWS_AS(h.value_at_us(0), AssertionFailed);
  CHECK_THROWS_AS(h.value_at_us(1.0001), AssertionFailed);
}

TEST_CASE("the mean is that of the buckets' midpoints") {
  Histogram h;
  h.record(10, 3);
  h.record(20);
  CHECK(h.mean_us() == 12.5);
  Histogram wide;
  wide.record(4096);  // 4096 ... 4099
  CHECK(wide.mean_us() == 4097.5);
}

// ceil(q * n) for a quantile with three decimals, without rounding errors.
std::size_t exact_rank(int per_mille, std::size_t n) {
  return std::max<std::size_t>(1, (static_cast<std::size_t>(per_mille) * n + 999) / 1000);
}

std::int64_t draw(std::mt19937_64& random, int shape) {
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
  const double unit = (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53;
  switch (shape) {
    case 0:
      return 1 + below(2047);  // exact range
    case 1:
      return 1 + below(20'000);  // uniform
    case 2:
      return static_cast<std::int64_t>(1000 / std::pow(unit, 1.5)) + 1;  // heavy tail
    case 3:
      return below(10) == 0 ? 20'000 + below(50) : 2000 + below(100);  // two points
    case 4:
      return 7'777;  // constant
    default:
      return static_cast<std::int64_t>(std::exp(22.0 * unit));  // all magnitudes
  }
}

TEST_CASE("quantiles of 10,000 random sets against the sorted samples") {
  std::mt19937_64 random(20261121);
  for (int set = 0; set < 10'000; ++set) {
    const int shape = set % 6;
    const std::size_t n = 1 + random() % 300;
    Histogram h;
    std::vector<std::int64_t> samples;
    for (std::size_t i = 0; i < n; ++i) {
      samples.push_back(std::clamp<std::int64_t>(draw(random, shape), 1, Histogram::highest_us));
      h.record(samples.back());
    }
    std::sort(samples.begin(), samples.end());
    if (h.min_us() != samples.front() || h.max_us() != samples.back()) FAIL("set " << set);
    for (const int per_mille : {1, 100, 250, 500, 900, 950, 990, 999, 1000}) {
      const std::int64_t exact = samples[exact_rank(per_mille, n) - 1];
      const std::int64_t reported = h.value_at_us(per_mille / 1000.0).value();
      const std::int64_t expected = std::min(Histogram::highest_in(Histogram::index_of(exact)), samples.back());
      if (reported != expected) FAIL("set " << set << ", q " << per_mille << ": " << reported << " for " << exact);
      if (exact < 2048 && reported != exact) FAIL("set " << set << " below 2048 us");
    }
  }
}

TEST_CASE("merging is exact: the same as recording everything in one") {
  std::mt19937_64 random(3);
  for (int round = 0; round < 50; ++round) {
    Histogram one, first, second;
    for (int i = 0; i < 500; ++i) {
      const std::int64_t us = draw(random, round % 6) + (i == 400 && round % 3 == 0 ? Histogram::highest_us : 0);
      one.record(us);
      (random() % 3 == 0 ? first : second).record(us);
    }
    Histogram merged;
    merged.merge(first);
    merged.merge(Histogram{});
    merged.merge(second);
    CHECK(merged.count() == one.count());
    CHECK(merged.overflow() == one.overflow());
    CHECK(merged.min_us() == one.min_us());
    CHECK(merged.max_us() == one.max_us());
    for (std::size_t i = 0; i < Histogram::bucket_count(); ++i) {
      if (merged.count_in(i) != one.count_in(i)) FAIL(i);
    }
  }
}

TEST_CASE("from_counts takes bucket bounds where nothing better is known") {
  std::vector<std::uint64_t> counts(Histogram::index_of(5000) + 1);
  counts[3] = 2;
  counts.back() = 1;
  const Histogram bounds = Histogram::from_counts(counts, 0, std::nullopt, std::nullopt);
  CHECK(bounds.count() == 3);
  CHECK(bounds.min_us() == 3);
  CHECK(bounds.max_us() == 5003);
  CHECK(Histogram::from_counts(counts, 0, 3, 5001).max_us() == 5001);
  CHECK(Histogram::from_counts({}, 0, std::nullopt, std::nullopt).empty());
  CHECK(Histogram::from_counts({0, 0}, 0, std::nullopt, std::nullopt).empty());
}

}  // namespace
}  // namespace burstgate::measure
