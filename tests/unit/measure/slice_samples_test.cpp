#include "measure/slice_samples.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace burstgate::measure {

TEST_CASE("one slow request: its mean is not above its maximum, which saved results are refused for") {
  Histogram histogram;
  histogram.record(5000);  // shares its bucket with 5001, so the bucket's middle is above it
  SliceSamples samples;
  samples.take(histogram);
  const Slice slice = to_slice(samples, 0, 0.1);
  CHECK(slice.max_us == 5000);
  CHECK(slice.mean_us == 5000);
}

TEST_CASE("means are whole nanoseconds, as they are saved") {
  Histogram histogram;
  for (const int us : {100, 100, 101}) histogram.record(us);
  SliceSamples samples;
  samples.take(histogram);
  CHECK(to_slice(samples, 0, 0.1).mean_us == 100.333);
}

}  // namespace burstgate::measure
