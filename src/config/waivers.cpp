// A waived rule keeps its own limit as the one that warns, so that nobody gets used to green: what breaks it is seen in
// every report, and what breaks the waiver's fails.
#include "config/waivers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.hpp"
#include "base/text.hpp"
#include "base/utc_time.hpp"
#include "config/fields.hpp"
#include "config/named_file.hpp"
#include "config/read.hpp"
#include "config/template_text.hpp"
#include "config/thresholds_reader.hpp"
#include "config/yaml_document.hpp"

namespace burstgate::config {

namespace {

constexpr std::size_t longest_reason = 500;

std::optional<Metric> read_metric(const Value& value, Mistakes& mistakes) {
  const auto text = read_line(value, "metric", mistakes);
  if (!text) return std::nullopt;
  const auto metric = metric_named(*text);
  if (metric) return metric;
  const std::string hint = did_you_mean(*text, metric_names());
  mistakes.add("E-117", value.place, fmt::format("unknown metric '{}'", elided(*text, 60)),
               hint.empty() ? "known are " + join(metric_names(), ", ") : hint);
  return std::nullopt;
}

void read_reason(const Value& value, Waiver& waiver, Mistakes& mistakes) {
  const auto text = read_line(value, "reason", mistakes);
  if (!text) return;
  if (text->size() > longest_reason) {
    mistakes.add("E-105", value.place, fmt::format("reason: {} bytes long", text->size()),
                 fmt::format("at most {}", longest_reason));
  }
  waiver.reason = visible(*text);
}

void read_until(const Value& value, Waiver& waiver, Mistakes& mistakes) {
  if (value.kind == Value::Kind::scalar && from_iso8601(value.text + "T00:00:00Z")) {
    waiver.until = value.text;
  } else if (value.kind != Value::Kind::refused) {
    mistakes.add("E-104", value.place,
                 fmt::format("until: expected a day such as 2026-12-31, got {}", described(value)));
  }
}

// What must be there. `written`: keys of the mapping.
void check_complete(const Value& item, Mistakes& mistakes) {
  const auto has = [&](std::string_view key) {
    for (const Entry& entry : item.entries) {
      if (entry.key == key) return true;
    }
    return false;
  };
  for (const std::string_view key : {"metric", "reason", "until"}) {
    if (!has(key)) mistakes.add("E-107", item.place, fmt::format("a waiver without {}", key));
  }
  if (!has("regression") && !has("limit")) {
    mistakes.add("E-107", item.place, "a waiver without a limit", "write regression: +40%, or limit: 700ms");
  }
}

Waiver read_waiver(const Value& item, Mistakes& mistakes) {
  Waiver waiver;
  waiver.place = item.place;
  std::optional<Metric> metric;
  const Value* regression = nullptr;
  const Value* limit = nullptr;
  const bool is_mapping = read_mapping(
      item, "a waiver",
      {{"metric", [&](const Entry& e) { metric = read_metric(e.value, mistakes); }},
       {"endpoint", [&](const Entry& e) { waiver.endpoint = read_line(e.value, "endpoint", mistakes).value_or(""); }},
       {"regression", [&](const Entry& e) { regression = &e.value; }},
       {"limit", [&](const Entry& e) { limit = &e.value; }},
       {"reason", [&](const Entry& e) { read_reason(e.value, waiver, mistakes); }},
       {"until", [&](const Entry& e) { read_until(e.value, waiver, mistakes); }}},
      mistakes);
  if (is_mapping) check_complete(item, mistakes);
  if (!metric) return waiver;
  waiver.metric = *metric;
  if (regression != nullptr) waiver.regression = read_regression_limit(*regression, *metric, mistakes);
  if (limit != nullptr) waiver.limit = read_limit(*limit, *metric, mistakes);
  return waiver;
}

// Whether there is more than blanks and comments.
bool says_anything(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first != line.npos && line[first] != '#') return true;
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return false;
}

std::string subject_of(const Waiver& waiver) {
  return (waiver.endpoint.empty() ? "" : visible(waiver.endpoint) + " ") + std::string(name(waiver.metric));
}

std::string relative_text(Metric metric, double worse_by) {
  if (kind(metric) == MetricKind::share) return fmt::format("+{:.6g} pp", worse_by * 100);
  return fmt::format("{}{:.6g} %", kind(metric) == MetricKind::rate ? "-" : "+", worse_by * 100);
}

// Widens the rule, or says why there is nothing to widen.
template <typename Rule>
bool widen(std::vector<Rule>& rules, const Waiver& waiver, double limit, bool is_wider_below,
           std::vector<std::string>& warnings) {
  for (Rule& rule : rules) {
    if (rule.metric != waiver.metric || !rule.fail) continue;
    if (is_wider_below ? limit >= *rule.fail : limit <= *rule.fail) {
      warnings.push_back(fmt::format("the waiver of {} ({}) is not used: its limit is no wider than the rule's ({})",
                                     subject_of(waiver), waiver.place.text(), rule.place.text()));
      return false;
    }
    rule.warn = rule.fail;
    rule.fail = limit;
    rule.place = waiver.place;
    return true;
  }
  warnings.push_back(fmt::format("the waiver of {} ({}) is not used: there is no such limit", subject_of(waiver),
                                 waiver.place.text()));
  return false;
}

std::vector<Waiver> waivers_in(const Value& list, Mistakes& mistakes) {
  std::vector<Waiver> waivers;
  if (list.kind == Value::Kind::sequence && list.items.empty()) return waivers;
  read_items(
      list, "the waivers", [&](const Value& item) { waivers.push_back(read_waiver(item, mistakes)); }, mistakes);
  return waivers;
}

std::vector<Waiver> waivers_in_text(const std::string& text, const std::string& file, Mistakes& mistakes) {
  if (!says_anything(text)) return {};
  const auto document = parse_yaml(text, file, mistakes);
  return document ? waivers_in(*document, mistakes) : std::vector<Waiver>{};
}

}  // namespace

std::vector<Waiver> read_waivers(const std::string& file) {
  Mistakes mistakes;
  std::vector<Waiver> waivers = waivers_in_text(read_file(file, max_yaml_bytes), file, mistakes);
  mistakes.throw_if_any();
  return waivers;
}

std::vector<Waiver> read_waivers(const Value& value, const Reading& reading) {
  if (value.kind != Value::Kind::scalar) return waivers_in(value, reading.mistakes);
  const auto file = read_named_file(value, "waivers", max_yaml_bytes, reading);
  if (!file) return {};
  return waivers_in_text(file->content, beside(value.place.file, file->path), reading.mistakes);
}

Waived with_waivers(Thresholds thresholds, const std::vector<Waiver>& waivers, std::string_view today) {
  Waived waived;
  for (const Waiver& waiver : waivers) {
    if (waiver.until < today) {
      waived.warnings.push_back(fmt::format("the waiver of {} ({}) expired on {}: its limit holds again",
                                            subject_of(waiver), waiver.place.text(), waiver.until));
      continue;
    }
    const auto endpoint = thresholds.endpoints.find(waiver.endpoint);
    RuleSet nothing;
    RuleSet& rules = waiver.endpoint.empty()                  ? thresholds.total
                     : endpoint == thresholds.endpoints.end() ? nothing
                                                              : endpoint->second;
    bool used = false;
    if (waiver.regression) used = widen(rules.regression, waiver, *waiver.regression, false, waived.warnings);
    if (waiver.limit) {
      const bool at_least = kind(waiver.metric) == MetricKind::rate;
      used = widen(rules.limits, waiver, *waiver.limit, at_least, waived.warnings) || used;
    }
    if (used) waived.in_force.push_back(waiver);
  }
  waived.thresholds = std::move(thresholds);
  return waived;
}

std::string text_of(const Waiver& waiver) {
  std::vector<std::string> limits;
  if (waiver.regression) limits.push_back(relative_text(waiver.metric, *waiver.regression) + " against the baseline");
  if (waiver.limit) limits.push_back(to_text(waiver.metric, *waiver.limit));
  return fmt::format("WAIVED until {}: {} fails only at {}: {} ({})", waiver.until, subject_of(waiver),
                     join(limits, " and "), waiver.reason, waiver.place.text());
}

}  // namespace burstgate::config
