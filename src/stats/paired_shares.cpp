#include "stats/paired_shares.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>

#include "base/assert.hpp"

namespace burstgate::stats {

namespace {

// Clopper-Pearson: the shares at which `events` of `trials` or fewer, or more, have the probability alpha. The binomial
// tail P(X >= k) is the incomplete beta function I_p(k, n - k + 1).
double upper_share(double events, double trials, double alpha) {
  if (events == trials) return 1;
  return boost::math::ibetac_inv(events + 1, trials - events, alpha);
}

double lower_share(double events, double trials, double alpha) {
  if (events == 0) return 0;
  return boost::math::ibeta_inv(events, trials - events + 1, alpha);
}

}  // namespace

double mcnemar_p(std::uint64_t candidate_only, std::uint64_t baseline_only) {
  return boost::math::ibeta(static_cast<double>(candidate_only), static_cast<double>(baseline_only) + 1, 0.5);
}

double upper_excess(std::uint64_t candidate_only, std::uint64_t baseline_only, std::uint64_t pairs, double alpha) {
  BURSTGATE_ASSERT(alpha > 0 && alpha < 1);
  BURSTGATE_ASSERT(pairs > 0 && candidate_only <= pairs && baseline_only <= pairs - candidate_only);
  const auto worse = static_cast<double>(candidate_only);
  const auto better = static_cast<double>(baseline_only);
  const auto trials = static_cast<double>(pairs);
  return std::min(upper_share(worse, trials, alpha),
                  upper_share(worse, trials, alpha / 2) - lower_share(better, trials, alpha / 2));
}

}  // namespace burstgate::stats
