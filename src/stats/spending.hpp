// Looking several times at a growing sample without paying for it in false alarms.
//
// K. K. G. Lan, D. L. DeMets, "Discrete sequential boundaries for clinical trials", Biometrika 70 (1983) 659-663: the
// error probability alpha is spent along a function of the share of information seen, here in proportion to it. The
// boundaries come from recursive numerical integration: P. Armitage, C. K. McPherson, B. C. Rowe, "Repeated
// significance tests on accumulating data", Journal of the Royal Statistical Society A 132 (1969) 235-244.
#pragma once

#include <vector>

namespace burstgate::stats {

inline constexpr double min_growth = 1e-3;  // from look to look; the integration's work grows as looks come together

// For each look the nominal one-sided level: the first look whose p-value is at or below its level rejects. Up to look
// k a true hypothesis is rejected with the probability alpha * information[k], exactly for a Brownian motion observed
// at these shares of information, which the statistic of a sum or of ranks over a growing sample comes near to.
//
// `information`: the planned share at each look, ascending, in (0, 1], the last 1; each step at least min_growth of the
// share it leads to.
// `alpha`: in (0, 0.5].
std::vector<double> spending_boundaries(const std::vector<double>& information, double alpha);

}  // namespace burstgate::stats
