#include "load/live_latency.hpp"

#include <doctest/doctest.h>

namespace burstgate::load {

TEST_CASE("live latency: every value falls into a bucket whose middle is near it") {
  for (std::int64_t us = 8; us < 3'600'000'000; us = us * 9 / 8 + 1) {
    CAPTURE(us);
    const double middle = LiveLatency::middle_us(LiveLatency::index_of(us));
    CHECK(std::abs(middle / static_cast<double>(std::min<std::int64_t>(us, std::int64_t{1} << 31)) - 1) < 0.13);
  }
  CHECK(LiveLatency::index_of(0) == LiveLatency::index_of(1));
  CHECK(LiveLatency::index_of(-5) == LiveLatency::index_of(1));
  CHECK(LiveLatency::index_of(std::int64_t{1} << 40) < LiveLatency::buckets);
}

TEST_CASE("live latency: the quantile of what came between two readings") {
  LiveLatency live;
  LiveLatency::Counts before{}, now{};
  CHECK_FALSE(recent_quantile_us(before, now, 0.95));
  for (int i = 0; i < 1000; ++i) live.record(1'000'000);
  live.add_to(before);
  for (int i = 0; i < 94; ++i) live.record(1'000);
  for (int i = 0; i < 6; ++i) live.record(50'000);
  live.add_to(now);
  CHECK(*recent_quantile_us(before, now, 0.5) == doctest::Approx(1'000).epsilon(0.13));
  CHECK(*recent_quantile_us(before, now, 0.94) == doctest::Approx(1'000).epsilon(0.13));
  CHECK(*recent_quantile_us(before, now, 0.95) == doctest::Approx(50'000).epsilon(0.13));
  CHECK_FALSE(recent_quantile_us(now, now, 0.5));
}

}  // namespace burstgate::load
