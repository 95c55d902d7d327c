#include "importers/raw_points.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>

#include "base/error.hpp"

namespace burstgate::importers {
namespace {

measure::Measurement finished(RawPoints& points) {
  measure::Measurement measurement;
  points.finish(measurement);
  return measurement;
}

std::string refusal(RawPoints& points, const RawPoint& point) {
  try {
    points.add(point);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST_CASE("histograms are exact, in whatever order and however many points come") {
  const Source source = Source::of_text("f", "");
  RawPoints points(source, "");
  measure::Histogram expected;
  std::mt19937 random(3);
  constexpr int count = 600'000;  // more than are kept unsorted
  for (int i = 0; i < count; ++i) {
    const auto latency = static_cast<std::int64_t>(random() % 200'000);
    const auto ended = static_cast<std::int64_t>(random() % 500'000'000);
    points.add({.ended_us = ended, .latency_us = latency, .endpoint = "a"});
    expected.record(latency);
  }
  const measure::Measurement m = finished(points);
  CHECK(m.total.counts.ok == count);
  for (const double q : {0.001, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    CHECK(m.total.latencies.ok.value_at_us(q) == expected.value_at_us(q));
  }
  CHECK(m.total.latencies.ok.min_us() == expected.min_us());
  std::uint64_t in_slices = 0;
  double covered = 0;
  for (const auto& slice : m.total.slices) {
    in_slices += slice.ok;
    CHECK(slice.start_s == doctest::Approx(covered));
    covered += slice.duration_s;
  }
  CHECK(in_slices == count);
  CHECK(covered == doctest::Approx(m.duration_s));
  CHECK(m.total.slices.size() <= RawPoints::most_slices);
}

TEST_CASE("a long run has longer slices, a short one those of 0.1 s") {
  for (const auto& run : {std::pair{5, 0.15}, std::pair{60, 0.25}, std::pair{86'400, 300.0}}) {
    const int seconds = run.first;
    const double longest_slice = run.second;
    CAPTURE(seconds);
    const Source source = Source::of_text("f", "");
    RawPoints points(source, "");
    for (int i = 0; i <= 5'000; ++i) {
      points.add({.ended_us = static_cast<std::int64_t>(i) * seconds * 200, .latency_us = 10, .endpoint = "a"});
    }
    const measure::Measurement m = finished(points);
    CHECK(m.duration_s == doctest::Approx(seconds).epsilon(0.001));
    CHECK(m.total.slices.size() >= 40);
    for (const auto& slice : m.total.slices) CHECK(slice.duration_s <= longest_slice);
  }
}

TEST_CASE("failures are counted by kind, and only late ones are judged with the successes") {
  const Source source = Source::of_text("f", "");
  RawPoints points(source, "");
  points.add({.ended_us = 1'000, .latency_us = 100, .endpoint = "a", .status = 200, .bytes = 7});
  RawPoint refused{.ended_us = 2'000, .latency_us = 1, .endpoint = "a"};
  refused.failure = measure::Failure::refused;
  points.add(refused);
  RawPoint late{.ended_us = 60'002'000, .latency_us = 60'000'000, .endpoint = ""};
  late.failure = measure::Failure::timeout;
  points.add(late);
  const measure::Measurement m = finished(points);
  CHECK(m.total.counts.started == 3);
  CHECK(m.total.counts[measure::Failure::refused] == 1);
  CHECK(m.total.counts.body_bytes == 7);
  CHECK(m.total.latencies.judged().count() == 2);
  CHECK(m.endpoints[1].name == "(no name)");
  CHECK(measure::value_of(m.total, Metric::latency_max, m.duration_s) == 60'000'000);
}

TEST_CASE("whole seconds: the ends of the run are estimated from the seconds between") {
  const Source source = Source::of_text("f", "");
  RawPoints points(source, "");
  points.set_whole_seconds();
  // 100/s from 10.6 s to 15.3 s: 40, 4 x 100, 30 requests.
  for (const auto& [second, count] : {std::pair{10, 40}, {11, 100}, {12, 100}, {13, 100}, {14, 100}, {15, 30}}) {
    for (int i = 0; i < count; ++i) {
      points.add({.ended_us = second * 1'000'000, .latency_us = 500, .endpoint = "a"});
    }
  }
  const measure::Measurement m = finished(points);
  CHECK(m.duration_s == doctest::Approx(4.7));
  CHECK(*measure::value_of(m.total, Metric::throughput, m.duration_s) == doctest::Approx(100));
  for (const auto& slice : m.total.slices) CHECK(slice.value(Metric::throughput) == doctest::Approx(100));
}

TEST_CASE("the most names, and one more") {
  const Source source = Source::of_text("f.jtl", "");
  RawPoints points(source, "name them alike");
  std::string name;
  for (std::size_t i = 0; i < RawPoints::most_names; ++i) {
    name = fmt::format("/item/{}", i);
    points.add({.ended_us = 1, .latency_us = 1, .endpoint = name});
  }
  CHECK(refusal(points, {.ended_us = 1, .latency_us = 1, .endpoint = "/item/0"}) == "accepted");
  CHECK(refusal(points, {.ended_us = 1, .latency_us = 1, .endpoint = "/item/x"}) ==
        "f.jtl: error[E-554]: more than 200 different names; this one is \"/item/x\"; name them alike");
}

TEST_CASE("30 days, and a microsecond more") {
  constexpr std::int64_t limit_us = std::int64_t{30} * 24 * 3600 * 1'000'000;
  const Source source = Source::of_text("f", "");
  RawPoints points(source, "");
  points.add({.ended_us = 5, .latency_us = 5, .endpoint = "a"});
  CHECK(refusal(points, {.ended_us = limit_us, .latency_us = 0, .endpoint = "a"}) == "accepted");
  CHECK(refusal(points, {.ended_us = limit_us + 1, .latency_us = 0, .endpoint = "a"}).find("30 days") !=
        std::string::npos);
  CHECK(refusal(points, {.ended_us = -limit_us - 1, .latency_us = 0, .endpoint = "a"}).find("30 days") !=
        std::string::npos);
}

TEST_CASE("longer than an hour: counted in the top bucket, and known to be") {
  const Source source = Source::of_text("f", "");
  RawPoints points(source, "");
  points.add({.ended_us = 7'200'000'000, .latency_us = 7'200'000'000, .endpoint = "a"});
  const measure::Measurement m = finished(points);
  CHECK(m.total.latencies.ok.overflow() == 1);
  CHECK(m.total.latencies.ok.saturated_at(0.5));
}

TEST_CASE("no point at all is an error of the file") {
  const Source source = Source::of_text("f", "");
  RawPoints points(source, "");
  CHECK_THROWS_WITH_AS(finished(points), "f: error[E-555]: there are no requests in it", Error);
}

}  // namespace
}  // namespace burstgate::importers
