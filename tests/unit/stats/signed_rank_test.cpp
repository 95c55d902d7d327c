#include "stats/signed_rank.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>

#include "base/assert.hpp"

using namespace burstgate::stats;
using burstgate::AssertionFailed;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

int greatest_sum(int pairs) {
  return pairs * (pairs + 1) / 2;
}

// How many of the 2^pairs patterns of signs give each sum, by going through all of them.
std::vector<int> enumerated(int pairs) {
  std::vector<int> counts(greatest_sum(pairs) + 1, 0);
  for (unsigned signs = 0; signs < 1u << pairs; ++signs) {
    int sum = 0;
    for (int rank = 1; rank <= pairs; ++rank) sum += (signs >> (rank - 1) & 1) * rank;
    ++counts[sum];
  }
  return counts;
}

// The same by recursion, in whole numbers up to 63 pairs, or in the shares of all patterns.
template <typename Number>
std::vector<Number> recursion(int pairs, Number first, Number divisor) {
  std::vector<Number> counts(greatest_sum(pairs) + 1, Number{0});
  counts[0] = first;
  for (int rank = 1; rank <= pairs; ++rank) {
    auto next = counts;
    for (std::size_t w = 0; w + rank < counts.size(); ++w) next[w + rank] += counts[w];
    for (Number& count : next) count /= divisor;
    counts = next;
  }
  return counts;
}

// W+ from its definition, for differences without ties and zeros: the sum of the ranks of the positive ones.
int positive_ranks(std::vector<double> differences) {
  std::sort(differences.begin(), differences.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
  int sum = 0;
  for (std::size_t i = 0; i < differences.size(); ++i) sum += differences[i] > 0 ? static_cast<int>(i) + 1 : 0;
  return sum;
}

std::vector<double> normal_sample(int size, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  std::vector<double> values(size);
  for (double& value : values) value = normal(random);
  return values;
}

std::vector<double> tied_sample(int size, std::mt19937_64& random) {
  std::uniform_int_distribution<int> few(-4, 6);
  std::vector<double> values(size);
  for (double& value : values) value = few(random);
  return values;
}

// For how many of these thetas and levels bound and p-value disagree.
int disagreements(const WalshAverages& averages, const std::vector<double>& thetas, const std::vector<double>& levels) {
  int count = 0;
  for (const double theta : thetas) {
    for (const double alpha : levels) {
      count += (averages.lower(alpha) > theta) != (averages.p_above(theta) <= alpha);
      count += (averages.upper(alpha) < theta) != (averages.p_below(theta) <= alpha);
    }
  }
  return count;
}

}  // namespace

TEST_CASE("the null distribution is that of all patterns of signs") {
  for (int pairs = 0; pairs <= 12; ++pairs) {
    const SignedRankNull null(pairs);
    const auto counts = enumerated(pairs);
    REQUIRE(null.greatest_sum() == greatest_sum(pairs));
    int below = 0;
    for (int sum = 0; sum <= greatest_sum(pairs); ++sum) {
      CHECK(null.at_least(sum) == 1 - std::ldexp(below, -pairs));
      below += counts[sum];
      CHECK(null.at_most(sum) == std::ldexp(below, -pairs));
    }
    CHECK(null.at_most(-1) == 0);
    CHECK(null.at_least(0) == 1);
    CHECK(null.at_least(greatest_sum(pairs) + 1) == 0);
    CHECK(null.at_most(greatest_sum(pairs) + 1) == 1);
  }
}

// F. Wilcoxon, S. K. Katti, R. A. Wilcox, "Critical values and probability levels for the Wilcoxon rank sum test and
// the Wilcoxon signed rank test", Selected Tables in Mathematical Statistics 1 (1970) 171-259; checked with
// exact fractions.
TEST_CASE("the null distribution: the usual table") {
  struct Row {
    int pairs, sum;
    double probability, level;
  };
  for (const Row row : {Row{5, 0, .0313, .05}, Row{10, 8, .0244, .025}, Row{10, 10, .0420, .05},
                        Row{15, 25, .0240, .025}, Row{15, 30, .0473, .05}, Row{20, 60, .0487, .05},
                        Row{50, 466, .0495, .05}, Row{50, 434, .0247, .025}, Row{50, 397, .0098, .01}}) {
    const SignedRankNull null(row.pairs);
    CHECK(std::abs(null.at_most(row.sum) - row.probability) < 5.1e-5);
    CHECK(null.critical_sum(row.level) == row.sum);
  }
  CHECK(SignedRankNull(174).at_most(5000) == doctest::Approx(3.602754293766541e-05).epsilon(1e-12));  // by fractions
}

TEST_CASE("the null distribution keeps its precision far out in the tails") {
  for (const int pairs : {61, 62}) {  // an even and an odd number of sums
    const SignedRankNull null(pairs);
    const auto counts = recursion<std::uint64_t>(pairs, 1, 1);
    std::uint64_t below = 0;
    double worst = 0;
    for (int sum = 0; sum <= greatest_sum(pairs); ++sum) {
      below += counts[sum];
      const double exact = std::ldexp(static_cast<double>(below), -pairs);
      worst = std::max(worst, std::abs(null.at_most(sum) / exact - 1));
    }
    CHECK(worst < 1e-14);
  }
  constexpr int most = SignedRankNull::max_exact_pairs;
  CHECK(SignedRankNull(most).at_most(0) == std::ldexp(1, -most));
  CHECK(SignedRankNull(most).at_least(greatest_sum(most) - 2) == std::ldexp(3, -most));
}

TEST_CASE("the null distribution rises and is symmetric") {
  for (const int pairs : {2, 3, 24, 240, 400, 401}) {
    const SignedRankNull null(pairs);
    bool rises = true, symmetric = true;
    for (int sum = 0; sum <= null.greatest_sum(); ++sum) {
      rises = rises && null.at_most(sum) >= null.at_most(sum - 1);
      symmetric = symmetric && std::abs(null.at_most(sum) + null.at_least(sum + 1) - 1) < 1e-14;
    }
    CHECK(rises);
    CHECK(symmetric);
  }
}

TEST_CASE("beyond the exact distribution the normal one, and where it differs it is careful") {
  constexpr int pairs = SignedRankNull::max_exact_pairs + 1;
  const SignedRankNull null(pairs);
  const auto shares = recursion<double>(pairs, 1, 2);
  double exact = 0;
  double careless = 0, careful = 0, careful_at_a_thousandth = 0;
  for (int sum = 0; sum < greatest_sum(pairs) / 2; ++sum) {
    exact += shares[sum];
    if (exact < 3e-5) continue;
    const double excess = null.at_most(sum) / exact - 1;
    careful = std::max(careful, excess);
    careless = std::max(careless, -excess);
    if (exact < 0.04) CHECK_MESSAGE(excess > 0, exact);
    if (exact > 0.001) careful_at_a_thousandth = std::max(careful_at_a_thousandth, excess);
  }
  CHECK(careful < 0.09);
  CHECK(careful_at_a_thousandth < 0.027);
  CHECK(careless < 0.0012);
  CHECK(careful > 0.08);  // it is the normal distribution
}

TEST_CASE("the critical sum is the largest that is rare enough") {
  for (const int pairs : {0, 1, 2, 5, 8, 24, 174, 401}) {
    const SignedRankNull null(pairs);
    for (const double alpha : {1e-9, 1e-4, .00133, .01, 1.0 / 32, .05, .25, .5, .75, .999999}) {
      const int critical = null.critical_sum(alpha);
      CHECK(null.at_most(critical) <= alpha);
      CHECK(null.at_most(critical + 1) > alpha);
    }
  }
  CHECK(SignedRankNull(5).critical_sum(1.0 / 32) == 0);
  CHECK(SignedRankNull(5).critical_sum(1.0 / 33) == -1);
  CHECK(SignedRankNull(0).critical_sum(.999) == -1);
}

TEST_CASE("null distributions are kept") {
  const SignedRankNull& first = signed_rank_null(24);
  for (int pairs = 0; pairs < 100; ++pairs) CHECK(signed_rank_null(pairs).greatest_sum() == greatest_sum(pairs));
  CHECK(&signed_rank_null(24) == &first);
}

// M. Hollander, D. A. Wolfe, Nonparametric Statistical Methods, Example 3.1 (depression scale before and after a
// tranquilizer), which is also the example of R's wilcox.test: V = 40, p-value = 0.01953; their estimate is 0.46.
TEST_CASE("signed ranks: the textbook's example") {
  const std::vector<double> before{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
  const std::vector<double> after{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
  std::vector<double> differences;
  for (std::size_t i = 0; i < before.size(); ++i) differences.push_back(before[i] - after[i]);
  const WalshAverages averages(differences);
  CHECK(averages.p_above(0) == 10.0 / 512);
  CHECK(averages.p_below(0) == SignedRankNull(9).at_least(5));
  CHECK(averages.estimate().value() == doctest::Approx(0.46));
  // P(W+ <= 5) = 10 / 512 and P(W+ <= 6) = 14 / 512, so at 2.5 % it is the sixth of -.147 -.1135 -.08 -.0685 -.035 .01
  CHECK(averages.lower(.025) == doctest::Approx(0.01));
  CHECK(averages.lower(10.0 / 512) == averages.lower(.025));
  CHECK(averages.lower(9.9 / 512) < averages.lower(.025));
}

TEST_CASE("the estimate is the median of all pairwise means") {
  CHECK(WalshAverages({0, 1}).estimate().value() == 0.5);        // 0 .5 1
  CHECK(WalshAverages({4, 0, 1}).estimate().value() == 1.5);     // 0 .5 1 2 2.5 4
  CHECK(WalshAverages({0, 0, 0, 100}).estimate().value() == 0);  // six zeros, three fifties, a hundred
  CHECK(WalshAverages({1.7e308, 1.6e308, 1.7e308}).estimate().value() == doctest::Approx(1.675e308));
}

TEST_CASE("p-values are the share of sign patterns with at least that sum of ranks") {
  std::mt19937_64 random(11);
  for (int trial = 0; trial < 40; ++trial) {
    const auto differences = normal_sample(1 + trial % 12, random);
    const int pairs = static_cast<int>(differences.size());
    const WalshAverages averages(differences);
    const auto counts = enumerated(pairs);
    for (const double theta : {-1.1, -0.3, 0.0, 0.2, 2.5}) {
      auto shifted = differences;
      for (double& value : shifted) value -= theta;
      const int sum = positive_ranks(shifted);
      const int above = std::accumulate(counts.begin() + sum, counts.end(), 0);
      const int below = std::accumulate(counts.begin(), counts.begin() + sum + 1, 0);
      CHECK(averages.p_above(theta) == std::ldexp(above, -pairs));
      CHECK(averages.p_below(theta) == std::ldexp(below, -pairs));
    }
  }
}

TEST_CASE("a bound is crossed exactly as often as its level says") {
  // All patterns of signs of one sample are equally likely when the centre is 0.
  const std::vector<double> sizes{0.3, 1, 1.7, 2.9, 4.1, 5.3, 8, 9.7};
  const SignedRankNull null(8);
  for (const double alpha : {.004, .01, .05, .3, .6}) {
    int too_high = 0, too_low = 0;
    for (unsigned signs = 0; signs < 256; ++signs) {
      auto differences = sizes;
      for (std::size_t i = 0; i < sizes.size(); ++i) differences[i] *= (signs >> i & 1) == 1 ? 1 : -1;
      const WalshAverages averages(differences);
      too_high += averages.lower(alpha) > 0;
      too_low += averages.upper(alpha) < 0;
    }
    CHECK(too_high / 256.0 == null.at_most(null.critical_sum(alpha)));
    CHECK(too_low == too_high);
  }
}

TEST_CASE("bound and p-value never disagree") {
  std::mt19937_64 random(5);
  std::vector<double> levels{1e-6, .00133, .01, .05, .3, .5, .9, .9999};
  for (int n = 1; n <= 12; ++n) levels.push_back(std::ldexp(1, -n));  // what p-values are equal to
  for (int size = 0; size <= 40; ++size) {
    for (const auto& sample : {tied_sample(size, random), normal_sample(size, random)}) {
      std::vector<double> thetas{-infinity, -20, 0, 20, infinity};
      for (std::size_t i = 0; i < sample.size(); ++i) {
        const double average = std::midpoint(sample[i], sample[(i * 7 + 3) % sample.size()]);
        for (const double theta : {average, std::nextafter(average, -infinity), std::nextafter(average, infinity)}) {
          thetas.push_back(theta);
        }
      }
      CHECK(disagreements(WalshAverages(sample), thetas, levels) == 0);
    }
  }
  const auto large = normal_sample(SignedRankNull::max_exact_pairs + 1, random);
  CHECK(disagreements(WalshAverages(large), large, {.00133, .01, .5}) == 0);
}

TEST_CASE("a theta on the bound is not rejected") {
  const WalshAverages averages({1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  const double lower = averages.lower(.01);
  CHECK(averages.p_above(lower) > .01);
  CHECK(averages.p_above(std::nextafter(lower, -infinity)) <= .01);
  const double upper = averages.upper(.01);
  CHECK(averages.p_below(upper) > .01);
  CHECK(averages.p_below(std::nextafter(upper, infinity)) <= .01);
}

TEST_CASE("ties and zeros make p-values larger than any way of breaking them") {
  std::mt19937_64 random(17);
  std::uniform_real_distribution<double> jitter(-1e-9, 1e-9);
  int different = 0;
  for (int trial = 0; trial < 200; ++trial) {
    auto sample = tied_sample(3 + trial % 20, random);
    const WalshAverages tied(sample);
    for (double& value : sample) value += jitter(random);
    const WalshAverages broken(sample);
    CHECK(tied.p_above(0) >= broken.p_above(0));
    CHECK(tied.p_below(0) >= broken.p_below(0));
    different += tied.p_above(0) > broken.p_above(0);
  }
  CHECK(different > 100);
}

TEST_CASE("turned round, the sample gives the mirror image") {
  std::mt19937_64 random(23);
  for (const int size : {1, 2, 7, 30, 31}) {
    auto sample = tied_sample(size, random);
    const WalshAverages averages(sample);
    for (double& value : sample) value = -value;
    const WalshAverages mirror(sample);
    CHECK(mirror.estimate().value() == -averages.estimate().value());
    CHECK(mirror.p_above(-1) == averages.p_below(1));
    for (const double alpha : {.6, .1, .01}) CHECK(mirror.lower(alpha) == -averages.upper(alpha));
  }
}

TEST_CASE("samples at the edge: none, one, all equal, not a number") {
  const WalshAverages none({});
  CHECK_FALSE(none.estimate().has_value());
  CHECK(none.p_above(0) == 1);
  CHECK(none.p_below(0) == 1);
  CHECK(none.lower(.5) == -infinity);
  CHECK(none.upper(.5) == infinity);

  const WalshAverages one({3});
  CHECK(one.estimate().value() == 3);
  CHECK(one.p_above(2) == 0.5);
  CHECK(one.p_above(3) == 1);
  CHECK(one.lower(.5) == 3);
  CHECK(one.upper(.5) == 3);
  CHECK(one.lower(.49) == -infinity);
  CHECK(one.upper(.49) == infinity);

  const WalshAverages equal(std::vector<double>(10, 0.7));
  CHECK(equal.estimate().value() == 0.7);
  CHECK(equal.p_above(0.7) == 1);
  CHECK(equal.p_below(0.7) == 1);
  CHECK(equal.p_above(0.69) == std::ldexp(1, -10));
  CHECK(equal.lower(.001) == 0.7);
  CHECK(equal.upper(.001) == 0.7);
  CHECK(equal.lower(.0009) == -infinity);

  for (const double bad : {infinity, -infinity, std::nan("")})
    CHECK_THROWS_AS(WalshAverages({0, bad}), AssertionFailed);
  for (const double alpha : {0.0, 1.0, -.1, std::nan("")}) {
    CHECK_THROWS_AS(equal.lower(alpha), AssertionFailed);
    CHECK_THROWS_AS(equal.upper(alpha), AssertionFailed);
  }
  CHECK_THROWS_AS(SignedRankNull(-1), AssertionFailed);
  CHECK_THROWS_AS(SignedRankNull(65'001), AssertionFailed);
}
