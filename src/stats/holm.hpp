// S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979)
// 65-70: with m hypotheses the probability of rejecting any true one stays at or below alpha, whatever their
// dependence.
#pragma once

#include <functional>
#include <vector>

namespace burstgate::stats {

// For each p-value the number d by which its level is divided: the hypothesis is rejected if and only if
// p <= alpha / d. Sorted ascending the j-th has d = m - j + 1, up to and including the first that is not rejected; all
// after it keep that one's d. So a bound drawn at the level alpha / d agrees with the step-down decision.
std::vector<int> holm_divisors(const std::vector<double>& p_values, double alpha);

// The same where the level is no plain quotient, as at one look of several (Y. Ye, A. Li, L. Liu, B. Yao, "A group
// sequential Holm procedure with multiple primary endpoints", Statistics in Medicine 32 (2013) 1112-1124): level(d) is
// that of this look when alpha / d is spent over all looks, which is less than the level for alpha, over d. It is asked
// for each divisor at most once.
std::vector<int> holm_divisors(const std::vector<double>& p_values, const std::function<double(int divisor)>& level);

}  // namespace burstgate::stats
