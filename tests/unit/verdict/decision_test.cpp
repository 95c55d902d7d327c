#include "verdict/decision.hpp"

#include <doctest/doctest.h>

using namespace burstgate;
using namespace burstgate::verdict;

namespace {

// Binary fractions, so that "at the limit" is exact: limit 0.5, tolerance 0.125.
constexpr double limit = 0.5;
constexpr double above = 1.0000001;
constexpr double below = 0.9999999;

void expect(const Decision& decision, Outcome outcome, Grounds grounds) {
  CHECK(decision.outcome == outcome);
  CHECK(decision.grounds == grounds);
}

}  // namespace

TEST_CASE("three-way rule: the upper bound against the limit") {
  expect(three_way({-1, limit * below, 0, 100}, limit, 0), Outcome::pass, Grounds::within_limit);
  expect(three_way({-1, limit, 0, 100}, limit, 0), Outcome::inconclusive, Grounds::undecided);
}

TEST_CASE("three-way rule: the lower bound against the tolerance") {
  expect(three_way({0.125, 0.6, 0.4, 100}, limit, 0), Outcome::inconclusive, Grounds::undecided);
  expect(three_way({0.125 * above, 0.6, 0.4, 100}, limit, 0), Outcome::fail, Grounds::beyond_tolerance);
}

TEST_CASE("three-way rule: passed beats beyond the tolerance") {
  expect(three_way({0.2, 0.4, 0.3, 100}, limit, 0), Outcome::pass, Grounds::within_limit);
}

TEST_CASE("three-way rule: a change certainly below the floor passes") {
  expect(three_way({0.2, 0.75, 0.5, 4}, limit, 3 * above), Outcome::pass, Grounds::below_floor);
  expect(three_way({0.2, 0.75, 0.5, 4}, limit, 3), Outcome::inconclusive, Grounds::floor_undecided);
}

TEST_CASE("three-way rule: the estimate must reach the floor to fail") {
  expect(three_way({0.2, 0.75, 0.5, 4}, limit, 2), Outcome::fail, Grounds::beyond_tolerance);
  expect(three_way({0.2, 0.75, 0.5, 4}, limit, 2 * above), Outcome::inconclusive, Grounds::floor_undecided);
}

TEST_CASE("three-way rule: without a unit there is no floor") {
  expect(three_way({0.2, 0.75, 0.5, 0}, limit, 1000), Outcome::fail, Grounds::beyond_tolerance);
  expect(three_way({0.2, 0.75, 0.5, 0.5}, limit, 1), Outcome::pass, Grounds::below_floor);  // half a request per second
}

TEST_CASE("tiers: a check with only a warn limit never fails") {
  expect(two_tiers({0.2, 0.75, 0.5, 4}, {0.2, 0.75, 0.5, 4}, limit, {}, 0), Outcome::warn, Grounds::beyond_warn);
  expect(two_tiers({0.1, 0.75, 0.5, 4}, {0.1, 0.75, 0.5, 4}, limit, {}, 0), Outcome::pass, Grounds::warn_undecided);
  expect(two_tiers({0.1, 0.4, 0.2, 4}, {0.1, 0.4, 0.2, 4}, limit, {}, 0), Outcome::pass, Grounds::within_limit);
  expect(two_tiers({0.1, 0.75, 0.5, 4}, {0.1, 0.75, 0.5, 4}, limit, {}, 4), Outcome::pass, Grounds::below_floor);
}

TEST_CASE("tiers: fail beats warn, undecided beats warn, warn needs the fail limit kept") {
  const Change beyond{0.6, 0.9, 0.7, 4};
  expect(two_tiers(beyond, beyond, 0.5, 0.8, 0), Outcome::fail, Grounds::beyond_tolerance);
  const Change unclear{0.15, 0.9, 0.5, 4};  // beyond the warn limit's tolerance, undecided against the fail limit
  expect(two_tiers(unclear, unclear, 0.5, 0.8, 0), Outcome::inconclusive, Grounds::undecided);
  const Change between{0.2, 0.7, 0.4, 4};
  expect(two_tiers(between, between, 0.5, 0.8, 0), Outcome::warn, Grounds::beyond_warn);
  const Change small{0.1, 0.7, 0.4, 4};
  expect(two_tiers(small, small, 0.5, 0.8, 0), Outcome::pass, Grounds::warn_undecided);
  expect(two_tiers({0, 0.4, 0.1, 4}, {0, 0.4, 0.1, 4}, 0.5, 0.8, 0), Outcome::pass, Grounds::within_limit);
}

TEST_CASE("tiers: the warn limit has a lower bound of its own") {
  expect(two_tiers({0.1, 0.7, 0.4, 4}, {0.2, 0.7, 0.4, 4}, 0.5, 0.8, 0), Outcome::warn, Grounds::beyond_warn);
  expect(two_tiers({0.1, 0.7, 0.4, 4}, {0.2, 0.7, 0.4, 4}, {}, 0.8, 0), Outcome::pass, Grounds::within_limit);
}

TEST_CASE("tiers: the grounds of a pass are the fail limit's when there is one") {
  // Within the warn limit by its bounds, below the floor for the fail limit.
  expect(two_tiers({0.1, 0.9, 0.4, 4}, {0.1, 0.4, 0.4, 4}, 0.5, 0.8, 4), Outcome::pass, Grounds::below_floor);
}

TEST_CASE("improved: certainly better by more than the limit and the floor") {
  CHECK(is_improved({-0.9, -0.5 * above, -0.7, 100}, -0.5, 1));
  CHECK_FALSE(is_improved({-0.9, -0.5, -0.7, 100}, -0.5, 1));
  CHECK(is_improved({-0.9, -0.75, -0.8, 4}, -0.5, 3 * below));
  CHECK_FALSE(is_improved({-0.9, -0.75, -0.8, 4}, -0.5, 3));
  CHECK(is_improved({-0.9, -0.75, -0.8, 0}, -0.5, 3));  // unknown unit: no floor
  CHECK_FALSE(is_improved({-0.9, -0.75, -0.8, 0.5}, -0.5, 3));
}

TEST_CASE("point rule: equal to the limit is within it, also when rounding says otherwise") {
  CHECK_FALSE(exceeds(300, 250 * 1.2));
  CHECK_FALSE(exceeds(0.1 + 0.2, 0.3));
  CHECK(exceeds(300.001, 300));
  CHECK_FALSE(exceeds(299, 300));
  CHECK_FALSE(exceeds(0, 0));
  CHECK(exceeds(1e-6, 0));
  CHECK_FALSE(exceeds(1024 * (1 + 0.999e-9), 1024));
  CHECK(exceeds(1024 * (1 + 1.001e-9), 1024));
}

TEST_CASE("absolute limits: at most, or at least for throughput; equal keeps them") {
  CHECK_FALSE(breaks_limit(Metric::latency_p95, 500, 500));
  CHECK(breaks_limit(Metric::latency_p95, 501, 500));
  CHECK_FALSE(breaks_limit(Metric::error_rate, 0.01, 0.01));
  CHECK(breaks_limit(Metric::error_rate, 0.0101, 0.01));
  CHECK_FALSE(breaks_limit(Metric::throughput, 500, 500));
  CHECK(breaks_limit(Metric::throughput, 499, 500));
  CHECK_FALSE(breaks_limit(Metric::throughput, 501, 500));
}

TEST_CASE("the worst: fail, inconclusive, warn, pass") {
  const Outcome order[] = {Outcome::pass, Outcome::warn, Outcome::inconclusive, Outcome::fail};
  for (int a = 0; a < 4; ++a) {
    for (int b = 0; b < 4; ++b) CHECK(worse_of(order[a], order[b]) == order[std::max(a, b)]);
  }
}
