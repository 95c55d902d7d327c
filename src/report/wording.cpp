#include "report/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace burstgate::report {

using verdict::Cause;
using verdict::Check;
using verdict::CheckKind;

std::string count_text(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

std::string seconds_text(double seconds) {
  return std::isfinite(seconds) ? fmt::format("{:.1f} s", seconds) : "unknown";
}

std::string metric_text(Metric metric) {
  if (metric == Metric::stalls) return "stalled slices";  // its values are shares of slices
  std::string text(name(metric));
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

namespace {

constexpr double largest_percentage = 1e6;  // beyond it the digits tell nobody anything

std::string_view unit_of(Metric metric) {
  return kind(metric) == MetricKind::share ? "pp" : "%";
}

// Worse-by to the metric's own direction, in percent or percentage points.
double natural(Metric metric, double worse_by) {
  return kind(metric) == MetricKind::rate ? -100 * worse_by : 100 * worse_by;
}

std::string without_trailing_zeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

// A limit as it was written: "+20 %", "-15 %", "+0.5 pp".
std::string relative_limit(Metric metric, double worse_by) {
  return without_trailing_zeros(fmt::format("{:+.3f}", natural(metric, worse_by))) + " " + std::string(unit_of(metric));
}

// Enough digits to tell the value from a limit that looks the same with three.
std::string precise(Metric metric, double value) {
  switch (kind(metric)) {
    case MetricKind::latency:
      return without_trailing_zeros(fmt::format("{:.3f}", value / 1e3)) + " ms";
    case MetricKind::rate:
      return without_trailing_zeros(fmt::format("{:.4f}", value)) + "/s";
    case MetricKind::share:
      return without_trailing_zeros(fmt::format("{:.6f}", value * 100)) + " %";
    case MetricKind::count:
      return without_trailing_zeros(fmt::format("{:.6f}", value));
  }
  return {};
}

}  // namespace

std::string change_text(Metric metric, double worse_by) {
  if (!std::isfinite(worse_by)) return "unbounded";
  const double value = natural(metric, worse_by);
  if (std::fabs(value) > largest_percentage) return std::string(value > 0 ? "over +" : "under -") + "1,000,000 %";
  const bool points = kind(metric) == MetricKind::share;
  std::string text = points                      ? fmt::format("{:+.2f}", value)
                     : std::fabs(value) >= 99.95 ? fmt::format("{:+.0f}", value)
                                                 : fmt::format("{:+.1f}", value);
  if (text.find_first_not_of("-0.") == std::string::npos) text[0] = '+';  // no "-0.0"
  return text + " " + std::string(unit_of(metric));
}

std::string interval_text(Metric metric, const verdict::Interval& worse_by) {
  const bool turned = kind(metric) == MetricKind::rate;
  const double first = turned ? worse_by.high : worse_by.low;
  const double second = turned ? worse_by.low : worse_by.high;
  return change_text(metric, first) + " .. " + change_text(metric, second);
}

std::string limit_text(const Check& check) {
  const bool relative = check.kind == CheckKind::regression;
  const std::string_view preposition = relative ? "at" : kind(check.metric) == MetricKind::rate ? "below" : "above";
  const auto one = [&](std::string_view what, double limit) {
    if (!std::isfinite(limit)) return fmt::format("{} {} a limit that is no number", what, preposition);
    return fmt::format("{} {} {}", what, preposition,
                       relative ? relative_limit(check.metric, limit) : to_text(check.metric, limit));
  };
  if (check.limit_warn && check.limit_fail)
    return one("warn", *check.limit_warn) + ", " + one("fail", *check.limit_fail);
  if (check.limit_fail) return one("fail", *check.limit_fail);
  if (check.limit_warn) return one("warn", *check.limit_warn);
  return "no limit";
}

std::string value_text(const measure::EndpointResult& endpoint, Metric metric, double duration_s) {
  const auto value = measure::value_of(endpoint, metric, duration_s);
  if (!value || !std::isfinite(*value)) return endpoint.point ? "not known" : "no samples";
  const auto rank = quantile(metric);
  const bool at_least = rank && !endpoint.point && endpoint.latencies.judged().saturated_at(*rank);
  return (at_least ? ">= " : "") + to_text(metric, *value);
}

std::string baseline_text(const Check& check) {
  return check.baseline && std::isfinite(*check.baseline) ? to_text(check.metric, *check.baseline) : "none";
}

std::string candidate_text(const Check& check, const measure::EndpointResult* measured) {
  if (!check.candidate || !std::isfinite(*check.candidate)) {
    return check.cause == Cause::metric_missing ? "not known" : "no samples";
  }
  const auto rank = quantile(check.metric);
  if (measured != nullptr && rank && !measured->point && measured->latencies.judged().saturated_at(*rank)) {
    return ">= " + to_text(check.metric, *check.candidate);
  }
  const std::string text = to_text(check.metric, *check.candidate);
  const auto looks_like = [&](const std::optional<double>& limit) {
    return check.kind == CheckKind::limit && limit && *limit != *check.candidate &&
           to_text(check.metric, *limit) == text;
  };
  return looks_like(check.limit_fail) || looks_like(check.limit_warn) ? precise(check.metric, *check.candidate) : text;
}

std::string name_of(const Check& check, std::string_view endpoint_label) {
  const std::string_view kind = check.kind == CheckKind::limit ? " limit" : check.against_anchor ? " since anchor" : "";
  return fmt::format("{}{}{}{}", endpoint_label, endpoint_label.empty() ? "" : ": ", metric_text(check.metric), kind);
}

std::string noise_text(const Check& check) {
  if (!check.smallest_visible_change || !std::isfinite(*check.smallest_visible_change)) return {};
  return fmt::format("sees changes of {} and more", change_text(check.metric, *check.smallest_visible_change));
}

CauseWords words(Cause cause) {
  switch (cause) {
    case Cause::none:
      return {"", ""};
    case Cause::no_baseline:
      return {"there is no baseline to compare with", "record a baseline from a build you trust"};
    case Cause::workload_differs:
      return {"the baseline was measured with another workload", "use the same workload, or record a new baseline"};
    case Cause::endpoint_missing:
      return {"an endpoint is on one side only", "record a new baseline that has the same endpoints"};
    case Cause::too_few_samples:
      return {"too few samples", "run longer or at a higher rate"};
    case Cause::generator_saturated:
      return {"the generator was the limit, not the service",
              "lower the rate or the users, or give the generator CPUs of its own"};
    case Cause::machine_differs:
      return {"the baseline comes from another machine", "record a baseline on this class of machine"};
    case Cause::machine_paused:
      return {"the machine stood still during the run", "run again, on a machine that is not shared"};
    case Cause::not_the_same_work:
      return {"the answers are not the same work as the baseline's",
              "compare statuses and sizes of the answers; record a new baseline if that is meant"};
    case Cause::connections_short:
      return {"fewer connections were open than asked", "raise the limit of open files, or ask for fewer users"};
    case Cause::metric_missing:
      return {"one side does not have this metric", "record a baseline that has this metric, or remove its limit"};
    case Cause::undecided:
      return {"the interval covers both no change and a broken limit",
              "run longer, record more baseline runs, or use a wider limit"};
    case Cause::baseline_failed:
      return {"the baseline's service failed", "see that the baseline build starts and answers this workload"};
    case Cause::cpu_taken_away:
      return {"the machine took CPU time away during too many rounds", "run again, on a machine that is not shared"};
    case Cause::zero_successes:
      return {"no request succeeded", "see that the service answers this workload with the expected status"};
    case Cause::target_died:
      return {"the service stopped answering during the run", "look at the service's log"};
    case Cause::tool_failed:
      return {"the tool that sends the load failed", "look at its last lines, which are on stderr"};
    case Cause::interrupted:
      return {"interrupted by a signal", "run again"};
  }
  return {"", ""};
}

std::string_view remedy_side_by_side(Cause cause) {
  switch (cause) {
    case Cause::endpoint_missing:
      return "name an endpoint that the workload has, or remove its limits";
    case Cause::too_few_samples:
      return "use a larger budget (--budget) or a higher rate";
    case Cause::not_the_same_work:
      return "compare statuses and sizes of the answers of both builds";
    case Cause::metric_missing:
      return "let burstgate start both builds (command), or remove the limit";
    case Cause::undecided:
      return "use a larger budget (--budget), a quieter machine, or a wider limit";
    default:
      return words(cause).remedy;
  }
}

std::string reason_text(Cause cause, std::string_view figure) {
  const std::string_view what = words(cause).what;
  return fmt::format("{}{}{}", what, what.empty() || figure.empty() ? "" : ": ", figure);
}

std::string_view exit_text(int exit_code, const std::optional<verdict::Verdict>& verdict) {
  const bool inconclusive = verdict && verdict->outcome == verdict::Outcome::inconclusive;
  switch (exit_code) {
    case 0:
      return !verdict ? "done" : inconclusive ? "inconclusive, let through as asked" : "pass";
    case 1:
      return inconclusive ? "inconclusive, counted as a failure" : "a limit is broken";
    case 2:
      return "bad usage or configuration";
    case 3:
      return "inconclusive";
    case 4:
      return "the service failed";
    case 5:
      return "passed, but a report or the baseline could not be written";
    case 70:
      return "a bug in burstgate";
    case 130:
    case 143:
      return "interrupted";
    default:
      return "unknown";
  }
}

}  // namespace burstgate::report
