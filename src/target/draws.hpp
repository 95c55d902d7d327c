// Seeded draws that depend on nothing but (seed, number of the draw): whichever thread serves the k-th request of an
// endpoint, the endpoint's sequence is the same. SplitMix64 (Steele, Lea, Flood 2014) as a hash of the number.
#pragma once

#include <cmath>
#include <cstdint>

namespace burstgate::target {

class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t stream) : key_(mixed(mixed(seed) + stream)) {}

  // The k-th value, uniform in (0, 1); 0 and 1 are never drawn.
  double uniform(std::uint64_t k) const {
    const std::uint64_t bits = mixed(key_ + k * golden_gamma) >> 11;
    return (static_cast<double>(bits) + 0.5) * 0x1p-53;
  }

  // Whether the k-th of a sequence belongs to the share: evenly spread, after n requests never more than one away from
  // n * share; the seed decides where it starts.
  bool in_share(double share, std::uint64_t k) const {
    const double start = uniform(~std::uint64_t{0});
    const double number = static_cast<double>(k);
    return std::floor((number + 1) * share + start) > std::floor(number * share + start);
  }

 private:
  static constexpr std::uint64_t golden_gamma = 0x9e3779b97f4a7c15;

  static constexpr std::uint64_t mixed(std::uint64_t z) {
    z += golden_gamma;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  std::uint64_t key_;
};

}  // namespace burstgate::target
