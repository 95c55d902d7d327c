#include "config/foreign_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "config/foreign_metrics.hpp"
#include "config/thresholds_reader.hpp"
#include "config/websocket_endpoints.hpp"

namespace burstgate::config {

namespace {

constexpr double us_per_ms = 1e3;

void add(RuleSet& rules, const RuleSet& more) {
  rules.regression.insert(rules.regression.end(), more.regression.begin(), more.regression.end());
  rules.limits.insert(rules.limits.end(), more.limits.begin(), more.limits.end());
}

void merge_limits(std::vector<AbsoluteRule>& into, const std::vector<AbsoluteRule>& more) {
  for (const AbsoluteRule& rule : more) {
    const auto same = std::find_if(into.begin(), into.end(), [&](const auto& r) { return r.metric == rule.metric; });
    if (same == into.end()) {
      into.push_back(rule);
      continue;
    }
    if (rule.warn) same->warn = rule.warn;
    if (rule.fail) same->fail = rule.fail;
    same->place = rule.place;
  }
}

class Resolving {
 public:
  Resolving(const Plan* plan, Thresholds& thresholds, std::vector<std::string>& notes)
      : plan_(plan), thresholds_(thresholds), notes_(notes) {}

  void take(const ForeignRules& rules) {
    add(thresholds_.total, rules.total);
    if (plan_ == nullptr || plan_->exec) {
      add(thresholds_.total, rules.http);
      add(thresholds_.total, rules.websocket);
    } else {
      bool any_step = false, any_message = false;
      for (const Scenario& scenario : plan_->scenarios) {
        any_step |= add_to_steps(scenario, rules.http);
        any_message |= add_to_messages(scenario, rules.websocket);
      }
      if (!any_step) say_unused("api_response_time", rules.http, "the workload has no HTTP steps");
      if (!any_message) say_unused("websocket_latency", rules.websocket, "no WebSocket scenario awaits a message");
    }
    for (const auto& [group, set] : rules.groups) take_group(group, set, rules.group_places.at(group));
    if (!rules.levels.empty()) take_level(rules.levels);
    notes_.insert(notes_.end(), rules.unread.begin(), rules.unread.end());
  }

 private:
  void say_unused(const std::string& what, const RuleSet& rules, std::string_view why) {
    if (!rules.empty()) notes_.push_back(fmt::format("{} is not judged: {}", what, why));
  }

  // Both: whether there was any.
  bool add_to_steps(const Scenario& scenario, const RuleSet& rules) {
    for (const Step& step : scenario.steps) add_to_step(step.name, rules);
    return !scenario.steps.empty();
  }

  bool add_to_messages(const Scenario& scenario, const RuleSet& rules) {
    const std::vector<std::string> messages = messages_of(scenario);
    for (const std::string& message : messages) add_to_step(message, rules);
    return !messages.empty();
  }

  void add_to_step(const std::string& step, const RuleSet& rules) {
    if (rules.empty() || !seen_.insert({step, &rules}).second) return;
    add(thresholds_.endpoints[step], rules);
    const AbsoluteRule* limit = rules.limits.empty() ? nullptr : &rules.limits.front();
    thresholds_.endpoint_places[step] = limit ? limit->place : rules.regression.front().place;
  }

  void take_group(const std::string& group, const RuleSet& rules, const Place& place) {
    const bool whole_run = plan_ && (plan_->operation == group || plan_->operation == group + "_baseline");
    if (whole_run) return add(thresholds_.total, rules);
    if (plan_ == nullptr || plan_->exec) {
      thresholds_.endpoint_places[group] = place;
      return add(thresholds_.endpoints[group], rules);
    }
    bool found = false;
    for (const Scenario& scenario : plan_->scenarios) {
      found = found || scenario.name == group;
      if (scenario.name == group) {
        add_to_steps(scenario, rules);
        add_to_messages(scenario, rules);
      }
      for (const EndpointUse& use : endpoints_of(scenario)) {
        if (use.name != group) continue;
        found = true;
        add_to_step(use.name, rules);
      }
    }
    if (!found) say_unused(group, rules, "no step or scenario, and not the operation, is named so");
  }

  void take_level(const std::vector<LoadLevel>& levels) {
    const LoadLevel* chosen = &levels.front();
    bool fits = false;
    for (const LoadLevel& level : levels) {
      if (plan_ == nullptr || fits) break;
      const Profile& profile = plan_->profile;
      fits = level.name == profile.name || (!profile.open && level.users == profile.closed.users);
      if (fits) chosen = &level;
    }
    for (const LoadLevel& level : levels) {
      if (level.name == chosen->name) add(thresholds_.total, {{}, level.limits});
    }
    notes_.push_back(fmt::format("limits of the load level '{}'{}", chosen->name,
                                 fits ? "" : ", the first: none is named as the profile or has its users"));
  }

  const Plan* plan_;
  Thresholds& thresholds_;
  std::vector<std::string>& notes_;
  std::set<std::pair<std::string, const RuleSet*>> seen_;  // a step of two scenarios has one set of rules
};

std::optional<double> plain_number(const Value& value) {
  double number = 0;
  const char* end = value.text.data() + value.text.size();
  const auto [stop, error] = std::from_chars(value.text.data(), end, number);
  const bool whole = value.kind == Value::Kind::scalar && error == std::errc{} && stop == end;
  return whole && plain_meaning(value.text) == PlainMeaning::number && number >= 0 ? std::optional(number)
                                                                                   : std::nullopt;
}

}  // namespace

ForeignRules merged(ForeignRules warnings, const ForeignRules& failures) {
  merge_limits(warnings.total.limits, failures.total.limits);
  for (const auto& [group, rules] : failures.groups) {
    merge_limits(warnings.groups[group].limits, rules.limits);
    warnings.group_places[group] = failures.group_places.at(group);
  }
  warnings.unread.insert(warnings.unread.end(), failures.unread.begin(), failures.unread.end());
  return warnings;
}

Thresholds resolved(const ForeignRules& rules, const std::string& source, const Plan* plan, const Place& place,
                    std::vector<std::string>& notes, Mistakes& mistakes) {
  Thresholds thresholds;
  thresholds.source = source;
  std::vector<std::string> said;
  Resolving(plan, thresholds, said).take(rules);
  if (thresholds.total.empty() && thresholds.endpoints.empty()) {
    mistakes.add("E-121", place, "thresholds without a single rule that can be judged here",
                 elided(said.empty() ? "a gate without limits always passes" : join(said, "; "), 400));
  }
  notes.insert(notes.end(), said.begin(), said.end());
  return thresholds;
}

std::optional<double> read_loose_limit(const Value& value, Metric metric, Mistakes& mistakes) {
  const auto number = plain_number(value);
  const bool share_above_one = number && kind(metric) == MetricKind::share && *number > 1;
  if (number && *number > 0 && !share_above_one) {
    return kind(metric) == MetricKind::latency ? *number * us_per_ms : *number;
  }
  Value with_unit = value;
  with_unit.text = with_known_rate_unit(value.text);
  return read_limit(with_unit, metric, mistakes);
}

}  // namespace burstgate::config
