#include "load/recorder.hpp"

#include <doctest/doctest.h>

using namespace burstgate::load;
using burstgate::measure::Failure;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

// An invented clock: the epoch is the start of the warm-up, the window runs from 1 s to 11 s in slices of 1 s.
Instant at(double s) {
  return Instant(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(s)));
}
const Window window{at(1), at(11), seconds(1)};

FinishedRequest ok(double intended_s, double latency_ms) {
  FinishedRequest request;
  request.intended = request.sent = at(intended_s);
  request.ended =
      request.intended + std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::milli>(latency_ms));
  request.status = 200;
  request.body_bytes = 100;
  return request;
}

FinishedRequest failed(double intended_s, double latency_ms, Failure failure) {
  FinishedRequest request = ok(intended_s, latency_ms);
  request.end = End::failed;
  request.failure = failure;
  request.status = 0;
  return request;
}

}  // namespace

TEST_CASE("case 107: a request belongs to the window by its intended start time") {
  Recorder recorder(1, window, false, seconds(10));
  recorder.finish(ok(0.999, 500));   // due before the window, ended inside
  recorder.finish(ok(1.0, 5));       // exactly at the start
  recorder.finish(ok(10.999, 500));  // due inside, ended behind the end
  recorder.finish(ok(11.0, 5));      // exactly at the end
  const auto account = recorder.take().front();
  CHECK(account.counts.ok == 2);
  CHECK(account.latencies.ok.count() == 2);
  CHECK(account.counts.body_bytes == 200);
  CHECK(account.slices.front().ok == 1);
  CHECK(account.slices.back().ok == 1);  // what ends behind the window belongs to its last slice
}

TEST_CASE("times to the first byte and the first event are those of successes that have them") {
  Recorder recorder(1, window, false, seconds(10));
  FinishedRequest stream = ok(2, 30);
  stream.first_byte = at(2) + milliseconds(10);
  stream.first_event = at(2) + milliseconds(20);
  recorder.finish(stream);
  recorder.finish(ok(2, 10));  // neither was looked at
  FinishedRequest refused = failed(2, 10, Failure::check);
  refused.first_byte = at(2.001);
  recorder.finish(refused);
  const auto account = recorder.take().front();
  CHECK(account.latencies.first_byte.count() == 1);
  CHECK(account.latencies.first_byte.max_us() == 10'000);
  CHECK(account.latencies.first_event.count() == 1);
  CHECK(account.latencies.first_event.max_us() == 20'000);
}

TEST_CASE("failures are kept apart from the latency of successes") {
  Recorder recorder(1, window, false, seconds(10));
  recorder.finish(ok(2, 10));
  recorder.finish(failed(2, 1, Failure::status));
  recorder.finish(failed(2, 2, Failure::refused));
  recorder.finish(failed(2, 10'003, Failure::timeout));
  FinishedRequest unfinished = ok(2, 700);
  unfinished.end = End::unfinished;
  unfinished.status = 0;
  recorder.finish(unfinished);
  const auto account = recorder.take().front();
  CHECK(account.counts.planned == 5);
  CHECK(account.counts.started == 5);
  CHECK(account.counts.ok == 1);
  CHECK(account.counts.failed() == 3);
  CHECK(account.counts.unfinished == 1);
  CHECK(account.latencies.ok.max_us() == 10'000);
  CHECK(account.latencies.failed.count() == 2);
  // The timeout enters with its value, not with when it was noticed; the unfinished request with its elapsed time.
  CHECK(account.latencies.late.count() == 2);
  CHECK(account.latencies.late.max_us() == 10'000'000);
  CHECK(account.latencies.late.min_us() == 700'000);
  // What is judged: successes and late ones.
  std::uint64_t judged = 0;
  for (const auto& slice : account.slices) judged += slice.samples;
  CHECK(judged == 3);
}

TEST_CASE("the open model keeps the service time beside the latency from the intended start") {
  Recorder recorder(1, window, true, seconds(10));
  FinishedRequest request = ok(2, 900);
  request.sent = request.ended - milliseconds(5);
  recorder.finish(request);
  recorder.send_lag(at(2), at(2) + microseconds(40));
  recorder.send_lag(at(0.5), at(0.6));  // outside the window
  const auto account = recorder.take().front();
  CHECK(account.latencies.ok.max_us() == 900'000);
  CHECK(account.latencies.service.max_us() == 5'000);
  CHECK(recorder.lags().count() == 1);
  CHECK(recorder.lags().max_us() == 40);
}

TEST_CASE("dropped arrivals are planned but not started") {
  Recorder recorder(2, window, true, seconds(10));
  recorder.drop(1, at(3));
  recorder.drop(1, at(12));  // outside
  const auto accounts = recorder.take();
  CHECK(accounts[0].counts.planned == 0);
  CHECK(accounts[1].counts.planned == 1);
  CHECK(accounts[1].counts.dropped == 1);
  CHECK(accounts[1].counts.started == 0);
}

TEST_CASE("a window that is cut short loses no request that had ended") {
  Recorder recorder(1, window, false, seconds(10));
  recorder.finish(ok(1.5, 1));
  recorder.finish(ok(3.2, 1));
  recorder.cut_window(at(3.0));
  recorder.finish(ok(3.5, 1));  // due behind the new end
  const auto account = recorder.take().front();
  CHECK(account.counts.ok == 2);
  CHECK(account.slices.size() == 2);
  CHECK(account.slices[0].ok + account.slices[1].ok == 2);
}

TEST_CASE("a cut before the window leaves an empty one") {
  Recorder recorder(1, window, false, seconds(10));
  recorder.cut_window(at(0.2));
  recorder.finish(ok(1.5, 1));
  CHECK(recorder.window().end == recorder.window().start);
  const auto account = recorder.take().front();
  CHECK(account.counts.started == 0);
  CHECK(account.slices.size() == 1);
}

TEST_CASE("slices: by the time a request ended, quantiles by the histogram's definition") {
  Recorder recorder(1, window, false, seconds(10));
  burstgate::measure::Histogram reference;
  for (int i = 1; i <= 100; ++i) {
    recorder.finish(ok(1.0 + i * 0.001, i));
    reference.record(i * 1000);
  }
  recorder.finish(ok(2.9, 200));  // ends in the third slice
  const auto account = recorder.take().front();
  REQUIRE(account.slices.size() == 10);
  CHECK(account.slices[0].samples == 100);
  CHECK(account.slices[1].samples == 0);
  CHECK(account.slices[2].samples == 1);
  const auto slice = to_slice(account.slices[0], 0, 1);
  CHECK(slice.p50_us == static_cast<double>(*reference.value_at_us(0.50)));
  CHECK(slice.p95_us == static_cast<double>(*reference.value_at_us(0.95)));
  CHECK(slice.p99_us == static_cast<double>(*reference.value_at_us(0.99)));
  CHECK(slice.max_us == static_cast<double>(*reference.max_us()));
  CHECK(slice.mean_us == doctest::Approx(*reference.mean_us()));
}

TEST_CASE("slice samples merge exactly") {
  burstgate::measure::Histogram first, second, both;
  for (int i = 1; i < 3000; i += 7) first.record(i), both.record(i);
  for (int i = 5; i < 90000; i += 31) second.record(i), both.record(i);
  SliceSamples a, b;
  a.take(first);
  b.take(second);
  CHECK(first.empty());
  a.merge(b);
  CHECK(a.samples == both.count());
  const auto slice = to_slice(a, 0, 1);
  CHECK(slice.p99_us == static_cast<double>(*both.value_at_us(0.99)));
  CHECK(slice.p999_us == static_cast<double>(*both.value_at_us(0.999)));
}
