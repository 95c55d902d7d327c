#include "stats/proportions.hpp"

#include <algorithm>
#include <cmath>

#include "base/assert.hpp"
#include "stats/distributions.hpp"

namespace burstgate::stats {

Bounds wilson(const Proportion& proportion, double z) {
  BURSTGATE_ASSERT(proportion.trials > 0);
  const double n = proportion.effective_trials();
  const double p = proportion.share();
  const double middle = p + z * z / (2 * n);
  const double reach = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  return {std::max(0.0, (middle - reach) / scale), std::min(1.0, (middle + reach) / scale)};
}

Bounds newcombe_difference(const Proportion& a, const Proportion& b, double z) {
  const Bounds of_a = wilson(a, z);
  const Bounds of_b = wilson(b, z);
  const double difference = a.share() - b.share();
  return {difference - std::hypot(a.share() - of_a.low, of_b.high - b.share()),
          difference + std::hypot(of_a.high - a.share(), b.share() - of_b.low)};
}

double newcombe_p_value(const Proportion& a, const Proportion& b, double margin) {
  if (a.share() - b.share() <= margin) return 1;
  double inside = 0;    // the lower bound is above the margin
  double outside = 38;  // beyond this the normal tail is 0 in double precision
  for (int i = 0; i < 100; ++i) {
    const double z = (inside + outside) / 2;
    (newcombe_difference(a, b, z).low > margin ? inside : outside) = z;
  }
  return normal_cdf(-inside);
}

double design_effect(const std::vector<Batch>& batches) {
  double events = 0, trials = 0, used = 0;
  for (const Batch& batch : batches) {
    if (batch.trials <= 0) continue;
    events += batch.events;
    trials += batch.trials;
    used += 1;
  }
  const double p = events / trials;
  const double variance_of_independent = trials * p * (1 - p);
  if (used < 2 || !(variance_of_independent > 0)) return 1;
  double squares = 0;
  for (const Batch& batch : batches) squares += std::pow(batch.events - batch.trials * p, 2);
  return std::max(1.0, used / (used - 1) * squares / variance_of_independent);
}

}  // namespace burstgate::stats
