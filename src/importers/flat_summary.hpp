// The flat summary JSON that home-made baseline scripts write: one object, times in ms, error_rate as a ratio.
//
//   {"operation": "content_generation_baseline", "environment": "baseline", "version": "0.1.0",
//    "timestamp": "2024-01-01T12:00:00", "response_time_mean": 2500.0, "response_time_median": 2000.0,
//    "response_time_p95": 4500.0, "response_time_p99": 8000.0, "response_time_max": 12000.0,
//    "requests_per_second": 8.5, "concurrent_users": 10, "total_requests": 2550, "error_rate": 0.02,
//    "error_count": 51, "test_duration": 300}
#pragma once

#include "importers/source.hpp"
#include "measure/measurement.hpp"

namespace burstgate::importers {

bool is_flat_summary(Source& source);

// A point measurement. What the file does not have is missing, not zero. Besides the metrics: operation, timestamp
// (taken as UTC), test_duration in seconds; environment, version, users and counts become notes.
measure::Measurement read_flat_summary(Source& source);

}  // namespace burstgate::importers
