// Keys and units of the verdict's JSON, for its writer and its reader.
#pragma once

#include <string>

#include "base/metric.hpp"

namespace burstgate::report {

struct JsonUnit {
  const char* suffix = "";
  bool is_time = false;  // ms in the file, us here
};

inline JsonUnit json_unit(Metric metric) {
  switch (kind(metric)) {
    case MetricKind::latency:
      return {"_ms", true};
    case MetricKind::rate:
      return {"_rps", false};
    case MetricKind::share:
      return {"_ratio", false};
    case MetricKind::count:
      break;
  }
  return {"_count", false};
}

inline std::string floor_key(Metric metric) {
  if (metric == Metric::stalls) return "floor_slices";
  return kind(metric) == MetricKind::share ? "floor_errors" : std::string("floor") + json_unit(metric).suffix;
}

}  // namespace burstgate::report
