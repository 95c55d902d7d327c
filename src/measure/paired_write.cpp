// PairedRun -> JSON. Slices are rows of numbers: there may be tens of thousands of them.
#include <algorithm>

#include "measure/latency_summary.hpp"
#include "measure/paired_json.hpp"

namespace burstgate::measure {

namespace {

Json slice_json(const Slice& slice) {
  Json row = Json::array({slice.start_s, slice.duration_s, slice.ok, slice.failed, slice.samples});
  if (slice.samples == 0) return row;
  for (const auto& [key, metric] : summary_keys) row.push_back(ms_from_us(*slice.value(metric)));
  return row;
}

Json side_json(const SideSlice& side) {
  Json json;
  json["total"] = slice_json(side.total);
  Json& endpoints = json["endpoints"] = Json::array();
  for (const Slice& slice : side.endpoints) endpoints.push_back(slice_json(slice));
  json["p96_ms"] = ms_from_us(side.p96_us);
  // Sums over processes that come and go may differ by a rounding error from what they were before.
  json["cpu_s"] = side.cpu_s ? Json(std::max(*side.cpu_s, 0.0)) : Json(nullptr);
  json["answered"] = side.answered;
  json["send_lag_p99_ms"] = ms_from_us(side.send_lag_p99_us);
  json["generator_cpu"] = side.generator_cpu;
  return json;
}

Json round_json(const Round& round) {
  Json json;
  json["phase"] = name(round.phase);
  json["launch"] = round.launch;
  json["candidate_first"] = round.candidate_first;
  json["start_s"] = round.start_s;
  json["lost_cpu"] = round.lost_cpu;
  for (const Side side : {Side::baseline, Side::candidate}) {
    json[std::string(name(side))] = side_json(side_of(round, side));
  }
  return json;
}

}  // namespace

const std::vector<std::string>& slice_columns() {
  static const std::vector<std::string> columns = [] {
    std::vector<std::string> names = {"start_s", "duration_s", "ok", "failed", "samples"};
    for (const auto& [key, metric] : summary_keys) names.push_back(point_key(metric));
    return names;
  }();
  return columns;
}

Json to_json(const PairedRun& run, const Measurement& baseline) {
  Json json;
  json["seed"] = run.seed;
  json["budget_s"] = run.budget_s;
  json["latency_rate_per_s"] = run.latency_rate_per_s;
  json["rate_was_given"] = run.rate_was_given;
  json["users"] = run.users;
  json["slice_s"] = run.slice_s;
  json["single_launch"] = run.single_launch;
  json["idle_cpu_share"] = run.idle_cpu_share;
  json["wall_s"] = run.wall_s;
  json["endpoint_names"] = run.endpoint_names;
  json["baseline"] = to_json(baseline);
  json["slice_columns"] = slice_columns();
  Json& rounds = json["rounds"] = Json::array();
  for (const Round& round : run.rounds) rounds.push_back(round_json(round));
  return json;
}

}  // namespace burstgate::measure
