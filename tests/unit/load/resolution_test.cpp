#include "load/resolution.hpp"

#include <doctest/doctest.h>

using namespace burstgate::load;

TEST_CASE("case 111: a p50 that the clock or the histogram cannot resolve is worth a word") {
  CHECK_FALSE(resolution_note(0.03, 100).has_value());  // 1 us is 1 %
  CHECK(resolution_note(0.03, 99).has_value());
  CHECK(resolution_note(0.03, 20) == "latencies are resolved to 1 us, 5.0 % of the p50: small changes cannot be seen");
  CHECK(resolution_note(4000, 20'000).has_value());  // a coarse clock
  CHECK_FALSE(resolution_note(200, 20'000).has_value());
}

TEST_CASE("case 111: this clock is no coarse one") {
  CHECK(clock_tick_us() > 0);
  CHECK(clock_tick_us() < 1000);
}
