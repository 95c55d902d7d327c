#include "load/resolution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "load/clock.hpp"
#include "measure/histogram.hpp"

namespace burstgate::load {

double clock_tick_us() {
  constexpr int readings = 1000;
  double smallest = std::numeric_limits<double>::infinity();
  Instant before = Clock::now();
  for (int i = 0; i < readings; ++i) {
    const Instant now = Clock::now();
    if (now > before) smallest = std::min(smallest, to_seconds(now - before) * 1e6);
    before = now;
  }
  return smallest;
}

std::optional<std::string> resolution_note(double tick_us, double p50_us) {
  const double step_us = std::max(tick_us, static_cast<double>(measure::Histogram::lowest_us));
  if (step_us <= coarse_share * p50_us) return std::nullopt;
  return fmt::format("latencies are resolved to {:.0f} us, {:.1f} % of the p50: small changes cannot be seen", step_us,
                     step_us / p50_us * 100);
}

}  // namespace burstgate::load
