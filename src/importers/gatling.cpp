// The statistics have four percentiles without their ranks, which are configurable; the log has every request, in
// columns that moved from version to version: the status and the two times before it are what stays.
#include "importers/gatling.hpp"

#include <fmt/format.h>

#include "base/json_node.hpp"
#include "base/text.hpp"
#include "importers/csv.hpp"
#include "importers/origin.hpp"
#include "importers/raw_points.hpp"
#include "importers/values.hpp"

namespace burstgate::importers {

namespace {

using measure::Measurement;
using Point = std::map<Metric, double>;

constexpr std::string_view tool = "Gatling";
constexpr std::string_view latency = "the whole request with connecting, of successes";

struct Key {
  std::string_view key;
  Metric metric;
};
// By Gatling's default ranks; percentiles2 is p75.
constexpr Key keys[] = {{"meanResponseTime", Metric::latency_mean},
                        {"percentiles1", Metric::latency_p50},
                        {"percentiles3", Metric::latency_p95},
                        {"percentiles4", Metric::latency_p99},
                        {"maxResponseTime", Metric::latency_max}};

// Each figure is {"total": ..., "ok": ..., "ko": ...}; old versions write numbers as texts, and "-" where there is
// none.
std::optional<double> figure(const JsonNode& stats, std::string_view key, std::string_view part) {
  const auto holder = stats.find(key);
  if (!holder) return std::nullopt;
  const auto node = holder->find(part);
  if (!node) return std::nullopt;
  if (!node->json().is_string()) return node->number();
  if (node->text() == "-") return std::nullopt;
  const auto value = number_in(node->text());
  if (!value || *value < 0) node->fail_expecting("a number");
  return value;
}

Point point_of(const JsonNode& stats) {
  Point point;
  const double ok = figure(stats, "numberOfRequests", "ok").value_or(0);
  const double failed = figure(stats, "numberOfRequests", "ko").value_or(0);
  put_rates(point, ok, failed, 0);
  if (ok <= 0) return point;
  for (const auto& [key, metric] : keys) {
    if (const auto ms = figure(stats, key, "ok")) point[metric] = *ms * us_per_ms;
  }
  put(point, Metric::throughput, figure(stats, "meanNumberOfRequestsPerSecond", "ok"));
  return point;
}

// {"type": "REQUEST", "name": ..., "stats": {...}}, in groups that hold further ones.
void add_requests(const JsonNode& contents, Measurement& measurement) {
  for (const JsonNode& entry : contents.members()) {
    if (const auto inner = entry.find("contents")) {
      add_requests(*inner, measurement);
      continue;
    }
    const JsonNode name = entry.at("name"), stats = entry.at("stats");
    measure::EndpointResult& endpoint = measurement.endpoints.emplace_back();
    endpoint.name = name.text();
    endpoint.point = point_of(stats);
  }
}

const Json* stats_in(const Json* json) {
  if (json == nullptr || !json->is_object()) return nullptr;
  const auto stats = json->find("stats");
  const Json& holder = stats != json->end() && stats->is_object() ? *stats : *json;
  return holder.contains("numberOfRequests") && holder.contains("percentiles1") ? &holder : nullptr;
}

// The column of "OK" or "KO", which follows two times in ms.
std::optional<std::size_t> status_column(const CsvReader& csv) {
  constexpr std::size_t epoch_digits = 13;
  for (std::size_t i = 4; i < csv.size(); ++i) {
    const bool is_status = csv[i] == "OK" || csv[i] == "KO";
    if (is_status && csv[i - 1].size() >= epoch_digits && count_in(csv[i - 1]) && count_in(csv[i - 2])) return i;
  }
  return std::nullopt;
}

bool is_other_record(std::string_view kind) {
  return kind == "RUN" || kind == "USER" || kind == "GROUP" || kind == "ASSERTION" || kind == "ERROR";
}

measure::Failure failure_of(std::string_view message) {
  if (message.find("imeout") != message.npos) return measure::Failure::timeout;
  if (message.find("refused") != message.npos) return measure::Failure::refused;
  if (message.find("reset") != message.npos) return measure::Failure::reset;
  return message.find("status.find") != message.npos ? measure::Failure::status : measure::Failure::check;
}

}  // namespace

bool is_gatling_stats(Source& source) {
  return stats_in(source.json()) != nullptr;
}

Measurement read_gatling_stats(Source& source) {
  const Json& json = *source.json();
  const JsonNode root(json, source.path(), "$");
  const JsonNode stats(*stats_in(&json), source.path(), json.contains("stats") ? "$.stats" : "$");
  Measurement measurement;
  describe_origin(measurement, {tool, "statistics", latency, "whole ms", "1 ms"});
  measurement.total.point = point_of(stats);
  if (const auto contents = root.find("contents")) add_requests(*contents, measurement);
  measurement.notes.emplace_back(
      "the file does not say which percentiles it has: taken as Gatling's defaults p50, p75, p95 and p99");
  finish_summary(measurement, source);
  return measurement;
}

bool is_gatling_log(Source& source) {
  return source.first_line().starts_with("RUN\t") || source.first_line().starts_with("ASSERTION\t");
}

Measurement read_gatling_log(Source& source) {
  CsvReader csv(source, '\t', CsvReader::Quotes::plain);
  RawPoints points(source, "give requests of one kind the same name in Gatling");
  while (csv.next()) {
    if (is_other_record(csv[0])) continue;
    const auto status = csv[0] == "REQUEST" ? status_column(csv) : std::nullopt;
    if (!status) source.fail(malformed, "not a record of Gatling's simulation.log", "is the file cut off here?");
    const std::uint64_t started_ms = need_count(source, csv[*status - 2], "start");
    const std::uint64_t ended_ms = need_count(source, csv[*status - 1], "end");
    if (ended_ms < started_ms) source.fail(inconsistent, "a request that ends before it starts");
    RawPoint point{.ended_us = static_cast<std::int64_t>(ended_ms) * 1000, .endpoint = csv[*status - 3]};
    point.latency_us = static_cast<std::int64_t>(ended_ms - started_ms) * 1000;
    if (csv[*status] == "KO") point.failure = failure_of(*status + 1 < csv.size() ? csv[*status + 1] : "");
    points.add(point);
  }
  Measurement measurement;
  describe_origin(measurement, {tool, "simulation.log", latency, "whole ms", "1 ms"});
  points.finish(measurement);
  return measurement;
}

}  // namespace burstgate::importers
