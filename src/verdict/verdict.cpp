#include "verdict/verdict.hpp"

#include "base/assert.hpp"

namespace burstgate::verdict {

std::string_view name(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "pass";
    case Outcome::warn:
      return "warn";
    case Outcome::fail:
      return "fail";
    case Outcome::inconclusive:
      break;
  }
  return "inconclusive";
}

std::string_view name(Cause cause) {
  switch (cause) {
    case Cause::none:
      return "none";
    case Cause::no_baseline:
      return "no_baseline";
    case Cause::workload_differs:
      return "workload_differs";
    case Cause::endpoint_missing:
      return "endpoint_missing";
    case Cause::too_few_samples:
      return "too_few_samples";
    case Cause::generator_saturated:
      return "generator_saturated";
    case Cause::machine_differs:
      return "machine_differs";
    case Cause::machine_paused:
      return "machine_paused";
    case Cause::not_the_same_work:
      return "not_the_same_work";
    case Cause::connections_short:
      return "connections_short";
    case Cause::metric_missing:
      return "metric_missing";
    case Cause::undecided:
      return "undecided";
    case Cause::baseline_failed:
      return "baseline_failed";
    case Cause::cpu_taken_away:
      return "cpu_taken_away";
    case Cause::zero_successes:
      return "zero_successes";
    case Cause::target_died:
      return "target_died";
    case Cause::tool_failed:
      return "tool_failed";
    case Cause::interrupted:
      break;
  }
  return "interrupted";
}

std::string_view name(Comparison comparison) {
  switch (comparison) {
    case Comparison::stored:
      return "stored";
    case Comparison::point:
      return "point";
    case Comparison::paired:
      return "paired";
    case Comparison::none:
      break;
  }
  return "none";
}

}  // namespace burstgate::verdict
