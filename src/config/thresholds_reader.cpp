// Percentages are "worse by": +20 % of latency is slower, -15 % of throughput is less. A sign that points to "better"
// is refused rather than read as its opposite.
#include "config/thresholds_reader.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>

#include "base/text.hpp"
#include "config/units.hpp"

namespace burstgate::config {

namespace {

constexpr double max_relative_change = 10;  // +1000 %
constexpr double max_errors = 1e9;
constexpr DurationRange latencies{std::chrono::microseconds(1), std::chrono::hours(1)};
constexpr DurationRange floors{std::chrono::microseconds(0), std::chrono::hours(1)};
constexpr RateRange throughputs{0.001, 1e9};

std::string metric_text(Metric metric) {
  return std::string(name(metric));
}

void quantity_mistake(const Value& value, Metric metric, const std::string& what, const std::string& hint,
                      Mistakes& mistakes, const char* code = "E-104") {
  mistakes.add(code, value.place, fmt::format("{}: {}", name(metric), what), hint);
}

// The text of a quantity, or nothing (reported).
const std::string* quantity_text(const Value& value, Metric metric, std::string_view expected, Mistakes& mistakes) {
  if (value.kind == Value::Kind::scalar) return &value.text;
  if (value.kind != Value::Kind::refused) {
    quantity_mistake(value, metric, fmt::format("expected {}, got {}", expected, described(value)), "", mistakes,
                     "E-102");
  }
  return nullptr;
}

template <typename T>
std::optional<T> parsed_or_reported(const Parsed<T>& parsed, const Value& value, Metric metric, Mistakes& mistakes) {
  if (const auto* good = std::get_if<T>(&parsed)) return *good;
  const UnitError& error = std::get<UnitError>(parsed);
  quantity_mistake(value, metric, error.what, error.expected, mistakes);
  return std::nullopt;
}

std::string without_sign(const std::string& text) {
  return text.starts_with('+') || text.starts_with('-') ? text.substr(1) : text;
}

// Latency: "+20%" or "20%" -> 0.20. Throughput: "-15%" or "15%" -> 0.15.
std::optional<double> read_relative(const Value& value, Metric metric, Mistakes& mistakes) {
  const bool throughput = kind(metric) == MetricKind::rate;
  const std::string* text =
      quantity_text(value, metric, throughput ? "a percentage such as -15%" : "a percentage such as +20%", mistakes);
  if (!text) return std::nullopt;
  const auto change = parsed_or_reported(parse_percent(*text), value, metric, mistakes);
  if (!change) return std::nullopt;
  const bool wrong_sign = throughput ? text->starts_with('+') : text->starts_with('-');
  const std::string magnitude = without_sign(*text);
  if (wrong_sign) {
    const auto what = throughput ? fmt::format("'{}' would be more throughput, which is better", *text)
                                 : fmt::format("'{}' would be less {}, which is better", *text,
                                               metric == Metric::cpu_per_request ? "CPU time" : "latency");
    quantity_mistake(value, metric, what, fmt::format("write {}{}", throughput ? "-" : "+", magnitude), mistakes,
                     "E-124");
    return std::nullopt;
  }
  const double worse_by = throughput && *change < 0 ? -*change : *change;
  if (throughput ? worse_by <= 0 || worse_by >= 1 : worse_by <= 0 || worse_by > max_relative_change) {
    quantity_mistake(value, metric, fmt::format("{} is out of range", *text),
                     throughput ? "allowed is above 0%, below 100%" : "allowed is above 0%, at most +1000%", mistakes,
                     "E-105");
    return std::nullopt;
  }
  if (!throughput && worse_by >= 1 && !text->starts_with('+')) {
    std::string hint = fmt::format("percentages say how much worse: write +{}", magnitude);
    if (worse_by > 1)
      hint += fmt::format(", or +{:.6g}% for {:.6g} times the baseline", 100 * (worse_by - 1), worse_by);
    quantity_mistake(value, metric, fmt::format("'{}' can be read in two ways", *text), hint, mistakes, "E-124");
    return std::nullopt;
  }
  return worse_by;
}

// "0.5pp" -> 0.005.
std::optional<double> read_points(const Value& value, Metric metric, Mistakes& mistakes) {
  const std::string* text = quantity_text(value, metric, "percentage points such as 0.5pp", mistakes);
  if (!text) return std::nullopt;
  if (std::holds_alternative<double>(parse_percent(*text))) {
    const std::string number = without_sign(text->substr(0, text->size() - 1));
    const auto what = fmt::format("'{}' could mean percent of the baseline's {}", *text,
                                  metric == Metric::error_rate ? "error rate" : name(metric));
    quantity_mistake(value, metric, what, fmt::format("its change is written in percentage points: {}pp", number),
                     mistakes, "E-124");
    return std::nullopt;
  }
  const auto points = parsed_or_reported(parse_percentage_points(*text), value, metric, mistakes);
  if (!points) return std::nullopt;
  if (*points > 0 && *points <= 1) return points;
  quantity_mistake(value, metric, fmt::format("{} is out of range", *text), "allowed is above 0pp, at most 100pp",
                   mistakes, "E-105");
  return std::nullopt;
}

std::optional<double> read_change(const Value& value, Metric metric, Mistakes& mistakes) {
  return kind(metric) == MetricKind::share ? read_points(value, metric, mistakes)
                                           : read_relative(value, metric, mistakes);
}

std::optional<double> read_latency(const Value& value, Metric metric, DurationRange range, Mistakes& mistakes) {
  const auto duration = read_duration(value, name(metric), range, mistakes);
  return duration ? std::optional(static_cast<double>(duration->count())) : std::nullopt;
}

std::optional<double> read_floor(const Value& value, Metric metric, Mistakes& mistakes) {
  const std::string what = metric_text(metric) + ".floor";
  switch (kind(metric)) {
    case MetricKind::latency:
      return read_latency(value, metric, floors, mistakes);
    case MetricKind::rate:
      return read_rate(value, what, throughputs, mistakes);
    case MetricKind::share:
      break;
  }
  const auto errors = read_integer(value, what, {0, static_cast<std::int64_t>(max_errors)}, mistakes);
  return errors ? std::optional(static_cast<double>(*errors)) : std::nullopt;
}

// "1%" -> 0.01.
std::optional<double> read_share(const Value& value, Metric metric, Mistakes& mistakes) {
  const std::string* text = quantity_text(value, metric, "a percentage such as 1%", mistakes);
  if (!text) return std::nullopt;
  if (std::holds_alternative<double>(parse_percentage_points(*text))) {
    quantity_mistake(value, metric, fmt::format("'{}' is a change, and this is a limit", *text),
                     fmt::format("write {}%", without_sign(text->substr(0, text->size() - 2))), mistakes, "E-124");
    return std::nullopt;
  }
  const auto share = parsed_or_reported(parse_percent(*text), value, metric, mistakes);
  if (!share) return std::nullopt;
  const bool has_sign = text->starts_with('+') || text->starts_with('-');
  if (!has_sign && *share <= 1) return share;
  quantity_mistake(value, metric, fmt::format("{} is out of range", *text), "allowed is 0% to 100%, without a sign",
                   mistakes, "E-105");
  return std::nullopt;
}

std::optional<double> read_limit(const Value& value, Metric metric, Mistakes& mistakes) {
  switch (kind(metric)) {
    case MetricKind::latency:
      return read_latency(value, metric, latencies, mistakes);
    case MetricKind::rate:
      return read_rate(value, name(metric), throughputs, mistakes);
    case MetricKind::share:
      break;
  }
  return read_share(value, metric, mistakes);
}

// warn must come before fail: below it, or above it where less is worse.
void check_tiers(const Value& value, Metric metric, std::optional<double> warn, std::optional<double> fail,
                 bool less_is_worse, Mistakes& mistakes) {
  if (value.kind == Value::Kind::mapping && !warn && !fail) {
    bool written = false;
    for (const Entry& entry : value.entries) written = written || entry.key == "warn" || entry.key == "fail";
    if (!written) mistakes.add("E-107", value.place, fmt::format("{}: neither warn nor fail", name(metric)));
  }
  if (!warn || !fail) return;
  if (less_is_worse ? *warn > *fail : *warn < *fail) return;
  Place place = value.place;
  for (const Entry& entry : value.entries) {
    if (entry.key == "warn") place = entry.value.place;
  }
  mistakes.add("E-106", place, fmt::format("{}: warn does not come before fail", name(metric)),
               less_is_worse ? "warn must be above fail" : "warn must be below fail");
}

RegressionRule read_regression(Metric metric, const Entry& entry, Mistakes& mistakes) {
  RegressionRule rule;
  rule.metric = metric;
  rule.place = entry.place;
  if (entry.value.kind == Value::Kind::scalar) {
    rule.fail = read_change(entry.value, metric, mistakes);
    return rule;
  }
  std::vector<Field> fields = {
      {"warn", [&](const Entry& e) { rule.warn = read_change(e.value, metric, mistakes); }},
      {"fail", [&](const Entry& e) { rule.fail = read_change(e.value, metric, mistakes); }},
  };
  if (metric != Metric::stalls) {  // nothing is counted there that could be too little
    fields.push_back({"floor", [&](const Entry& e) { rule.floor = read_floor(e.value, metric, mistakes); }});
  }
  read_mapping(entry.value, metric_text(metric), fields, mistakes);
  check_tiers(entry.value, metric, rule.warn, rule.fail, false, mistakes);
  return rule;
}

AbsoluteRule read_absolute(Metric metric, const Entry& entry, Mistakes& mistakes) {
  AbsoluteRule rule;
  rule.metric = metric;
  rule.place = entry.place;
  if (entry.value.kind == Value::Kind::scalar) {
    rule.fail = read_limit(entry.value, metric, mistakes);
    return rule;
  }
  read_mapping(entry.value, metric_text(metric) + " (a limit)",
               {{"warn", [&](const Entry& e) { rule.warn = read_limit(e.value, metric, mistakes); }},
                {"fail", [&](const Entry& e) { rule.fail = read_limit(e.value, metric, mistakes); }}},
               mistakes);
  check_tiers(entry.value, metric, rule.warn, rule.fail, kind(metric) == MetricKind::rate, mistakes);
  return rule;
}

// Where rules stand, which decides what they may be about.
struct Section {
  std::string_view name;  // "regression"
  bool absolute;
  bool of_endpoint;
};

bool may_hold(const Section& section, Metric metric) {
  return !paired_only(metric) || (!section.absolute && !section.of_endpoint);
}

void unknown_metric(const Entry& entry, const Section& section, Mistakes& mistakes) {
  std::vector<std::string> known;
  for (const Metric metric : all_metrics) {
    if (may_hold(section, metric)) known.push_back(metric_text(metric));
  }
  std::string hint = did_you_mean(entry.key, known);
  if (hint.empty()) hint = "known are " + join(known, ", ");
  mistakes.add("E-117", entry.place, fmt::format("unknown metric '{}'", elided(entry.key, 60)), hint);
}

// A metric that only a paired comparison has, where there is none of it.
void misplaced_metric(const Entry& entry, Metric metric, const Section& section, Mistakes& mistakes) {
  const std::string_view reason = !section.of_endpoint                ? "it is measured as a change only"
                                  : metric == Metric::cpu_per_request ? "CPU time is known of the whole service only"
                                                                      : "the service stands still as a whole";
  const auto what = section.of_endpoint ? fmt::format("no endpoint has {}: {}", name(metric), reason)
                                        : fmt::format("{} has no absolute limit: {}", name(metric), reason);
  mistakes.add("E-117", entry.place, what, "write it under the whole run's regression, for a paired comparison");
}

// One rule per metric; names and aliases are the same metric.
template <typename Rule>
std::vector<Rule> read_rules(const Value& value, const Section& section, Rule (*read)(Metric, const Entry&, Mistakes&),
                             Mistakes& mistakes) {
  std::vector<Rule> rules;
  std::map<Metric, Place> seen;
  const auto read_rule = [&](const Entry& entry) {
    const auto metric = metric_named(entry.key);
    if (!metric) return unknown_metric(entry, section, mistakes);
    if (!may_hold(section, *metric)) return misplaced_metric(entry, *metric, section, mistakes);
    const auto [first, fresh] = seen.emplace(*metric, entry.place);
    if (!fresh) {
      mistakes.add("E-103", entry.place, fmt::format("a second rule for {}", name(*metric)),
                   "it stands at " + first->second.text() + " already");
      return;
    }
    rules.push_back(read(*metric, entry, mistakes));
  };
  read_entries(value, section.name, read_rule, mistakes);
  return rules;
}

// A higher quantile is never below a lower one, so a limit on it that is can only be a mistake.
void check_quantile_order(const std::vector<AbsoluteRule>& limits, Mistakes& mistakes) {
  for (const AbsoluteRule& high : limits) {
    const AbsoluteRule* above = nullptr;  // the highest limit of a lower quantile, where it is above this one
    for (const AbsoluteRule& low : limits) {
      const auto high_rank = quantile(high.metric), low_rank = quantile(low.metric);
      if (!high_rank || !low_rank || *low_rank >= *high_rank) continue;
      if (!high.fail || !low.fail || *high.fail >= *low.fail) continue;
      if (!above || *low.fail > *above->fail) above = &low;
    }
    if (!above) continue;
    mistakes.add("E-106", high.place,
                 fmt::format("the limit of {} ({}) is below that of {} ({}, {})", name(high.metric),
                             to_text(high.metric, *high.fail), name(above->metric),
                             to_text(above->metric, *above->fail), above->place.text()),
                 "a higher quantile is never the smaller one");
  }
}

void read_rule_set(const Value& value, std::string_view what, RuleSet& rules, std::vector<Field> more, bool of_endpoint,
                   Mistakes& mistakes) {
  more.push_back({"regression", [&](const Entry& e) {
                    const Section section{"regression", false, of_endpoint};
                    rules.regression = read_rules<RegressionRule>(e.value, section, read_regression, mistakes);
                  }});
  more.push_back({"limits", [&](const Entry& e) {
                    const Section section{"limits", true, of_endpoint};
                    rules.limits = read_rules<AbsoluteRule>(e.value, section, read_absolute, mistakes);
                  }});
  read_mapping(value, what, more, mistakes);
  check_quantile_order(rules.limits, mistakes);
}

bool names_any_rule(const Value& document) {
  for (const Entry& entry : document.entries) {
    if (entry.key == "endpoints") {
      for (const Entry& endpoint : entry.value.entries) {
        if (names_any_rule(endpoint.value)) return true;
      }
    } else if (!entry.value.entries.empty()) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<double> read_regression_limit(const Value& value, Metric metric, Mistakes& mistakes) {
  return read_change(value, metric, mistakes);
}

std::optional<double> read_absolute_limit(const Value& value, Metric metric, Mistakes& mistakes) {
  return read_limit(value, metric, mistakes);
}

Thresholds read_thresholds_document(const Value& document, const std::string& source, Mistakes& mistakes) {
  Thresholds thresholds;
  thresholds.source = source;
  const auto read_endpoint = [&](const Entry& entry) {
    thresholds.endpoint_places[entry.key] = entry.place;
    read_rule_set(entry.value, fmt::format("endpoint '{}'", elided(entry.key, 60)), thresholds.endpoints[entry.key], {},
                  true, mistakes);
    if (entry.value.kind == Value::Kind::mapping && !names_any_rule(entry.value)) {
      mistakes.add("E-121", entry.place, fmt::format("endpoint '{}' has no rule", elided(entry.key, 60)));
    }
  };
  read_rule_set(document, "thresholds", thresholds.total,
                {{"endpoints", [&](const Entry& e) { read_entries(e.value, "endpoints", read_endpoint, mistakes); }}},
                false, mistakes);
  if (document.kind == Value::Kind::mapping && !names_any_rule(document) && thresholds.endpoints.empty()) {
    mistakes.add("E-121", document.place, "thresholds without a single rule", "a gate without limits always passes");
  }
  return thresholds;
}

}  // namespace burstgate::config
