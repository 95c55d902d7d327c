#include "report/wording.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "report/facts.hpp"
#include "report/picture.hpp"

namespace burstgate::report {

using verdict::Check;
using verdict::CheckKind;

TEST_CASE("counts are grouped") {
  CHECK(count_text(0) == "0");
  CHECK(count_text(999) == "999");
  CHECK(count_text(1000) == "1,000");
  CHECK(count_text(1'234'567) == "1,234,567");
}

TEST_CASE("changes are said in the metric's own direction") {
  CHECK(change_text(Metric::latency_p95, 0.312) == "+31.2 %");
  CHECK(change_text(Metric::latency_p95, -0.05) == "-5.0 %");
  CHECK(change_text(Metric::throughput, 0.15) == "-15.0 %");
  CHECK(change_text(Metric::throughput, -0.02) == "+2.0 %");
  CHECK(change_text(Metric::error_rate, 0.005) == "+0.50 pp");
  CHECK(change_text(Metric::latency_p95, -0.0001) == "+0.0 %");
  CHECK(change_text(Metric::throughput, 0) == "+0.0 %");
  CHECK(change_text(Metric::latency_p95, 0.9994) == "+99.9 %");
  CHECK(change_text(Metric::latency_p95, 0.9996) == "+100 %");
  CHECK(change_text(Metric::latency_p95, 1e9) == "over +1,000,000 %");
  CHECK(interval_text(Metric::latency_p95, {0.1, 0.2}) == "+10.0 % .. +20.0 %");
  CHECK(interval_text(Metric::throughput, {0.1, 0.2}) == "-20.0 % .. -10.0 %");
}

TEST_CASE("what is not finite is never printed as a number") {
  const double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(change_text(Metric::latency_p95, nan) == "unbounded");
  CHECK(interval_text(Metric::latency_p95, {-infinity, 0.2}) == "unbounded .. +20.0 %");
  CHECK(seconds_text(infinity) == "unknown");
  Check check;
  check.baseline = check.candidate = nan;
  CHECK(baseline_text(check) == "none");
  CHECK(candidate_text(check, nullptr) == "no samples");
  check.smallest_visible_change = infinity;
  CHECK(noise_text(check) == "");
}

TEST_CASE("limits are said as they are written") {
  Check check;
  check.limit_fail = 0.2;
  CHECK(limit_text(check) == "fail at +20 %");
  check.limit_warn = 0.125;
  CHECK(limit_text(check) == "warn at +12.5 %, fail at +20 %");
  check.metric = Metric::throughput;
  CHECK(limit_text(check) == "warn at -12.5 %, fail at -20 %");
  check.kind = CheckKind::limit;
  check.limit_warn = std::nullopt;
  check.limit_fail = 1000;
  CHECK(limit_text(check) == "fail below 1000/s");
  check.metric = Metric::latency_p95;
  check.limit_fail = 500'000;
  CHECK(limit_text(check) == "fail above 500 ms");
  check.limit_fail = std::nullopt;
  CHECK(limit_text(check) == "no limit");
}

TEST_CASE("a value that is not its limit does not look like it") {
  Check check;
  check.kind = CheckKind::limit;
  check.limit_fail = 500'000;
  check.candidate = 500'300;
  CHECK(candidate_text(check, nullptr) == "500.3 ms");
  check.candidate = 500'000;
  CHECK(candidate_text(check, nullptr) == "500 ms");
}

TEST_CASE("no samples, only summary numbers, and more than the histogram holds") {
  measure::EndpointResult endpoint;
  CHECK(value_text(endpoint, Metric::latency_p95, 1) == "no samples");
  CHECK(value_text(endpoint, Metric::error_rate, 1) == "no samples");
  endpoint.latencies.ok.record(measure::Histogram::highest_us + 1);
  endpoint.counts.ok = endpoint.counts.started = 1;
  CHECK(value_text(endpoint, Metric::latency_p95, 1) == ">= 3600 s");
  endpoint.point.emplace();
  CHECK(value_text(endpoint, Metric::latency_p95, 1) == "not known");
}

TEST_CASE("every cause has words and a remedy") {
  for (int i = 1; i <= static_cast<int>(verdict::Cause::interrupted); ++i) {
    CAPTURE(i);
    CHECK(!words(static_cast<verdict::Cause>(i)).what.empty());
    CHECK(!words(static_cast<verdict::Cause>(i)).remedy.empty());
  }
}

TEST_CASE("times are UTC and within the years that consumers read") {
  CHECK(utc_text(1'769'853'600) == "2026-01-31T10:00:00");
  CHECK(utc_text(-1) == "1970-01-01T00:00:00");
  CHECK(utc_text(253'402'300'799) == "9999-12-31T23:59:59");
  CHECK(utc_text(253'402'300'800) == "9999-12-31T23:59:59");
}

namespace {

std::string strip(double change, double low, double high) {
  Check check;
  check.change = change;
  check.interval = verdict::Interval{low, high};
  check.tolerance = 0.05;
  check.limit_fail = 0.20;
  return picture(check, 31, 2, false);
}

}  // namespace

TEST_CASE("the picture: no change, tolerance and limit always stand in the same columns") {
  CHECK(strip(0.00, -0.02, 0.02) == ".........[o].T------L//////////");
  CHECK(strip(0.30, 0.24, 0.36) == "..........0..T------L/[==o==]//");
  CHECK(strip(0.12, -0.02, 0.26) == ".........[0==T==o===L==]///////");
  CHECK(strip(0.38, 0.30, 0.60) == "..........0..T------L////[===o>");
  CHECK(strip(0.90, 0.80, 0.99) == "..........0..T------L/////////>");
  CHECK(strip(-0.50, -0.60, -0.40) == "<.........0..T------L//////////");
  CHECK(strip(0.10, -std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()) ==
        "<=========0==T=o====L=========>");
}

TEST_CASE("the picture needs a change and a limit") {
  Check check;
  CHECK(picture(check, 31, 2, false) == "");
  check.change = 0.1;
  CHECK(picture(check, 31, 2, false) == "");
  check.limit_fail = 0;
  CHECK(picture(check, 31, 2, false) == "");
  check.limit_fail = 0.2;
  CHECK(picture(check, 31, 2, false) == "..........0----o----L//////////");
  check.change = std::numeric_limits<double>::quiet_NaN();
  CHECK(picture(check, 31, 2, false) == "");
}

}  // namespace burstgate::report
