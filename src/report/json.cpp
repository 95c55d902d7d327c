// The result JSON with the verdict inside.
//
// "verdict" is absent when nothing was judged. Its shape, keys always present, null where there is no value:
//
//   outcome          "pass", "warn", "fail" or "inconclusive"
//   exit_code        of the process, as the command decided it
//   target_failed, interrupted
//   comparison       "none", "stored", "point" or "paired"; baseline_runs; baseline_file and thresholds are file names
//   checks[]         in the order of judgement: the whole run first ("endpoint": ""), then the endpoints
//     kind           "regression" (against the baseline) or "limit" (absolute)
//     metric, endpoint, outcome, cause, figure, samples, improved, already_broken
//     baseline_X, candidate_X, floor_Y
//                    X is the metric's unit: ms for latency, rps for throughput, ratio for shares; Y the same, but a
//                    number of errors for error_rate (floor_errors) and of slices for stalls (floor_slices)
//     against        "anchor", where the pinned runs were compared with; absent otherwise
//     worse_by       of a regression, null of a limit: {change, low, high, tolerance, warn, fail, smallest_visible},
//                    ratios for latency and throughput (0.2 = 20 % worse), a difference of shares for error_rate
//     limit_X        of a limit, null of a regression: {warn, fail} in the unit X
//     place          where the limit is written: {file, line, column}; null for a built-in default
//   reasons[]        {cause, figure}, most important first
//   notes[]          one line each
//   sequence         of a paired comparison, null of others: {budget_s, paired_s, wall_s, looks_s[], looks_taken,
//                    decided, why_stopped, rounds, rounds_set_aside, launches}
//   reproduce, accept  command lines, "" when there is none
//
// "paired" is there when the rounds of a paired comparison are (measure/paired_json.hpp). json_read.cpp reads it all.
#include <cmath>

#include "base/json_text.hpp"
#include "measure/latency_summary.hpp"
#include "measure/paired_json.hpp"
#include "report/escape.hpp"
#include "report/json_keys.hpp"
#include "report/report.hpp"

namespace burstgate::report {

using measure::Json;
using verdict::Check;
using verdict::CheckKind;

namespace {

// JSON has no NaN and no infinity: what is not a finite number is null. Times are whole nanoseconds, as everywhere.
Json number(std::optional<double> value, const JsonUnit& unit = {}) {
  if (!value) return nullptr;
  const double converted = unit.is_time ? measure::ms_from_us(*value) : *value;
  return std::isfinite(converted) ? Json(converted) : Json(nullptr);
}

Json worse_by(const Check& check) {
  if (check.kind != CheckKind::regression) return nullptr;
  Json json;
  json["change"] = number(check.change);
  json["low"] = number(check.interval ? std::optional<double>(check.interval->low) : std::nullopt);
  json["high"] = number(check.interval ? std::optional<double>(check.interval->high) : std::nullopt);
  json["tolerance"] = number(check.tolerance);
  json["warn"] = number(check.limit_warn);
  json["fail"] = number(check.limit_fail);
  json["smallest_visible"] = number(check.smallest_visible_change);
  return json;
}

Json limit(const Check& check, const JsonUnit& unit) {
  if (check.kind != CheckKind::limit) return nullptr;
  Json json;
  json["warn"] = number(check.limit_warn, unit);
  json["fail"] = number(check.limit_fail, unit);
  return json;
}

Json place(const Place& where) {
  if (where.file.empty()) return nullptr;
  return Json{{"file", where.file}, {"line", where.line}, {"column", where.column}};
}

Json to_json(const Check& check) {
  const JsonUnit unit = json_unit(check.metric);
  const std::string suffix = unit.suffix;
  Json json;
  json["kind"] = check.kind == CheckKind::regression ? "regression" : "limit";
  json["metric"] = name(check.metric);
  json["endpoint"] = check.endpoint;
  if (check.against_anchor) json["against"] = "anchor";
  json["outcome"] = name(check.outcome);
  json["cause"] = name(check.cause);
  json["figure"] = check.figure;
  json["baseline" + suffix] = number(check.baseline, unit);
  json["candidate" + suffix] = number(check.candidate, unit);
  json["worse_by"] = worse_by(check);
  json["limit" + suffix] = limit(check, unit);
  json[floor_key(check.metric)] = number(check.floor, unit);
  json["samples"] = check.samples;
  json["improved"] = check.improved;
  json["already_broken"] = check.already_broken;
  json["place"] = place(check.place);
  return json;
}

Json to_json(const verdict::Sequence& sequence) {
  Json json;
  json["budget_s"] = sequence.budget_s;
  json["paired_s"] = sequence.paired_s;
  json["wall_s"] = sequence.wall_s;
  json["looks_s"] = sequence.looks_s;
  json["looks_taken"] = sequence.looks_taken;
  json["decided"] = sequence.decided;
  json["why_stopped"] = sequence.why_stopped;
  json["rounds"] = sequence.rounds;
  json["rounds_set_aside"] = sequence.rounds_set_aside;
  json["launches"] = sequence.launches;
  return json;
}

Json verdict_json(const Report& report) {
  const verdict::Verdict& verdict = *report.verdict;
  Json json;
  json["outcome"] = name(verdict.outcome);
  json["exit_code"] = report.exit_code;
  json["target_failed"] = verdict.target_failed;
  json["interrupted"] = verdict.interrupted;
  json["comparison"] = name(verdict.comparison);
  json["baseline_runs"] = verdict.baseline_runs;
  json["baseline_file"] = report.baseline_file;
  json["thresholds"] = report.thresholds_source;
  json["checks"] = Json::array();
  for (const Check& check : verdict.checks) json["checks"].push_back(to_json(check));
  json["reasons"] = Json::array();
  for (const auto& reason : verdict.reasons) {
    json["reasons"].push_back(Json{{"cause", name(reason.cause)}, {"figure", reason.figure}});
  }
  json["notes"] = verdict.notes;
  json["sequence"] = verdict.sequence ? to_json(*verdict.sequence) : Json(nullptr);
  json["reproduce"] = report.reproduce;
  json["accept"] = report.accept;
  return json;
}

// Rounds stand in a line each, so that hundreds of them can be looked through. Inside a string the quotes would be
// escaped: the empty array is found nowhere else.
std::string in_lines(std::string text, const Json& rounds) {
  constexpr std::string_view empty = "\"rounds\": []";
  const std::size_t at = text.find(empty);
  if (rounds.empty() || at == std::string::npos) return text;
  std::string lines;
  for (const Json& round : rounds) lines += (lines.empty() ? "\n      " : ",\n      ") + dump_json(round, -1);
  return text.insert(at + empty.size() - 1, lines + "\n    ");
}

}  // namespace

std::string render_json(const Report& report) {
  Json json = measure::to_json(report.candidate);
  Json rounds = Json::array();
  if (report.paired && !report.baseline.empty()) {
    Json& paired = json["paired"] = measure::to_json(*report.paired, report.baseline.front());
    std::swap(paired["rounds"], rounds);
  }
  if (report.verdict) json["verdict"] = verdict_json(report);
  return defused_json(in_lines(dump_json(json, 2), rounds)) + "\n";
}

}  // namespace burstgate::report
