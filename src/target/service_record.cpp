#include "target/service_record.hpp"

#include <nlohmann/json.hpp>

namespace burstgate::target {

using nlohmann::ordered_json;

namespace {

// A count of microseconds over 1000 is printed with at most three decimals.
ordered_json milliseconds(std::optional<std::int64_t> us) {
  if (!us) return nullptr;
  return static_cast<double>(*us) / 1000;
}

ordered_json quantiles(const measure::Histogram& time) {
  return {{"p50", milliseconds(time.value_at_us(0.50))},
          {"p95", milliseconds(time.value_at_us(0.95))},
          {"p99", milliseconds(time.value_at_us(0.99))},
          {"max", milliseconds(time.max_us())}};
}

}  // namespace

ServiceRecord::ServiceRecord(const std::vector<DemoEndpoint>& endpoints, int threads) {
  for (const auto& endpoint : endpoints) paths_.push_back(endpoint.path);
  for (int thread = 0; thread < threads; ++thread) {
    threads_.push_back(std::make_unique<ThreadRecord>());
    threads_.back()->endpoints.resize(endpoints.size());
  }
}

void ServiceRecord::reset() {
  for (auto& thread : threads_) {
    const std::lock_guard lock(thread->mutex);
    for (auto& record : thread->endpoints) {
      record.requests = record.errors = 0;
      record.time.clear();
    }
  }
}

EndpointRecord ServiceRecord::total(std::size_t endpoint) {
  EndpointRecord sum;
  for (auto& thread : threads_) {
    const std::lock_guard lock(thread->mutex);
    const EndpointRecord& part = thread->endpoints[endpoint];
    sum.requests += part.requests;
    sum.errors += part.errors;
    sum.time.merge(part.time);
  }
  return sum;
}

std::string ServiceRecord::to_json() {
  ordered_json endpoints = ordered_json::object();
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    const EndpointRecord record = total(i);
    endpoints[paths_[i]] = {
        {"requests", record.requests}, {"errors", record.errors}, {"service_time_ms", quantiles(record.time)}};
  }
  return ordered_json{{"endpoints", std::move(endpoints)}}.dump(-1, ' ', false,
                                                                ordered_json::error_handler_t::replace) +
         "\n";
}

}  // namespace burstgate::target
