#include "measure/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/assert.hpp"

namespace burstgate::measure {

namespace {

// 2 * 10^3 rounded up to a power of two: values below it are counted one by one.
constexpr int sub_bucket_bits = 11;
constexpr std::int64_t sub_buckets = 1 << sub_bucket_bits;
constexpr std::int64_t half = sub_buckets / 2;

// Each further power of two adds `half` buckets of twice the width.
constexpr std::size_t count_buckets() {
  std::size_t powers = 1;
  std::int64_t reach = sub_buckets;
  while (reach <= Histogram::highest_us) reach <<= 1, ++powers;
  return (powers + 1) * half;
}

constexpr std::size_t total_buckets = count_buckets();

}  // namespace

std::size_t Histogram::bucket_count() {
  return total_buckets;
}

std::size_t Histogram::index_of(std::int64_t value_us) {
  const auto value = static_cast<std::uint64_t>(value_us);
  const int power = static_cast<int>(std::bit_width(value | (sub_buckets - 1))) - sub_bucket_bits;
  return static_cast<std::size_t>(power) * half + static_cast<std::size_t>(value >> power);
}

std::int64_t Histogram::lowest_in(std::size_t index) {
  if (index < sub_buckets) return static_cast<std::int64_t>(index);
  const auto power = static_cast<int>(index / half) - 1;
  return static_cast<std::int64_t>(index % half + half) << power;
}

std::int64_t Histogram::highest_in(std::size_t index) {
  if (index < sub_buckets) return static_cast<std::int64_t>(index);
  const auto power = static_cast<int>(index / half) - 1;
  return lowest_in(index) + (std::int64_t{1} << power) - 1;
}

void Histogram::reserve() {
  if (counts_.empty()) counts_.resize(total_buckets);
}

void Histogram::record(std::int64_t value_us, std::uint64_t count) {
  BURSTGATE_ASSERT(value_us >= 0);
  if (count == 0) return;
  reserve();
  if (value_us > highest_us) overflow_ += count;
  const std::int64_t value = std::clamp(value_us, lowest_us, highest_us);
  counts_[index_of(value)] += count;
  min_us_ = count_ == 0 ? value : std::min(min_us_, value);
  max_us_ = count_ == 0 ? value : std::max(max_us_, value);
  count_ += count;
}

void Histogram::merge(const Histogram& other) {
  if (other.empty()) return;
  reserve();
  for (std::size_t i = 0; i < total_buckets; ++i) counts_[i] += other.counts_[i];
  min_us_ = count_ == 0 ? other.min_us_ : std::min(min_us_, other.min_us_);
  max_us_ = count_ == 0 ? other.max_us_ : std::max(max_us_, other.max_us_);
  count_ += other.count_;
  overflow_ += other.overflow_;
}

std::optional<std::int64_t> Histogram::min_us() const {
  return empty() ? std::nullopt : std::optional<std::int64_t>(min_us_);
}

std::optional<std::int64_t> Histogram::max_us() const {
  return empty() ? std::nullopt : std::optional<std::int64_t>(max_us_);
}

std::optional<double> Histogram::mean_us() const {
  if (empty()) return std::nullopt;
  double sum = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] == 0) continue;
    const double middle = (static_cast<double>(lowest_in(i)) + static_cast<double>(highest_in(i))) / 2;
    sum += middle * static_cast<double>(counts_[i]);
  }
  return sum / static_cast<double>(count_);
}

std::uint64_t nearest_rank(double quantile, std::uint64_t count) {
  BURSTGATE_ASSERT(quantile > 0 && quantile <= 1);
  const double exact = quantile * static_cast<double>(count);
  // The small step back keeps 0.95 * 100 = 95.000...01 from becoming rank 96.
  const auto rank = static_cast<std::uint64_t>(std::ceil(exact - exact * 1e-12));
  return std::clamp<std::uint64_t>(rank, 1, count);
}

std::optional<std::int64_t> Histogram::value_at_us(double quantile) const {
  if (empty()) return std::nullopt;
  const std::uint64_t rank = nearest_rank(quantile, count_);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen >= rank) return std::min(highest_in(i), max_us_);
  }
  BURSTGATE_ASSERT(false && "the counts add up to count_");
  return std::nullopt;
}

bool Histogram::saturated_at(double quantile) const {
  return overflow_ > 0 && nearest_rank(quantile, count_) > count_ - overflow_;
}

Histogram Histogram::from_counts(std::vector<std::uint64_t> counts, std::uint64_t overflow,
                                 std::optional<std::int64_t> min_us, std::optional<std::int64_t> max_us) {
  BURSTGATE_ASSERT(counts.size() <= total_buckets);
  Histogram h;
  counts.resize(total_buckets);
  h.counts_ = std::move(counts);
  std::size_t first = total_buckets, last = 0;
  for (std::size_t i = 0; i < total_buckets; ++i) {
    if (h.counts_[i] == 0) continue;
    h.count_ += h.counts_[i];
    first = std::min(first, i), last = i;
  }
  if (h.count_ == 0) return Histogram{};
  h.overflow_ = overflow;
  h.min_us_ = min_us.value_or(lowest_in(first));
  h.max_us_ = max_us.value_or(std::min(highest_in(last), highest_us));
  return h;
}

void Histogram::clear() {
  std::fill(counts_.begin(), counts_.end(), 0);
  count_ = overflow_ = 0;
  min_us_ = max_us_ = 0;
}

}  // namespace burstgate::measure
