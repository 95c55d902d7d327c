#include "config/profile_targets.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/foreign_metrics.hpp"
#include "config/plan.hpp"
#include "config/thresholds_reader.hpp"
#include "config/websocket_endpoints.hpp"

namespace burstgate::config {

namespace {

// "< 500ms" -> the limit. Which way it points must be the metric's own.
std::optional<double> read_bound(const Value& value, Metric metric, Mistakes& mistakes) {
  const bool at_least = kind(metric) == MetricKind::rate;
  const auto text = read_line(value, name(metric), mistakes);
  if (!text) return std::nullopt;
  const std::size_t number = text->find_first_not_of("<>= ");
  const std::string_view sign = std::string_view(*text).substr(0, text->find_first_not_of("<>="));
  const bool fits = at_least ? sign == ">" || sign == ">=" : sign == "<" || sign == "<=";
  if (!fits || number == std::string::npos) {
    mistakes.add(
        "E-102", value.place, fmt::format("{}: '{}' is no target", name(metric), elided(*text, 60)),
        at_least ? "expected such as \"> 100/s\" or \"> 100 RPS\"" : "expected such as \"< 500ms\" or \"< 1%\"");
    return std::nullopt;
  }
  Value bound = value;
  bound.text = with_known_rate_unit(text->substr(number));
  return read_limit(bound, metric, mistakes);
}

void read_target(const Entry& entry, ProfileTargets& targets, Mistakes& mistakes) {
  if (const auto words = not_measured(entry.key)) {
    targets.unread.push_back(*words);
    return;
  }
  const auto foreign = foreign_metric(entry.key);
  if (!foreign || paired_only(foreign->metric)) {
    mistakes.add("E-117", entry.place, fmt::format("unknown metric '{}' in targets", elided(entry.key, 60)),
                 "such as api_response_time_p95, websocket_latency_p95, error_rate, throughput, or a metric of limits");
    return;
  }
  AbsoluteRule rule;
  rule.metric = foreign->metric;
  rule.place = entry.place;
  rule.fail = read_bound(entry.value, foreign->metric, mistakes);
  if (rule.fail) (foreign->websocket ? targets.websocket : targets.limits).push_back(rule);
}

// The rule for the rule's metric, put in place of the one that is there.
void put(const AbsoluteRule& rule, std::vector<AbsoluteRule>& limits, std::vector<std::string>& notes) {
  const auto same = std::find_if(limits.begin(), limits.end(),
                                 [&](const AbsoluteRule& other) { return other.metric == rule.metric; });
  if (same == limits.end()) return limits.push_back(rule);
  if (!same->place.file.empty()) {
    notes.push_back(fmt::format("{}: the profile's target ({}) instead of the limit at {}", name(rule.metric),
                                rule.place.text(), same->place.text()));
  }
  *same = rule;
}

void put_on_messages(const AbsoluteRule& rule, const Plan& plan, Thresholds& thresholds,
                     std::vector<std::string>& notes) {
  bool any = false;
  for (const Scenario& scenario : plan.scenarios) {
    for (const std::string& message : messages_of(scenario)) {
      put(rule, thresholds.endpoints[message].limits, notes);
      thresholds.endpoint_places.try_emplace(message, rule.place);
      any = true;
    }
  }
  if (any) return;
  notes.push_back(fmt::format("websocket {} ({}) is not judged: no WebSocket scenario awaits a message",
                              name(rule.metric), rule.place.text()));
}

}  // namespace

ProfileTargets read_targets(const Value& value, Mistakes& mistakes) {
  ProfileTargets targets;
  const auto read = [&](const Entry& entry) { read_target(entry, targets, mistakes); };
  if (value.kind == Value::Kind::mapping) {
    read_entries(value, "targets", read, mistakes);
  } else {
    read_items(
        value, "targets", [&](const Value& item) { read_entries(item, "a target", read, mistakes); }, mistakes);
  }
  return targets;
}

void apply_targets(const ProfileTargets& targets, const Plan& plan, Thresholds& thresholds,
                   std::vector<std::string>& notes) {
  for (const AbsoluteRule& rule : targets.limits) put(rule, thresholds.total.limits, notes);
  for (const AbsoluteRule& rule : targets.websocket) put_on_messages(rule, plan, thresholds, notes);
  for (const std::string& words : targets.unread) notes.push_back(fmt::format("{} ({})", words, plan.profile.name));
}

}  // namespace burstgate::config
