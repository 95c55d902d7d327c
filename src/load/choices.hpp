// What chance decides: which scenario comes next, and how long a user thinks. Pure: the random numbers are an argument.
#pragma once

#include <cstddef>
#include <optional>
#include <random>
#include <vector>

#include "config/plan.hpp"
#include "load/clock.hpp"

namespace burstgate::load {

using Random = std::mt19937_64;

// Picks scenarios by their weights. Chance decides the order, not the mix: the picks of a block are evenly spread over
// the unit interval and come in random order, so that within a block every scenario comes as often as its share says,
// give or take one; and what is too much in one block is too little in another. A short run then has the mix that was
// asked for, not one by luck.
class ScenarioChoice {
 public:
  static constexpr std::size_t block = 256;

  explicit ScenarioChoice(const std::vector<double>& weights);  // each > 0; at least one

  std::size_t pick(Random& random);

 private:
  std::vector<double> upper_bounds_;  // of the scenarios' parts of the unit interval
  std::vector<std::size_t> order_;    // of a block's points; those that were drawn come first
  std::size_t drawn_ = 0;
  std::optional<double> offset_;  // of this block's points, as a share of their distance
};

// Constant, uniform or exponential, as the scenario says.
Duration pick_wait(const config::Wait& wait, Random& random);

}  // namespace burstgate::load
