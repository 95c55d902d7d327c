#include "verdict/validity.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "verdict/judge.hpp"
#include "verdict/scale.hpp"

namespace burstgate::verdict {

namespace {

using measure::Measurement;

// Late sends: the generator could not keep its own schedule, and the latencies hold its delays.
void check_send_lag(const Measurement& run, std::vector<Reason>& reasons) {
  if (!run.generator.send_lag_p99_us) return;
  const double p50_us = measure::value_of(run.total, Metric::latency_p50, run.duration_s).value_or(0);
  const double limit_us = std::max(max_send_lag_us, max_send_lag_share * p50_us);
  if (*run.generator.send_lag_p99_us > limit_us) {
    reasons.push_back(
        {Cause::generator_saturated,
         fmt::format("send lag p99 {}, limit {}", to_text(Metric::latency_p99, *run.generator.send_lag_p99_us),
                     to_text(Metric::latency_p99, limit_us))});
  }
}

void check_dropped(const Measurement& run, std::vector<Reason>& reasons) {
  const measure::Counts& counts = run.total.counts;
  const auto own_faults = counts[measure::Failure::generator];
  const auto planned = static_cast<double>(counts.planned);
  if (static_cast<double>(counts.dropped) > max_dropped_share * planned) {
    reasons.push_back(
        {Cause::generator_saturated,
         fmt::format("{} of {} planned requests were dropped ({}), limit {}", counts.dropped, counts.planned,
                     percent(static_cast<double>(counts.dropped) / planned), percent(max_dropped_share))});
  }
  if (static_cast<double>(own_faults) > max_dropped_share * planned) {
    reasons.push_back(
        {Cause::generator_saturated,
         fmt::format("{} of {} requests failed on the generator's side (descriptors, local ports, HTTP/2 streams), "
                     "limit {}",
                     own_faults, counts.planned, percent(max_dropped_share))});
  }
}

void check_cpu(const Measurement& run, std::vector<Reason>& reasons) {
  const measure::GeneratorHealth& health = run.generator;
  if (health.busiest_thread_cpu > max_generator_cpu) {
    reasons.push_back(
        {Cause::generator_saturated, fmt::format("a generator thread used {} of its CPU, limit {}",
                                                 percent(health.busiest_thread_cpu), percent(max_generator_cpu))});
  }
  if (health.steal_share > max_steal_share) {
    reasons.push_back({Cause::generator_saturated, fmt::format("the host took {} of the CPU time (steal), limit {}",
                                                               percent(health.steal_share), percent(max_steal_share))});
  }
}

void check_machine(const Measurement& run, std::vector<Reason>& reasons) {
  const measure::GeneratorHealth& health = run.generator;
  if (health.paused_s > max_paused_share * run.duration_s) {
    reasons.push_back({Cause::machine_paused, fmt::format("the machine stood still for {:.2f} s of {:.1f} s, limit {}",
                                                          health.paused_s, run.duration_s, percent(max_paused_share))});
  }
  const auto asked = static_cast<double>(health.connections_asked);
  if (static_cast<double>(health.connections_peak) < min_connections_share * asked) {
    reasons.push_back({Cause::connections_short,
                       fmt::format("{} of {} connections were open at the same time, needed {}",
                                   health.connections_peak, health.connections_asked, percent(min_connections_share))});
  }
}

}  // namespace

std::vector<Reason> early_end(const Measurement& run) {
  if (!run.partial && !run.target_died) return {};
  const std::string why = run.stop_reason.empty() ? "" : ": " + run.stop_reason;
  if (run.tool_failed) return {{Cause::tool_failed, run.stop_reason}};
  if (run.target_died) {
    return {{Cause::target_died, fmt::format("the service stopped answering after {:.1f} s{}", run.duration_s, why)}};
  }
  return {{Cause::interrupted, fmt::format("stopped after {:.1f} s{}", run.duration_s, why)}};
}

std::vector<Reason> invalidity(const Measurement& run) {
  if (run.is_point()) return {};
  std::vector<Reason> reasons = early_end(run);
  check_send_lag(run, reasons);
  check_dropped(run, reasons);
  check_cpu(run, reasons);
  check_machine(run, reasons);
  return reasons;
}

namespace {

// Summary figures of nothing but failures, where the tool counts them and burstgate ran it. An imported file is
// compared as it stands: its error rate says it.
std::optional<Reason> only_failures(const Measurement& run) {
  if (measure::command_of(run).empty()) return std::nullopt;
  const auto errors = measure::value_of(run.total, Metric::error_rate, run.duration_s);
  if (!errors || *errors < 1) return std::nullopt;
  return Reason{Cause::zero_successes, "every request failed"};
}

}  // namespace

std::optional<Reason> without_success(const Measurement& run) {
  if (run.is_point()) return only_failures(run);
  const bool interrupted = run.partial && !run.target_died;
  if (interrupted || run.total.counts.ok > 0) return std::nullopt;
  return Reason{Cause::zero_successes, fmt::format("none of {} requests succeeded", run.total.counts.started)};
}

}  // namespace burstgate::verdict
