#include "verdict/figures.hpp"

#include <fmt/format.h>

#include <cmath>

#include "verdict/scale.hpp"

namespace burstgate::verdict {

namespace {

std::string floor_text(Metric metric, double amount) {
  if (metric == Metric::stalls) return fmt::format("{:.1f} slices", amount);
  return kind(metric) == MetricKind::share ? fmt::format("{:.1f} errors", amount) : to_text(metric, amount);
}

std::string range_text(Metric metric, const Change& change) {
  const bool has_low = std::isfinite(change.low), has_high = std::isfinite(change.high);
  const std::string low = has_low ? worse_text(metric, change.low) : "";
  const std::string high = has_high ? worse_text(metric, change.high) : "";
  if (has_low && has_high) return fmt::format("between {} and {}", low, high);
  if (has_low) return low + " or more";
  return has_high ? "at worst " + high : "no bound is known";
}

}  // namespace

std::string figure_of(const Check& check, const Change& change, Grounds grounds) {
  const auto text = [&](double worse_by) { return worse_text(check.metric, worse_by); };
  const double limit = check.limit_fail ? *check.limit_fail : *check.limit_warn;
  const std::string range = range_text(check.metric, change);
  switch (grounds) {
    case Grounds::within_limit:
      return fmt::format("at worst {}, within the limit {}", text(change.high), text(limit));
    case Grounds::below_floor:
      return fmt::format("at worst {} more, below the floor of {}", floor_text(check.metric, change.high * change.unit),
                         floor_text(check.metric, check.floor));
    case Grounds::warn_undecided:
      return fmt::format("{}: not certain against the warn limit {}, which cannot fail the gate", range,
                         text(*check.limit_warn));
    case Grounds::beyond_warn:
      return fmt::format("at least {}, beyond the tolerance {} of the warn limit {}", text(change.low),
                         text(*check.limit_warn * tolerance_share), text(*check.limit_warn));
    case Grounds::beyond_tolerance:
      return fmt::format("at least {}, beyond the tolerance {} of the limit {}", text(change.low),
                         text(check.tolerance), text(limit));
    case Grounds::floor_undecided:
      return fmt::format("{}, but the change of {} is below the floor of {}, and not certainly", range,
                         floor_text(check.metric, change.estimate * change.unit),
                         floor_text(check.metric, check.floor));
    case Grounds::undecided:
      break;
  }
  return fmt::format("{}: neither certainly within the limit {} nor certainly beyond the tolerance {}", range,
                     text(limit), text(check.tolerance));
}

std::string title(const Check& check) {
  return (check.endpoint.empty() ? "" : check.endpoint + " ") + std::string(name(check.metric));
}

}  // namespace burstgate::verdict
