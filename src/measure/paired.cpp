#include "measure/paired.hpp"

#include <algorithm>

namespace burstgate::measure {

std::string_view name(PairPhase phase) {
  return phase == PairPhase::latency ? "latency" : "throughput";
}

std::string_view name(Side side) {
  return side == Side::baseline ? "baseline" : "candidate";
}

double PairedRun::paired_s(std::size_t count) const {
  double sum = 0;
  for (std::size_t i = 0; i < std::min(count, rounds.size()); ++i) {
    sum += rounds[i].baseline.total.duration_s + rounds[i].candidate.total.duration_s;
  }
  return sum;
}

const Slice* slice_of(const PairedRun& run, const SideSlice& side, std::string_view endpoint) {
  if (endpoint.empty()) return &side.total;
  const auto found = std::find(run.endpoint_names.begin(), run.endpoint_names.end(), endpoint);
  if (found == run.endpoint_names.end()) return nullptr;
  return &side.endpoints[static_cast<std::size_t>(found - run.endpoint_names.begin())];
}

}  // namespace burstgate::measure
