#include "report/json_read.hpp"

#include <fmt/format.h>

#include <limits>

#include "base/json_node.hpp"
#include "measure/latency_summary.hpp"
#include "measure/paired_json.hpp"
#include "report/json_keys.hpp"

namespace burstgate::report {

using verdict::Cause;
using verdict::Check;
using verdict::CheckKind;

namespace {

constexpr std::uint64_t most_lines = std::numeric_limits<int>::max();

// One of `values` by its name.
template <typename Value>
Value read_named(const JsonNode& node, std::initializer_list<Value> values) {
  const std::string text = node.text();
  for (const Value value : values) {
    if (text == name(value)) return value;
  }
  node.fail("unknown word");
}

verdict::Outcome read_outcome(const JsonNode& node) {
  using enum verdict::Outcome;
  return read_named(node, {pass, warn, fail, inconclusive});
}

Cause read_cause(const JsonNode& node) {
  const std::string text = node.text();
  for (int i = 0; i <= static_cast<int>(Cause::interrupted); ++i) {
    if (text == name(static_cast<Cause>(i))) return static_cast<Cause>(i);
  }
  node.fail("unknown cause");
}

int read_int(const JsonNode& parent, std::string_view key) {
  const JsonNode node = parent.at(key);
  return static_cast<int>(node.count(most_lines));
}
bool read_bool(const JsonNode& parent, std::string_view key) {
  const JsonNode node = parent.at(key);
  return node.boolean();
}
std::string read_text(const JsonNode& parent, std::string_view key) {
  const JsonNode node = parent.at(key);
  return node.text();
}

constexpr double largest = 1e290;  // its nanoseconds are still a number

// A number or null, in the file's unit; ours is the metric's base unit.
std::optional<double> read_number(const JsonNode& parent, std::string_view key, const JsonUnit& unit = {}) {
  const JsonNode node = parent.at(key);
  if (node.is_null()) return std::nullopt;
  if (node.json() == 0) return 0;  // -0 as well: a change may be one
  const double value = node.number(-largest, largest);
  return unit.is_time ? measure::us_from_ms(value) : value;
}

// A limit against the baseline, as the readers of thresholds let it through.
std::optional<double> read_relative_limit(const JsonNode& parent, std::string_view key, Metric metric) {
  const JsonNode node = parent.at(key);
  const auto limit = read_number(parent, key);
  const bool is_loss = kind(metric) == MetricKind::rate;
  if (limit && (*limit <= 0 || (is_loss && *limit >= 1))) node.fail_expecting(is_loss ? "a share" : "more than 0");
  return limit;
}

Place read_place(const JsonNode& node) {
  if (node.is_null()) return {};
  return {read_text(node, "file"), read_int(node, "line"), read_int(node, "column")};
}

void read_worse_by(const JsonNode& node, Check& check) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  check.change = read_number(node, "change");
  const auto low = read_number(node, "low"), high = read_number(node, "high");
  if (low || high) check.interval = verdict::Interval{low.value_or(-infinity), high.value_or(infinity)};
  check.tolerance = read_number(node, "tolerance").value_or(0);
  check.limit_warn = read_relative_limit(node, "warn", check.metric);
  check.limit_fail = read_relative_limit(node, "fail", check.metric);
  check.smallest_visible_change = read_number(node, "smallest_visible");
}

CheckKind read_kind(const JsonNode& node) {
  if (node.text() == "regression") return CheckKind::regression;
  if (node.text() == "limit") return CheckKind::limit;
  node.fail_expecting("\"regression\" or \"limit\"");
}

Metric read_metric(const JsonNode& node) {
  const auto metric = metric_named(node.text());
  if (!metric) node.fail("unknown metric");
  return *metric;
}

Check read_check(const JsonNode& node) {
  const JsonNode kind = node.at("kind"), metric = node.at("metric"), outcome = node.at("outcome");
  const JsonNode cause = node.at("cause"), worse_by = node.at("worse_by"), samples = node.at("samples");
  const JsonNode place = node.at("place");
  Check check;
  check.kind = read_kind(kind);
  check.metric = read_metric(metric);
  const JsonUnit unit = json_unit(check.metric);
  const std::string suffix = unit.suffix;
  check.endpoint = read_text(node, "endpoint");
  if (const auto against = node.find("against")) {
    if (against->text() != "anchor") against->fail_expecting("\"anchor\"");
    check.against_anchor = true;
  }
  check.outcome = read_outcome(outcome);
  check.cause = read_cause(cause);
  check.figure = read_text(node, "figure");
  check.baseline = read_number(node, "baseline" + suffix, unit);
  check.candidate = read_number(node, "candidate" + suffix, unit);
  const JsonNode limit = node.at("limit" + suffix);
  if (check.kind == CheckKind::regression) {
    read_worse_by(worse_by, check);
  } else {
    check.limit_warn = read_number(limit, "warn", unit);
    check.limit_fail = read_number(limit, "fail", unit);
  }
  if (!check.limit_warn && !check.limit_fail) node.fail("a check without a limit");
  check.floor = read_number(node, floor_key(check.metric), unit).value_or(0);
  check.samples = samples.count();
  check.improved = read_bool(node, "improved");
  check.already_broken = read_bool(node, "already_broken");
  check.place = read_place(place);
  return check;
}

std::optional<verdict::Sequence> read_sequence(const JsonNode& node) {
  if (node.is_null()) return std::nullopt;
  const JsonNode budget = node.at("budget_s"), paired = node.at("paired_s"), wall = node.at("wall_s");
  const JsonNode looks = node.at("looks_s");
  verdict::Sequence sequence;
  sequence.budget_s = budget.number();
  sequence.paired_s = paired.number();
  sequence.wall_s = wall.number();
  for (const JsonNode& look : looks.elements()) sequence.looks_s.push_back(look.number());
  sequence.looks_taken = read_int(node, "looks_taken");
  sequence.decided = read_bool(node, "decided");
  sequence.why_stopped = read_text(node, "why_stopped");
  sequence.rounds = read_int(node, "rounds");
  sequence.rounds_set_aside = read_int(node, "rounds_set_aside");
  sequence.launches = read_int(node, "launches");
  return sequence;
}

verdict::Comparison read_comparison(const JsonNode& node) {
  using enum verdict::Comparison;
  return read_named(node, {none, stored, point, paired});
}

verdict::Verdict read_verdict(const JsonNode& node) {
  const JsonNode outcome = node.at("outcome"), comparison = node.at("comparison"), checks = node.at("checks");
  const JsonNode reasons = node.at("reasons"), notes = node.at("notes");
  verdict::Verdict verdict;
  verdict.outcome = read_outcome(outcome);
  verdict.target_failed = read_bool(node, "target_failed");
  verdict.interrupted = read_bool(node, "interrupted");
  verdict.comparison = read_comparison(comparison);
  verdict.baseline_runs = read_int(node, "baseline_runs");
  for (const JsonNode& check : checks.elements()) verdict.checks.push_back(read_check(check));
  for (const JsonNode& reason : reasons.elements()) {
    const JsonNode cause = reason.at("cause");
    verdict.reasons.push_back({read_cause(cause), read_text(reason, "figure")});
  }
  for (const JsonNode& note : notes.elements()) verdict.notes.push_back(note.text());
  // Results of before there were paired comparisons do not have it.
  if (const auto sequence = node.find("sequence")) verdict.sequence = read_sequence(*sequence);
  if (verdict.comparison == verdict::Comparison::paired && !verdict.sequence) {
    node.fail("a paired comparison without its sequence");
  }
  return verdict;
}

}  // namespace

Report report_from_json(const measure::Json& json, const std::string& source) {
  Report report;
  report.candidate = measure::from_json(json, source);
  if (auto saved = measure::paired_from_json(json, source)) {
    report.paired = std::move(saved->run);
    report.baseline = {std::move(saved->baseline)};
  }
  const JsonNode root(json, source, "$");
  const auto node = root.find("verdict");
  if (!node) return report;
  report.verdict = read_verdict(*node);
  report.exit_code = read_int(*node, "exit_code");
  report.baseline_file = read_text(*node, "baseline_file");
  report.thresholds_source = read_text(*node, "thresholds");
  report.reproduce = read_text(*node, "reproduce");
  report.accept = read_text(*node, "accept");
  return report;
}

}  // namespace burstgate::report
