// Latencies of the last moments, for the progress line: coarse (eight buckets per octave, at most 12.5 % wide), written
// by one thread and read by another at any time. Results are never made from it.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace burstgate::load {

class LiveLatency {
 public:
  static constexpr std::size_t buckets = 256;  // 1 us to over an hour
  using Counts = std::array<std::uint64_t, buckets>;

  // By the one thread that writes.
  void record(std::int64_t latency_us) {
    auto& bucket = counts_[index_of(latency_us)];
    bucket.store(bucket.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  void add_to(Counts& sum) const {
    for (std::size_t i = 0; i < buckets; ++i) sum[i] += counts_[i].load(std::memory_order_relaxed);
  }

  static std::size_t index_of(std::int64_t latency_us) {
    const auto us = static_cast<std::uint64_t>(std::clamp<std::int64_t>(latency_us, 1, std::int64_t{1} << 31));
    const auto octave = static_cast<std::size_t>(std::bit_width(us) - 1);
    const std::uint64_t eighth = octave >= 3 ? us >> (octave - 3) & 7u : us << (3 - octave) & 7u;
    return octave * 8 + static_cast<std::size_t>(eighth);
  }
  static double middle_us(std::size_t index) {
    return std::ldexp(1.0 + (static_cast<double>(index % 8) + 0.5) / 8, static_cast<int>(index / 8));
  }

 private:
  std::array<std::atomic<std::uint64_t>, buckets> counts_{};
};

// The quantile of what was recorded between two readings; nothing when that is nothing.
inline std::optional<double> recent_quantile_us(const LiveLatency::Counts& before, const LiveLatency::Counts& now,
                                                double quantile) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < now.size(); ++i) total += now[i] - before[i];
  if (total == 0) return std::nullopt;
  auto left = static_cast<std::uint64_t>(std::ceil(quantile * static_cast<double>(total)));
  for (std::size_t i = 0; i < now.size(); ++i) {
    const std::uint64_t count = now[i] - before[i];
    if (left <= count) return LiveLatency::middle_us(i);
    left -= count;
  }
  return std::nullopt;
}

}  // namespace burstgate::load
