#include "verdict/scale.hpp"

#include <fmt/format.h>

#include <cmath>

namespace burstgate::verdict {

double to_scale(Metric metric, double worse_by) {
  switch (kind(metric)) {
    case MetricKind::latency:
      return std::log1p(worse_by);
    case MetricKind::rate:
      return -std::log1p(-worse_by);
    case MetricKind::share:
    case MetricKind::count:
      break;
  }
  return worse_by;
}

double from_scale(Metric metric, double scaled) {
  switch (kind(metric)) {
    case MetricKind::latency:
      return std::expm1(scaled);
    case MetricKind::rate:
      return -std::expm1(-scaled);
    case MetricKind::share:
    case MetricKind::count:
      break;
  }
  return scaled;
}

std::string worse_text(Metric metric, double worse_by) {
  switch (kind(metric)) {
    case MetricKind::latency:
      return fmt::format("{:+.1f} %", worse_by * 100);
    case MetricKind::rate:
      return fmt::format("{:+.1f} %", -worse_by * 100);
    case MetricKind::share:
    case MetricKind::count:
      break;
  }
  return fmt::format("{:+.2f} pp", worse_by * 100);
}

std::string percent(double share) {
  return fmt::format("{:.3g} %", share * 100);
}

double mirrored(Metric metric, double worse_by) {
  return from_scale(metric, -to_scale(metric, worse_by));
}

}  // namespace burstgate::verdict
