// Shares and their differences, for error rates.
//
// R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven
// methods", Statistics in Medicine 17 (1998) 873-890, method 10: the Wilson score intervals of both shares, combined.
// It holds its level near 0, where error rates are. Errors come in bunches, so the sample size is divided by the design
// effect, the observed variance between stretches of a run (or between runs) over the binomial one.
#pragma once

#include <vector>

namespace burstgate::stats {

struct Proportion {
  double events = 0;         // errors
  double trials = 0;         // requests, > 0
  double design_effect = 1;  // >= 1

  double share() const { return events / trials; }
  double effective_trials() const { return trials / design_effect; }
};

struct Bounds {
  double low = 0;
  double high = 0;
};

// Wilson score interval; z is the normal quantile of each side (1.96 for 2.5 % on each side).
Bounds wilson(const Proportion& proportion, double z);

// Interval of share(a) - share(b).
Bounds newcombe_difference(const Proportion& a, const Proportion& b, double z);

// One-sided p-value against "share(a) - share(b) <= margin": the level at which the lower bound reaches the margin.
// 1 when the observed difference is not above the margin.
double newcombe_p_value(const Proportion& a, const Proportion& b, double margin);

struct Batch {
  double events = 0;
  double trials = 0;
};

// max(1, R / (R - 1) * sum (e_r - n_r p)^2 / (n p (1 - p))) over R batches with trials; 1 when there are fewer than two
// of them or when no or every trial is an event (the ratio estimator of the variance between clusters,
// Cochran, Sampling Techniques, 1977, 9A.1).
double design_effect(const std::vector<Batch>& batches);

}  // namespace burstgate::stats
