#include "config/foreign_thresholds.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/foreign_metrics.hpp"
#include "config/named_file.hpp"
#include "config/units.hpp"

namespace burstgate::config {

namespace {

const Entry* find(const Value& mapping, std::string_view key) {
  const auto found = std::find_if(mapping.entries.begin(), mapping.entries.end(),
                                  [&](const Entry& entry) { return entry.key == key; });
  return found == mapping.entries.end() ? nullptr : &*found;
}

// Names that no document of ours has: without one a slip in ours would be taken for another's.
bool has_foreign_metric(const Value& mapping) {
  return std::any_of(mapping.entries.begin(), mapping.entries.end(), [](const Entry& entry) {
    return foreign_metric(entry.key) && (!metric_named(entry.key) || entry.key == "throughput_rps");
  });
}

bool is_alert_groups(const Value& document) {
  return !document.entries.empty() && std::all_of(document.entries.begin(), document.entries.end(),
                                                  [](const Entry& entry) { return has_foreign_metric(entry.value); });
}

const std::vector<Value>* queries_of(const Value& document) {
  const Entry* alerts = find(document, "alerts");
  const Value& list = alerts == nullptr ? document : alerts->value;
  const bool queries = !list.items.empty() && std::all_of(list.items.begin(), list.items.end(), [](const Value& item) {
    return find(item, "name") != nullptr && (find(item, "condition") != nullptr || find(item, "query") != nullptr);
  });
  return queries ? &list.items : nullptr;
}

// ---- regression_thresholds ----

std::optional<double> read_share_of_change(const Value& value, std::string_view what, double most, Mistakes& mistakes) {
  const auto text = read_line(value, what, mistakes);
  if (!text) return std::nullopt;
  const auto share = parse_percent(*text);
  const auto* number = std::get_if<double>(&share);
  if (number != nullptr && std::abs(*number) > 0 && std::abs(*number) <= most) return std::abs(*number);
  mistakes.add("E-104", value.place, fmt::format("{}: '{}' is no change in percent", what, elided(*text, 60)),
               fmt::format("such as 20%, at most {:g}%", most * 100));
  return std::nullopt;
}

void add_regression(RuleSet& rules, Metric metric, const Entry& entry, double most, Mistakes& mistakes) {
  RegressionRule rule;
  rule.metric = metric;
  rule.place = entry.place;
  rule.fail = read_share_of_change(entry.value, entry.key, most, mistakes);
  if (rule.fail) rules.regression.push_back(rule);
}

void read_latency_changes(const Entry& group, RuleSet& rules, Mistakes& mistakes) {
  const auto read = [&](const Entry& entry) {
    const auto foreign = foreign_metric(group.key + "_" + entry.key);
    if (foreign) return add_regression(rules, foreign->metric, entry, 10, mistakes);
    mistakes.add("E-117", entry.place, fmt::format("unknown quantile '{}'", elided(entry.key, 60)), "such as p95");
  };
  read_entries(group.value, group.key, read, mistakes);
}

ForeignRules read_regression_thresholds(const Value& value, Mistakes& mistakes) {
  ForeignRules rules;
  const auto of_http = [&](const Entry& e) { read_latency_changes(e, rules.http, mistakes); };
  const auto of_websocket = [&](const Entry& e) { read_latency_changes(e, rules.websocket, mistakes); };
  const auto error_rate = [&](const Entry& e) {
    const auto absolute = [&](const Entry& by) { add_regression(rules.total, Metric::error_rate, by, 1, mistakes); };
    read_mapping(e.value, "error_rate", {{"absolute", absolute}}, mistakes);
  };
  const auto throughput = [&](const Entry& e) {
    const auto relative = [&](const Entry& by) { add_regression(rules.total, Metric::throughput, by, 0.99, mistakes); };
    read_mapping(e.value, "throughput", {{"relative", relative}}, mistakes);
  };
  read_mapping(value, "regression_thresholds",
               {{"api_response_time", of_http},
                {"response_time", of_http},
                {"websocket_latency", of_websocket},
                {"error_rate", error_rate},
                {"throughput", throughput}},
               mistakes);
  return rules;
}

// ---- absolute limits ----

void add_limit(const Entry& entry, Tier tier, RuleSet& rules, ForeignRules& all, Mistakes& mistakes) {
  if (const auto words = not_measured(entry.key)) {
    all.unread.push_back(*words);
    return;
  }
  const auto foreign = foreign_metric(entry.key);
  if (!foreign) {
    mistakes.add("E-117", entry.place, fmt::format("unknown metric '{}'", elided(entry.key, 60)),
                 "such as response_time_p95, throughput_rps, error_rate");
    return;
  }
  AbsoluteRule rule;
  rule.metric = foreign->metric;
  rule.place = entry.place;
  const auto limit = read_loose_limit(entry.value, foreign->metric, mistakes);
  (tier == Tier::warn ? rule.warn : rule.fail) = limit;
  if (limit) (foreign->websocket ? all.websocket : rules).limits.push_back(rule);
}

ForeignRules read_alert_groups(const Value& document, Tier tier, Mistakes& mistakes) {
  ForeignRules rules;
  for (const Entry& group : document.entries) {
    RuleSet set;
    for (const Entry& entry : group.value.entries) add_limit(entry, tier, set, rules, mistakes);
    rules.groups[group.key] = std::move(set);
    rules.group_places[group.key] = group.place;
  }
  return rules;
}

ForeignRules read_criteria(const Value& document, Tier tier, Mistakes& mistakes) {
  ForeignRules rules;
  for (const Entry& entry : document.entries) add_limit(entry, tier, rules.total, rules, mistakes);
  return rules;
}

ForeignRules name_queries(const std::vector<Value>& queries) {
  ForeignRules rules;
  for (const Value& query : queries) {
    rules.unread.push_back(fmt::format("'{}' is not judged: it is a query of a monitoring system",
                                       elided(find(query, "name")->value.text, 60)));
  }
  return rules;
}

// The file that one half of a pair names.
ForeignRules read_half(const Value& value, Tier tier, Mistakes& mistakes) {
  const auto path = read_line(value, "thresholds", mistakes);
  if (!path) return {};
  const std::string file = beside(value.place.file, *path);
  const auto text = read_named_file(file, value.place, mistakes);
  const auto document = text ? parse_yaml(*text, file, mistakes) : std::nullopt;
  if (!document) return {};
  if (is_foreign_thresholds(*document)) return read_foreign_thresholds(*document, tier, mistakes);
  mistakes.add("E-102", value.place, "expected alert limits, such as content_generation: {response_time_p95: 6250ms}");
  return {};
}

}  // namespace

bool is_foreign_thresholds(const Value& document) {
  return find(document, "regression_thresholds") != nullptr || has_foreign_metric(document) ||
         is_alert_groups(document) || queries_of(document) != nullptr;
}

ForeignRules read_foreign_thresholds(const Value& document, Tier tier, Mistakes& mistakes) {
  if (const Entry* regression = find(document, "regression_thresholds")) {
    for (const Entry& entry : document.entries) {
      if (&entry == regression) continue;
      mistakes.add("E-101", entry.place,
                   fmt::format("unknown key '{}' beside regression_thresholds", elided(entry.key, 60)));
    }
    return read_regression_thresholds(regression->value, mistakes);
  }
  if (const auto* queries = queries_of(document)) return name_queries(*queries);
  if (has_foreign_metric(document)) return read_criteria(document, tier, mistakes);
  return read_alert_groups(document, tier, mistakes);
}

bool is_alert_pair(const Value& document) {
  return find(document, "warning") != nullptr || find(document, "critical") != nullptr;
}

ForeignRules read_alert_pair(const Value& document, Mistakes& mistakes) {
  ForeignRules warnings, failures;
  read_mapping(document, "thresholds",
               {{"warning", [&](const Entry& e) { warnings = read_half(e.value, Tier::warn, mistakes); }},
                {"critical", [&](const Entry& e) { failures = read_half(e.value, Tier::fail, mistakes); }}},
               mistakes);
  return merged(std::move(warnings), failures);
}

}  // namespace burstgate::config
