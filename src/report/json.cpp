// The result JSON with the verdict inside.
//
// "verdict" is absent when nothing was judged. Its shape, keys always present, null where there is no value:
//
//   outcome          "pass", "warn", "fail" or "inconclusive"
//   exit_code        of the process, as the command decided it
//   target_failed, interrupted
//   comparison       "none", "stored" or "point"; baseline_runs; baseline_file and thresholds are file names
//   checks[]         in the order of judgement: the whole run first ("endpoint": ""), then the endpoints
//     kind           "regression" (against the baseline) or "limit" (absolute)
//     metric, endpoint, outcome, cause, figure, samples, improved, already_broken
//     baseline_X, candidate_X, floor_Y
//                    X is the metric's unit: ms for latency, rps for throughput, ratio for error_rate; Y the same, but
//                    a number of errors for error_rate (floor_errors)
//     worse_by       of a regression, null of a limit: {change, low, high, tolerance, warn, fail, smallest_visible},
//                    ratios for latency and throughput (0.2 = 20 % worse), a difference of shares for error_rate
//     limit_X        of a limit, null of a regression: {warn, fail} in the unit X
//     place          where the limit is written: {file, line, column}; null for a built-in default
//   reasons[]        {cause, figure}, most important first
//   notes[]          one line each
//   reproduce, accept  command lines, "" when there is none
#include <cmath>

#include "base/json_text.hpp"
#include "measure/result_json.hpp"
#include "report/report.hpp"

namespace burstgate::report {

using measure::Json;
using verdict::Check;
using verdict::CheckKind;

namespace {

struct Unit {
  const char* suffix;
  double per_base;  // multiplies the metric's base unit
};

Unit unit_of(Metric metric) {
  switch (kind(metric)) {
    case MetricKind::latency:
      return {"_ms", 1e-3};
    case MetricKind::rate:
      return {"_rps", 1};
    case MetricKind::share:
      return {"_ratio", 1};
  }
  return {"", 1};
}

// JSON has no NaN and no infinity: what is not a finite number is null.
Json number(std::optional<double> value, double factor = 1) {
  return value && std::isfinite(*value * factor) ? Json(*value * factor) : Json(nullptr);
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

Json limit(const Check& check, const Unit& unit) {
  if (check.kind != CheckKind::limit) return nullptr;
  Json json;
  json["warn"] = number(check.limit_warn, unit.per_base);
  json["fail"] = number(check.limit_fail, unit.per_base);
  return json;
}

Json place(const Place& where) {
  if (where.file.empty()) return nullptr;
  return Json{{"file", where.file}, {"line", where.line}, {"column", where.column}};
}

Json to_json(const Check& check) {
  const Unit unit = unit_of(check.metric);
  const std::string suffix = unit.suffix;
  const bool counts_errors = kind(check.metric) == MetricKind::share;
  Json json;
  json["kind"] = check.kind == CheckKind::regression ? "regression" : "limit";
  json["metric"] = name(check.metric);
  json["endpoint"] = check.endpoint;
  json["outcome"] = name(check.outcome);
  json["cause"] = name(check.cause);
  json["figure"] = check.figure;
  json["baseline" + suffix] = number(check.baseline, unit.per_base);
  json["candidate" + suffix] = number(check.candidate, unit.per_base);
  json["worse_by"] = worse_by(check);
  json["limit" + suffix] = limit(check, unit);
  json[counts_errors ? "floor_errors" : "floor" + suffix] = number(check.floor, unit.per_base);
  json["samples"] = check.samples;
  json["improved"] = check.improved;
  json["already_broken"] = check.already_broken;
  json["place"] = place(check.place);
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
  json["reproduce"] = report.reproduce;
  json["accept"] = report.accept;
  return json;
}

}  // namespace

std::string render_json(const Report& report) {
  Json json = measure::to_json(report.candidate);
  if (report.verdict) json["verdict"] = verdict_json(report);
  return dump_json(json, 2) + "\n";
}

}  // namespace burstgate::report
