#include <cmath>

#include "base/json_text.hpp"
#include "base/utc_time.hpp"
#include "measure/latency_summary.hpp"
#include "report/escape.hpp"
#include "report/json_keys.hpp"
#include "report/trend_wording.hpp"

namespace burstgate::report {

using Json = nlohmann::ordered_json;
using verdict::MetricTrend;
using verdict::SeriesTrend;

namespace {

// In the unit that the key's suffix names.
Json number(Metric metric, double value) {
  const double converted = json_unit(metric).is_time ? measure::ms_from_us(value) : value;
  return std::isfinite(converted) ? Json(converted) : Json(nullptr);
}

Json to_json(const SeriesTrend& series, const MetricTrend& metric, const verdict::Shift& shift) {
  const std::string suffix = json_unit(metric.metric).suffix;
  const auto& before = series.runs[shift.last_before];
  const auto& after = series.runs[shift.first_after];
  Json json;
  json["first_run"] = shift.first_after;
  json["started_at"] = to_iso8601(after.started_at_unix_s);
  json["commit_before"] = before.commit;
  json["commit_after"] = after.commit;
  json["file_before"] = before.file;
  json["file_after"] = after.file;
  json["before" + suffix] = number(metric.metric, shift.before);
  json["after" + suffix] = number(metric.metric, shift.after);
  json["worse_by"] = shift.worse_by;
  json["p_value"] = shift.p_value;
  json["lasting"] = shift.lasting;
  return json;
}

Json to_json(const MetricTrend& metric, const verdict::Drift& drift) {
  const std::string suffix = json_unit(metric.metric).suffix;
  Json json;
  json["anchor" + suffix] = number(metric.metric, drift.anchor);
  json["now" + suffix] = number(metric.metric, drift.now);
  json["worse_by"] = drift.worse_by;
  json["direction"] = verdict::name(drift.direction);
  return json;
}

Json to_json(const SeriesTrend& series, const MetricTrend& metric) {
  const std::string suffix = json_unit(metric.metric).suffix;
  const bool has_ends = metric.known >= 2;
  Json json;
  json["metric"] = name(metric.metric);
  json["endpoint"] = metric.endpoint;
  json["direction"] = verdict::name(metric.direction);
  json["first" + suffix] = has_ends ? number(metric.metric, metric.first) : Json(nullptr);
  json["now" + suffix] = has_ends ? number(metric.metric, metric.last) : Json(nullptr);
  json["worse_by"] = has_ends ? Json(metric.worse_by) : Json(nullptr);
  json["spread"] = has_ends ? Json(metric.spread) : Json(nullptr);
  Json& values = json["values" + suffix] = Json::array();
  for (const auto& value : metric.values) values.push_back(value ? number(metric.metric, *value) : Json(nullptr));
  Json& changes = json["change_points"] = Json::array();
  for (const verdict::Shift& shift : metric.shifts) changes.push_back(to_json(series, metric, shift));
  json["drift"] = metric.drift ? to_json(metric, *metric.drift) : Json(nullptr);
  return json;
}

Json to_json(const SeriesTrend& series) {
  Json json;
  json["operation"] = series.operation;
  json["profile"] = series.profile;
  json["machine_class"] = series.machine_class;
  json["workload"] = series.workload_digest;
  json["superseded"] = series.superseded;
  Json& runs = json["runs"] = Json::array();
  for (const auto& run : series.runs) {
    runs.push_back(Json{{"file", run.file},
                        {"started_at", to_iso8601(run.started_at_unix_s)},
                        {"commit", run.commit},
                        {"branch", run.branch},
                        {"pull_request", run.pull_request},
                        {"verdict", run.outcome}});
  }
  Json& metrics = json["metrics"] = Json::array();
  for (const MetricTrend& metric : series.metrics) metrics.push_back(to_json(series, metric));
  json["notes"] = series.notes;
  return json;
}

}  // namespace

std::string render_trend_json(const TrendReport& report) {
  Json json;
  json["schema"] = "burstgate-trend/1";
  json["folder"] = report.folder;
  json["filters"] = report.filters;
  json["runs"] = report.trend.runs;
  json["anchor"] = report.trend.anchor;
  Json& all = json["series"] = Json::array();
  for (const SeriesTrend& series : report.trend.series) all.push_back(to_json(series));
  json["notes"] = report.trend.notes;
  json["left_out"] = report.left_out;
  return defused_json(dump_json(json, 2)) + "\n";
}

}  // namespace burstgate::report
