// Systematic sampling, as in Cochran, "Sampling Techniques" (1977), chapter 8; from block to block the offset moves by
// the golden ratio, whose multiples are spread most evenly (Weyl; Knuth, TAOCP 3, 6.4). Exponential times by inversion.
#include "load/choices.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace burstgate::load {

namespace {

// In [0, 1), with all 53 bits.
double unit(Random& random) {
  return static_cast<double>(random() >> 11) * 0x1p-53;
}

}  // namespace

ScenarioChoice::ScenarioChoice(const std::vector<double>& weights) {
  if (weights.size() == 1) return;
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  double so_far = 0;
  for (const double weight : weights) upper_bounds_.push_back((so_far += weight) / sum);
  order_.resize(block);
  std::iota(order_.begin(), order_.end(), std::size_t{0});
}

std::size_t ScenarioChoice::pick(Random& random) {
  if (upper_bounds_.empty()) return 0;
  if (!offset_) offset_ = unit(random);
  if (drawn_ == block) {
    drawn_ = 0;
    offset_ = std::fmod(*offset_ + std::numbers::phi, 1.0);
  }
  const auto left = static_cast<double>(block - drawn_);
  const std::size_t chosen = drawn_ + static_cast<std::size_t>(unit(random) * left);
  std::swap(order_[drawn_], order_[chosen]);
  const double u = (static_cast<double>(order_[drawn_++]) + *offset_) / static_cast<double>(block);
  const auto found = std::upper_bound(upper_bounds_.begin(), upper_bounds_.end(), u);
  return std::min(static_cast<std::size_t>(found - upper_bounds_.begin()), upper_bounds_.size() - 1);
}

Duration pick_wait(const config::Wait& wait, Random& random) {
  const Duration least = wait.least;
  if (wait.exponential) {
    return Duration(std::llround(-std::log1p(-unit(random)) * static_cast<double>(least.count())));
  }
  if (wait.most <= wait.least) return least;
  return least + Duration(std::llround(unit(random) * static_cast<double>(Duration(wait.most - wait.least).count())));
}

}  // namespace burstgate::load
