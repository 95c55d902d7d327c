#include "stats/holm.hpp"

#include <algorithm>
#include <numeric>

namespace burstgate::stats {

std::vector<int> holm_divisors(const std::vector<double>& p_values, const std::function<double(int divisor)>& level) {
  std::vector<std::size_t> ascending(p_values.size());
  std::iota(ascending.begin(), ascending.end(), std::size_t{0});
  std::stable_sort(ascending.begin(), ascending.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<int> divisors(p_values.size());
  int divisor = static_cast<int>(p_values.size());
  bool rejecting = true;
  for (const std::size_t i : ascending) {
    divisors[i] = divisor;
    rejecting = rejecting && p_values[i] <= level(divisor);
    if (rejecting) --divisor;  // the next one is tested less strictly
  }
  return divisors;
}

std::vector<int> holm_divisors(const std::vector<double>& p_values, double alpha) {
  return holm_divisors(p_values, [alpha](int divisor) { return alpha / divisor; });
}

}  // namespace burstgate::stats
