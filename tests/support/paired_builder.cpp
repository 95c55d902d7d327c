#include "support/paired_builder.hpp"

#include <cmath>

#include "stats/distributions.hpp"

namespace burstgate::test {

using namespace burstgate::measure;

namespace {

constexpr std::size_t rounds_in_turn = 3;  // two of the latency phase, one of the throughput phase

// A sequence that fills (0, 1) evenly, one for each stream (H. Weyl), as normal deviates: noise without luck.
class Noise {
 public:
  explicit Noise(double deviation) : deviation_(deviation) {}
  double factor(std::size_t round, std::size_t stream) const {
    constexpr double square_roots[] = {1.41421356237, 1.73205080757, 2.2360679775, 2.64575131106, 3.31662479036};
    const double position = 0.5 + static_cast<double>(round) * square_roots[stream % std::size(square_roots)];
    const double share = position - std::floor(position);
    return std::exp(deviation_ * stats::normal_quantile(std::min(std::max(share, 1e-3), 1 - 1e-3)));
  }

 private:
  double deviation_;
};

Slice latency_slice(const PairedSide& side, double slice_s, double p50_us) {
  Slice slice;
  slice.duration_s = slice_s;
  slice.ok = side.requests - side.failed;
  slice.failed = side.failed;
  slice.samples = side.samples;
  if (slice.samples == 0) return slice;
  slice.p50_us = p50_us, slice.mean_us = 1.2 * p50_us, slice.p90_us = 1.6 * p50_us, slice.p95_us = 2 * p50_us;
  slice.p99_us = 3 * p50_us, slice.p999_us = 4 * p50_us, slice.max_us = 5 * p50_us;
  return slice;
}

Slice throughput_slice(const PairedSide& side, double slice_s, double factor) {
  Slice slice;
  slice.duration_s = slice_s;
  slice.ok = static_cast<std::uint64_t>(std::llround(side.throughput_per_s * factor * slice_s));
  slice.failed = slice.ok * side.failed / std::max<std::uint64_t>(1, side.requests);
  return slice;
}

SideSlice side_slice(const PairedSpec& spec, const PairedSide& side, std::size_t round, std::size_t stream) {
  const Noise noise(spec.noise);
  const bool latency = round % rounds_in_turn != rounds_in_turn - 1;
  SideSlice result;
  for (const std::string& endpoint : spec.endpoints) {
    const auto slower = side.slower_by.find(endpoint);
    const double slower_by = slower == side.slower_by.end() ? 1 : slower->second;
    const double factor = noise.factor(round, stream);
    result.endpoints.push_back(latency ? latency_slice(side, spec.slice_s, side.p50_us * slower_by * factor)
                                       : throughput_slice(side, spec.slice_s, factor));
    const std::uint64_t ok = result.total.ok, failed = result.total.failed, samples = result.total.samples;
    result.total = latency ? latency_slice(side, spec.slice_s, side.p50_us * factor) : result.endpoints.back();
    result.total.ok = result.endpoints.back().ok + ok;
    result.total.failed = result.endpoints.back().failed + failed;
    result.total.samples = result.endpoints.back().samples + samples;
  }
  const std::size_t turn = round / rounds_in_turn * 2 + round % rounds_in_turn;  // among those of the latency phase
  const bool stands_still = side.stalls_every > 0 && turn % side.stalls_every == side.stalls_every - 1;
  if (latency && result.total.samples > 0) result.p96_us = result.total.p95_us * (stands_still ? 10 : 1.05);
  result.answered = result.total.ok + result.total.failed;
  if (side.cpu_us) result.cpu_s = *side.cpu_us * noise.factor(round, stream + 2) * 1e-6 * double(result.answered);
  result.send_lag_p99_us = latency ? side.send_lag_p99_us : 0;
  result.generator_cpu = side.generator_cpu;
  return result;
}

}  // namespace

PairedRun build(const PairedSpec& spec) {
  PairedRun run;
  run.budget_s = spec.budget_s;
  run.slice_s = spec.slice_s;
  run.single_launch = spec.single_launch;
  run.idle_cpu_share = spec.idle_cpu_share;
  run.wall_s = 2 * spec.paired_s;
  run.endpoint_names = spec.endpoints;
  const auto rounds = static_cast<std::size_t>(std::llround(spec.paired_s / (2 * spec.slice_s)));
  for (std::size_t i = 0; i < rounds; ++i) {
    Round& round = run.rounds.emplace_back();
    round.phase = i % rounds_in_turn == rounds_in_turn - 1 ? PairPhase::throughput : PairPhase::latency;
    round.launch = static_cast<int>(i) / spec.rounds_per_launch;
    round.candidate_first = i % 2 == 1;
    round.start_s = static_cast<double>(i) * 2.2 * spec.slice_s;
    const bool set_aside = spec.set_aside_every > 0 && i % spec.set_aside_every == spec.set_aside_every - 1;
    round.lost_cpu = set_aside ? max_lost_cpu + 0.01 : max_lost_cpu;
    round.baseline = side_slice(spec, spec.baseline, i, 0);
    round.candidate = side_slice(spec, spec.candidate, i, 1);
  }
  return run;
}

Measurement measured(const PairedSpec& spec, Side side) {
  const PairedSide& numbers = side == Side::baseline ? spec.baseline : spec.candidate;
  const double rounds = spec.paired_s / (2 * spec.slice_s) * (rounds_in_turn - 1) / rounds_in_turn;
  const auto slices = static_cast<std::uint64_t>(rounds);
  RunSpec run;
  run.duration_s = static_cast<double>(slices) * spec.slice_s;
  run.endpoints.clear();
  for (const std::string& endpoint : spec.endpoints) {
    EndpointSpec& each = run.endpoints.emplace_back();
    each.name = endpoint;
    each.ok = (numbers.requests - numbers.failed) * slices;
    each.errors = numbers.failed * slices;
    const auto p50_us = static_cast<std::int64_t>(numbers.p50_us);
    each.latency_us = {{0.5, p50_us}, {0.95, 2 * p50_us}, {1.0, 5 * p50_us}};
  }
  return build(run);
}

}  // namespace burstgate::test
