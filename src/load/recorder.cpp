#include "load/recorder.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace burstgate::load {

using measure::Failure;

Recorder::Recorder(std::size_t endpoints, const Window& window, bool open_model, Duration timeout)
    : window_(window), open_model_(open_model), timeout_(timeout), endpoints_(endpoints) {
  for (Endpoint& endpoint : endpoints_) {
    endpoint.slices.resize(window_.slice_count());
    // Allocated now, so that the hot path does not.
    endpoint.latencies.ok.reserve();
    endpoint.latencies.first_byte.reserve();
    endpoint.open_latencies.reserve();
    if (open_model_) endpoint.latencies.service.reserve();
  }
  if (open_model_) lags_.reserve();
}

SliceSamples& Recorder::slice_at(Endpoint& endpoint, Instant ended) {
  const std::size_t index = std::max(endpoint.open_slice, window_.slice_of(ended));
  if (index != endpoint.open_slice) {
    endpoint.slices[endpoint.open_slice].take(endpoint.open_latencies);
    endpoint.open_slice = index;
  }
  return endpoint.slices[index];
}

void Recorder::record_latency(Endpoint& endpoint, const FinishedRequest& request) {
  const std::int64_t latency_us = whole_microseconds(request.ended - request.intended);
  measure::Latencies& latencies = endpoint.latencies;
  if (request.end == End::ok) {
    latencies.ok.record(latency_us);
    if (open_model_) latencies.service.record(whole_microseconds(request.ended - request.sent));
    endpoint.open_latencies.record(latency_us);
    if (request.first_byte != Instant()) {
      latencies.first_byte.record(whole_microseconds(request.first_byte - request.intended));
    }
    if (request.first_event != Instant()) {
      latencies.first_event.record(whole_microseconds(request.first_event - request.intended));
    }
    return;
  }
  const bool timed_out = request.failure == Failure::timeout || request.failure == Failure::send_timeout;
  if (request.end == End::unfinished || timed_out) {
    // A timed-out request took at least the timeout, however coarse the timer was that noticed it.
    const std::int64_t late_us = request.end == End::unfinished ? latency_us : whole_microseconds(timeout_);
    latencies.late.record(late_us);
    endpoint.open_latencies.record(late_us);
    return;
  }
  latencies.failed.record(latency_us);
}

void Recorder::finish(const FinishedRequest& request) {
  if (!window_.contains(request.intended)) return;
  BURSTGATE_ASSERT(request.ended >= request.intended);
  Endpoint& endpoint = endpoints_[request.endpoint];
  SliceSamples& slice = slice_at(endpoint, request.ended);
  measure::Counts& counts = endpoint.counts;
  ++counts.planned;
  ++counts.started;
  if (request.status > 0) ++endpoint.statuses[static_cast<std::size_t>(request.status)];
  switch (request.end) {
    case End::ok:
      ++counts.ok;
      ++slice.ok;
      counts.body_bytes += request.body_bytes;
      break;
    case End::failed:
      ++counts[request.failure];
      ++slice.failed;
      break;
    case End::unfinished:
      ++counts.unfinished;
      ++slice.failed;
      break;
  }
  record_latency(endpoint, request);
}

void Recorder::drop(std::size_t endpoint, Instant intended) {
  if (!window_.contains(intended)) return;
  ++endpoints_[endpoint].counts.planned;
  ++endpoints_[endpoint].counts.dropped;
}

void Recorder::send_lag(Instant intended, Instant sent) {
  if (!window_.contains(intended)) return;
  lags_.record(std::max<std::int64_t>(0, whole_microseconds(sent - intended)));
}

void Recorder::cut_window(Instant end) {
  window_.end = std::clamp(end, window_.start, window_.end);
}

std::vector<Recorder::Endpoint> Recorder::take() {
  for (Endpoint& endpoint : endpoints_) {
    endpoint.slices[endpoint.open_slice].take(endpoint.open_latencies);
    // A window that was cut short may leave slices behind its end.
    const std::size_t last = window_.slice_count() - 1;
    for (std::size_t i = last + 1; i < endpoint.slices.size(); ++i) endpoint.slices[last].merge(endpoint.slices[i]);
    endpoint.slices.resize(last + 1);
    for (std::size_t status = 0; status < endpoint.statuses.size(); ++status) {
      if (endpoint.statuses[status] > 0) endpoint.counts.statuses[static_cast<int>(status)] = endpoint.statuses[status];
    }
    if (!open_model_) endpoint.latencies.service = endpoint.latencies.ok;
  }
  return std::move(endpoints_);
}

}  // namespace burstgate::load
