#include "stats/holm.hpp"

#include <algorithm>
#include <numeric>

namespace burstgate::stats {

std::vector<int> holm_divisors(const std::vector<double>& p_values, double alpha) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });

  std::vector<int> divisors(p_values.size());
  int divisor = static_cast<int>(p_values.size());
  for (const std::size_t i : order) {
    divisors[i] = divisor;
    if (p_values[i] <= alpha / divisor) --divisor;  // rejected: the next one is tested less strictly
  }
  return divisors;
}

}  // namespace burstgate::stats
