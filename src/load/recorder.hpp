// One thread's account of its requests. Nothing here is shared, and nothing reads a clock: instants are arguments, so
// the accounting is tested with invented ones.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "load/window.hpp"
#include "measure/measurement.hpp"
#include "measure/slice_samples.hpp"

namespace burstgate::load {

using measure::SliceSamples;

enum class End : std::uint8_t { ok, failed, unfinished };

struct FinishedRequest {
  std::size_t endpoint = 0;
  Instant intended{};  // when it was due
  Instant sent{};      // when it was sent (equals `intended` when it never was)
  Instant ended{};
  End end = End::ok;
  measure::Failure failure = measure::Failure::status;  // with End::failed
  int status = 0;                                       // of a complete answer, otherwise 0
  std::uint64_t body_bytes = 0;
  Instant first_byte{};   // of the answer; unset: there is none to speak of
  Instant first_event{};  // of an answer that is a stream
};

class Recorder {
 public:
  // `open_model`: service time differs from latency and is kept as well. `timeout`: the value at which requests that
  // timed out enter the latencies.
  Recorder(std::size_t endpoints, const Window& window, bool open_model, Duration timeout);

  // A request ended. Ignored when it was due outside the window.
  void finish(const FinishedRequest& request);
  // An arrival was due but could not even be queued.
  void drop(std::size_t endpoint, Instant intended);
  // Actual minus intended send time of an arrival for which a connection was free.
  void send_lag(Instant intended, Instant sent);

  // The window ended early.
  void cut_window(Instant end);

  struct Endpoint {
    measure::Counts counts;  // without statuses: those are in `statuses`
    std::array<std::uint64_t, 1000> statuses{};
    measure::Latencies latencies;
    std::vector<SliceSamples> slices;

    std::size_t open_slice = 0;
    measure::Histogram open_latencies;
  };

  // Call once, at the end: closes the open slices and hands the accounts over.
  std::vector<Endpoint> take();
  const measure::Histogram& lags() const { return lags_; }
  const Window& window() const { return window_; }

 private:
  SliceSamples& slice_at(Endpoint& endpoint, Instant ended);
  void record_latency(Endpoint& endpoint, const FinishedRequest& request);

  Window window_;
  bool open_model_;
  Duration timeout_;
  std::vector<Endpoint> endpoints_;
  measure::Histogram lags_;
};

}  // namespace burstgate::load
