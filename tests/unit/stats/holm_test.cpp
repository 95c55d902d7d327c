#include "stats/holm.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace burstgate::stats;

namespace {

std::vector<bool> rejected(const std::vector<double>& p, double alpha) {
  const auto divisors = holm_divisors(p, alpha);
  std::vector<bool> result;
  for (std::size_t i = 0; i < p.size(); ++i) result.push_back(p[i] <= alpha / divisors[i]);
  return result;
}

// By closed testing (Marcus, Peritz, Gabriel 1976), of which Holm's procedure is the short cut: a hypothesis is
// rejected when Bonferroni rejects every set of hypotheses that contains it.
bool rejected_by_closure(const std::vector<double>& p, std::size_t i, double alpha) {
  for (unsigned set = 0; set < 1u << p.size(); ++set) {
    if ((set >> i & 1) == 0) continue;
    double smallest = 1, size = 0;
    for (std::size_t j = 0; j < p.size(); ++j) {
      if ((set >> j & 1) == 0) continue;
      smallest = std::min(smallest, p[j]);
      size += 1;
    }
    if (smallest > alpha / size) return false;
  }
  return true;
}

}  // namespace

// The worked example of the encyclopedia article "Holm-Bonferroni method": 0.01, 0.04, 0.03, 0.005 at 0.05.
TEST_CASE("Holm's procedure: the usual example") {
  CHECK(holm_divisors({0.01, 0.04, 0.03, 0.005}, 0.05) == std::vector<int>{3, 2, 2, 4});
  CHECK(rejected({0.01, 0.04, 0.03, 0.005}, 0.05) == std::vector<bool>{true, false, false, true});
}

TEST_CASE("Holm's procedure at the level, and one past it") {
  CHECK(holm_divisors({}, 0.01).empty());
  CHECK(holm_divisors({0.01}, 0.01) == std::vector<int>{1});
  CHECK(holm_divisors({0.005, 0.01}, 0.01) == std::vector<int>{2, 1});      // exactly alpha / 2
  CHECK(holm_divisors({0.0050001, 0.01}, 0.01) == std::vector<int>{2, 2});  // stops at once
  CHECK(holm_divisors({0.002, 0.002}, 0.01) == std::vector<int>{2, 1});
}

TEST_CASE("Holm's procedure agrees with closed testing") {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> uniform(0, 0.06);
  for (int trial = 0; trial < 500; ++trial) {
    std::vector<double> p(1 + trial % 6);
    for (double& value : p) value = uniform(random);
    const auto result = rejected(p, 0.05);
    for (std::size_t i = 0; i < p.size(); ++i) CHECK(result[i] == rejected_by_closure(p, i, 0.05));
  }
}

TEST_CASE("Holm's procedure with levels that are no quotient: strictest first, until one hypothesis stands") {
  std::vector<int> asked;
  const auto level = [&](int divisor) {
    asked.push_back(divisor);
    return divisor == 4 ? 0.001 : divisor == 3 ? 0.002 : 0.004;
  };
  // Two exactly at their level, then one past it.
  CHECK(holm_divisors({0.0041, 0.002, 0.0042, 0.001}, level) == std::vector<int>{2, 3, 2, 4});
  CHECK(asked == std::vector<int>{4, 3, 2});

  asked.clear();
  CHECK(holm_divisors({0.0011, 0.0012, 0.0013, 0.0014}, level) == std::vector<int>(4, 4));
  CHECK(asked == std::vector<int>{4});

  asked.clear();
  CHECK(holm_divisors({}, level).empty());
  CHECK(asked.empty());
}

TEST_CASE("Holm's procedure: p-values of 1 still count") {
  const auto level = [](int divisor) { return 0.01 / divisor; };
  CHECK(holm_divisors({0.004}, level) == std::vector<int>{1});
  CHECK(holm_divisors({0.004, 1, 1}, level) == std::vector<int>{3, 3, 3});
}

TEST_CASE("Holm's procedure: a level that is a quotient, either way") {
  std::mt19937_64 random(9);
  std::uniform_real_distribution<double> uniform(0, 0.06);
  for (int trial = 0; trial < 500; ++trial) {
    std::vector<double> p(trial % 9);
    for (double& value : p) value = uniform(random);
    if (trial % 3 == 0 && p.size() > 1) p[0] = p[1];
    const auto divisors = holm_divisors(p, [](int divisor) { return 0.05 / divisor; });
    CHECK(divisors == holm_divisors(p, 0.05));
    for (std::size_t i = 0; i < p.size(); ++i) CHECK((p[i] <= 0.05 / divisors[i]) == rejected_by_closure(p, i, 0.05));
  }
}
