#include "stats/paired_shares.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <vector>

#include "base/assert.hpp"

using namespace burstgate::stats;
using burstgate::AssertionFailed;

namespace {

double choose(int n, int k) {
  double result = 1;
  for (int i = 1; i <= k; ++i) result = result * (n - k + i) / i;
  return result;
}

struct Outcome {
  int worse, better;
  double patterns;  // how many orders of the pairs give it
  double bound;
};

std::vector<Outcome> outcomes(int pairs, double alpha) {
  std::vector<Outcome> all;
  for (int worse = 0; worse <= pairs; ++worse) {
    for (int better = 0; worse + better <= pairs; ++better) {
      all.push_back({worse, better, choose(pairs, worse) * choose(pairs - worse, better),
                     upper_excess(worse, better, pairs, alpha)});
    }
  }
  return all;
}

// The probability that the bound lies below the true excess p - q.
double missed(const std::vector<Outcome>& all, int pairs, double p, double q) {
  double sum = 0;
  for (const Outcome& o : all) {
    if (o.bound >= p - q) continue;
    sum += o.patterns * std::pow(p, o.worse) * std::pow(q, o.better) * std::pow(1 - p - q, pairs - o.worse - o.better);
  }
  return sum;
}

}  // namespace

TEST_CASE("McNemar's exact test counts fair coins") {
  CHECK(mcnemar_p(0, 0) == 1);
  CHECK(mcnemar_p(0, 7) == 1);
  CHECK(mcnemar_p(9, 1) == doctest::Approx(11 / 1024.0));  // the sign test's table: n = 10, one-sided
  for (int n = 0; n <= 30; ++n) {
    double tail = 0;
    for (int worse = n; worse >= 0; --worse) {
      tail += choose(n, worse);
      CHECK(mcnemar_p(worse, n - worse) == doctest::Approx(std::ldexp(tail, -n)).epsilon(1e-12));
    }
  }
}

TEST_CASE("McNemar's exact test with very many pairs") {
  CHECK(mcnemar_p(500, 0) == doctest::Approx(std::ldexp(1, -500)).epsilon(1e-9));
  CHECK(mcnemar_p(1'000'000, 1'000'000) == doctest::Approx(0.5).epsilon(0.001));
  CHECK(mcnemar_p(1'002'326, 1'000'000) == doctest::Approx(0.05).epsilon(0.01));  // 1.645 sqrt(2000000) above
}

TEST_CASE("no pair flagged: the exact bound") {
  for (const int pairs : {1, 8, 60, 299}) {
    for (const double alpha : {.3, .01, .0002}) {
      CHECK(upper_excess(0, 0, pairs, alpha) == doctest::Approx(1 - std::pow(alpha, 1.0 / pairs)).epsilon(1e-10));
    }
  }
}

// R. G. Newcombe, "Two-sided confidence intervals for the single proportion: comparison of seven methods", Statistics
// in Medicine 17 (1998) 857-872, Table I, method 5 (Clopper-Pearson, 2.5 % on each side).
TEST_CASE("Clopper-Pearson: Newcombe's examples") {
  struct Example {
    int events, trials;
    double low, high;
  };
  for (const Example e : {Example{81, 263, .2527, .3676}, Example{15, 148, .0578, .1617}, Example{0, 20, .0000, .1684},
                          Example{1, 29, .0009, .1776}}) {
    CHECK(std::abs(upper_excess(e.events, 0, e.trials, .025) - e.high) < 6e-5);
    // Only the baseline flagged: the upper bound of none of them minus the lower bound, both at half the level.
    const double none = 1 - std::pow(.025, 1.0 / e.trials);
    CHECK(std::abs(upper_excess(0, e.events, e.trials, .05) -
                   std::min(none - e.low, 1 - std::pow(.05, 1.0 / e.trials))) < 6e-5);
  }
  CHECK(upper_excess(20, 0, 20, .01) == 1);
  CHECK(upper_excess(0, 20, 20, .05) == doctest::Approx(-(std::pow(.025, 1 / 20.0) - (1 - std::pow(.025, 1 / 20.0)))));
}

TEST_CASE("the bound of the excess moves with what was seen") {
  constexpr int pairs = 25;
  for (int worse = 0; worse < pairs; ++worse) {
    for (int better = 0; worse + better < pairs; ++better) {
      const double bound = upper_excess(worse, better, pairs, .01);
      CHECK(bound > static_cast<double>(worse - better) / pairs);
      CHECK(upper_excess(worse + 1, better, pairs, .01) >= bound);
      CHECK(upper_excess(worse, better + 1, pairs, .01) <= bound);
      CHECK(upper_excess(worse, better, pairs, .02) < bound);
    }
  }
}

TEST_CASE("the true excess is above its bound at most as often as alpha, over every outcome") {
  for (const int pairs : {3, 8, 20, 40}) {
    for (const double alpha : {.2, .01}) {
      const auto all = outcomes(pairs, alpha);
      std::set<double> bounds;
      for (const Outcome& o : all) bounds.insert(o.better < 4 ? o.bound : 0);
      double worst = 0;
      for (const double bound : bounds) {
        for (const double q : {0.0, .001, .01, .03, .1, .25}) {
          const double p = bound + q + 1e-12;  // the excess just above one of the bounds: there the misses jump
          if (p > 0 && p + q < 1) worst = std::max(worst, missed(all, pairs, p, q));
        }
      }
      CHECK(worst <= alpha * (1 + 1e-9));
      CHECK(worst > alpha * 0.99);  // and is no wider than it must be
    }
  }
}

TEST_CASE("counts that cannot be") {
  CHECK_THROWS_AS(upper_excess(0, 0, 0, .01), AssertionFailed);
  CHECK_THROWS_AS(upper_excess(3, 2, 4, .01), AssertionFailed);
  CHECK_THROWS_AS(upper_excess(5, 0, 4, .01), AssertionFailed);
  CHECK_THROWS_AS(upper_excess(0, 0, 4, 0), AssertionFailed);
  CHECK_THROWS_AS(upper_excess(0, 0, 4, 1), AssertionFailed);
}
