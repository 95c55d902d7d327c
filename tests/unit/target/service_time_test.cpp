#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "target/demo_service.hpp"
#include "target/draws.hpp"

using namespace burstgate::target;
using std::chrono::microseconds;
using Shape = ServiceTime::Shape;

TEST_CASE("a constant service time is the same at every u") {
  const ServiceTime time{.median = microseconds{5000}};
  for (const double u : {1e-9, 0.5, 1 - 1e-9}) CHECK(time.at(u) == microseconds{5000});
}

TEST_CASE("a log-normal service time has its analytic quantiles") {
  const ServiceTime time{.shape = Shape::log_normal, .median = microseconds{20'000}, .sigma = 0.4};
  CHECK(time.at(0.5) == microseconds{20'000});
  // Standard normal quantiles from tables.
  const std::vector<std::pair<double, double>> rows = {
      {0.001, -3.090232306}, {0.05, -1.644853627}, {0.8413447461, 1.0}, {0.95, 1.644853627}, {0.99, 2.326347874}};
  for (const auto& row : rows) {
    const double u = row.first, z = row.second;
    CAPTURE(u);
    CHECK(std::abs(static_cast<double>(time.at(u).count()) - 20'000 * std::exp(0.4 * z)) <= 1);
  }
}

TEST_CASE("a log-normal service time without spread is its median, and an absurd one ends at an hour") {
  CHECK(ServiceTime{.shape = Shape::log_normal, .median = microseconds{700}}.at(0.999) == microseconds{700});
  const ServiceTime wild{.shape = Shape::log_normal, .median = std::chrono::minutes{30}, .sigma = 5};
  CHECK(wild.at(0.999999) == std::chrono::hours{1});
}

TEST_CASE("a two-point service time switches exactly at its share") {
  const ServiceTime time{
      .shape = Shape::two_point, .median = microseconds{2000}, .second = microseconds{20'000}, .second_share = 0.25};
  CHECK(time.at(0.75) == microseconds{2000});
  CHECK(time.at(std::nextafter(0.75, 1.0)) == microseconds{20'000});
  // The inverse distribution grows with u also when the rare value is the fast one.
  const ServiceTime fast_seldom{
      .shape = Shape::two_point, .median = microseconds{2000}, .second = microseconds{100}, .second_share = 0.25};
  CHECK(fast_seldom.at(0.25) == microseconds{100});
  CHECK(fast_seldom.at(std::nextafter(0.25, 1.0)) == microseconds{2000});
}

TEST_CASE("two-point shares 0 and 1 never mix") {
  ServiceTime time{.shape = Shape::two_point, .median = microseconds{1}, .second = microseconds{9}, .second_share = 0};
  CHECK(time.at(1 - 1e-12) == microseconds{1});
  time.second_share = 1;
  CHECK(time.at(1e-12) == microseconds{9});
}

TEST_CASE("draws depend on seed, stream and number only, and are uniform") {
  CHECK(Draws(1, 0).uniform(7) == Draws(1, 0).uniform(7));
  CHECK(Draws(1, 0).uniform(7) != Draws(2, 0).uniform(7));
  CHECK(Draws(1, 0).uniform(7) != Draws(1, 1).uniform(7));
  const Draws draws(42, 3);
  constexpr int n = 100'000;
  std::vector<int> tenths(10);
  for (int k = 0; k < n; ++k) {
    const double u = draws.uniform(k);
    REQUIRE(u > 0);
    REQUIRE(u < 1);
    ++tenths[static_cast<int>(u * 10)];
  }
  // Standard deviation of each count is 95.
  for (const int count : tenths) CHECK(std::abs(count - n / 10) < 500);
}

TEST_CASE("the share of errors is exact after every number of requests") {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    for (const double share : {0.0, 0.01, 1.0 / 3, 0.5, 1.0}) {
      const Draws draws(seed, 1);
      int errors = 0;
      bool near = true;
      for (int k = 0; k < 10'000; ++k) {
        errors += draws.in_share(share, k);
        near = near && std::abs(errors - (k + 1) * share) <= 1;
      }
      CAPTURE(share);
      CHECK(near);
    }
  }
  CHECK_FALSE(Draws(1, 1).in_share(0, 0));
  CHECK(Draws(1, 1).in_share(1, 0));
}
