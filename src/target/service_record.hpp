// The built-in service's own record of what it did, against which measurements are checked.
//
// Every thread writes to its own part. An answer is sent and recorded under the part's lock, so that whoever has
// received an answer finds it counted when asking for the record.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "measure/histogram.hpp"
#include "target/demo_service.hpp"

namespace burstgate::target {

struct EndpointRecord {
  std::uint64_t requests = 0;  // answered completely
  std::uint64_t errors = 0;    // of these with 500
  measure::Histogram time;     // request read to answer written
};

struct ThreadRecord {
  std::mutex mutex;
  std::vector<EndpointRecord> endpoints;  // in the order of DemoOptions::endpoints
};

class ServiceRecord {
 public:
  ServiceRecord(const std::vector<DemoEndpoint>& endpoints, int threads);

  ThreadRecord& of_thread(int thread) { return *threads_[thread]; }
  void reset();
  std::string to_json();  // as serve() promises for /_stats

 private:
  EndpointRecord total(std::size_t endpoint);

  std::vector<std::string> paths_;
  std::vector<std::unique_ptr<ThreadRecord>> threads_;
};

}  // namespace burstgate::target
