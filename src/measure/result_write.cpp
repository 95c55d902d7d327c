// Measurement -> JSON. The order of the keys here is the order in the file. docs/baseline-format.md explains them.
#include "base/utc_time.hpp"
#include "measure/latency_summary.hpp"
#include "measure/result_json.hpp"

namespace burstgate::measure {

namespace {

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json histogram_json(const Histogram& histogram) {
  if (histogram.empty()) return nullptr;
  Json json;
  json["samples"] = histogram.count();
  json["overflow"] = histogram.overflow();
  json["min_ms"] = ms_from_us(static_cast<double>(*histogram.min_us()));
  json["max_ms"] = ms_from_us(static_cast<double>(*histogram.max_us()));
  json["hdr"] = encode_histogram(histogram);
  return json;
}

Json slices_json(const std::vector<Slice>& slices) {
  Json json = Json::array();
  for (const Slice& slice : slices) {
    Json one;
    one["start_s"] = slice.start_s;
    one["duration_s"] = slice.duration_s;
    one["ok"] = slice.ok;
    one["failed"] = slice.failed;
    one["samples"] = slice.samples;
    one["latency_ms"] = summary_of(slice);
    if (slice.stage) one["stage"] = *slice.stage;
    json.push_back(std::move(one));
  }
  return json;
}

Json point_json(const std::map<Metric, double>& point) {  // and of figures
  Json json = Json::object();
  for (const Metric metric : all_metrics) {
    const auto found = point.find(metric);
    if (found == point.end()) continue;
    const bool is_time = kind(metric) == MetricKind::latency;
    json[point_key(metric)] = is_time ? ms_from_us(found->second) : found->second;
  }
  return json;
}

void add_counts(Json& json, const EndpointResult& result, double duration_s) {
  const Counts& counts = result.counts;
  json["planned"] = counts.planned;
  json["dropped"] = counts.dropped;
  json["requests"] = counts.started;
  json["ok"] = counts.ok;
  json["failed"] = counts.failed();
  json["unfinished"] = counts.unfinished;
  json["error_rate"] = or_null(counts.error_rate());
  json["throughput_rps"] = or_null(value_of(result, Metric::throughput, duration_s));
  json["body_bytes"] = counts.body_bytes;
  Json& failures = json["failures"] = Json::object();
  for (std::size_t i = 0; i < failure_count; ++i) {
    failures[std::string(name(static_cast<Failure>(i)))] = counts.failures[i];
  }
  Json& statuses = json["statuses"] = Json::object();
  for (const auto& [status, count] : counts.statuses) statuses[std::to_string(status)] = count;
}

void add_latencies(Json& json, const Latencies& latencies) {
  json["latency_ms"] = summary_of(latencies.judged());
  json["latency_ok_ms"] = summary_of(latencies.ok);
  json["latency_all_ms"] = summary_of(latencies.all());
  Json& histograms = json["histograms"];
  histograms["ok"] = histogram_json(latencies.ok);
  histograms["late"] = histogram_json(latencies.late);
  histograms["failed"] = histogram_json(latencies.failed);
  histograms["service"] = histogram_json(latencies.service);
  if (!latencies.first_byte.empty()) histograms["first_byte"] = histogram_json(latencies.first_byte);
  if (!latencies.first_event.empty()) histograms["first_event"] = histogram_json(latencies.first_event);
}

void add_result(Json& json, const EndpointResult& result, double duration_s) {
  if (result.point) {
    json["point"] = point_json(*result.point);
    return;
  }
  add_counts(json, result, duration_s);
  add_latencies(json, result.latencies);
  if (!result.figures.empty()) json["figures"] = point_json(result.figures);
}

Json environment_json(const Environment& environment) {
  Json json;
  json["cpu_model"] = environment.cpu_model;
  json["cores"] = environment.cores;
  json["cpu_limit"] = or_null(environment.cpu_limit);
  json["kernel"] = environment.kernel;
  json["os"] = environment.os;
  json["memory_mib"] = environment.memory_mib;
  json["generator_version"] = environment.generator_version;
  json["ci"] = environment.ci;
  return json;
}

// An array, not an object: a scenario may send the same request twice, and then has the same field twice.
Json workload_json(const Workload& workload) {
  Json fields = Json::array();
  for (const auto& [field, value] : workload.fields) {
    Json one;
    one["name"] = field;
    one["value"] = value;
    fields.push_back(std::move(one));
  }
  Json json;
  json["digest"] = workload.digest;
  json["fields"] = std::move(fields);
  return json;
}

Json generator_json(const GeneratorHealth& health) {
  const auto ms = [](const std::optional<double>& us) { return us ? Json(ms_from_us(*us)) : Json(nullptr); };
  Json json;
  json["threads"] = health.threads;
  json["busiest_thread_cpu"] = health.busiest_thread_cpu;
  json["send_lag_p50_ms"] = ms(health.send_lag_p50_us);
  json["send_lag_p99_ms"] = ms(health.send_lag_p99_us);
  json["steal_share"] = health.steal_share;
  json["paused_s"] = health.paused_s;
  json["connections_asked"] = health.connections_asked;
  json["connections_peak"] = health.connections_peak;
  json["connections_opened"] = health.connections_opened;
  json["stale_retries"] = health.stale_retries;
  return json;
}

Json stages_json(const std::vector<Stage>& stages) {
  Json json = Json::array();
  for (const Stage& stage : stages) {
    Json one;
    one["name"] = stage.name;
    one["start_s"] = stage.start_s;
    one["duration_s"] = stage.duration_s;
    one["from"] = stage.from;
    one["to"] = stage.to;
    json.push_back(std::move(one));
  }
  return json;
}

Json reference_json(const Reference& reference) {
  Json json;
  json["latency_p50_ms"] = ms_from_us(reference.p50_us);
  json["spread"] = reference.spread;
  json["slices"] = reference.slices;
  return json;
}

Json endpoints_json(const std::vector<EndpointResult>& endpoints, double duration_s) {
  Json json = Json::array();
  for (const EndpointResult& endpoint : endpoints) {
    Json one;
    one["name"] = endpoint.name;
    add_result(one, endpoint, duration_s);
    one["slices"] = slices_json(endpoint.slices);
    json.push_back(std::move(one));
  }
  return json;
}

}  // namespace

std::string point_key(Metric metric) {
  const std::string key(name(metric));
  switch (kind(metric)) {
    case MetricKind::latency:
      return key + "_ms";
    case MetricKind::rate:
      return key + "_rps";
    case MetricKind::share:
    case MetricKind::count:
      return key;
  }
  return key;
}

Json to_json(const Measurement& measurement) {
  check_accounting(measurement);
  Json json;
  json["schema"] = result_schema;
  json["tool"] = measurement.tool;
  json["started_at"] = to_iso8601(measurement.started_at_unix_s);
  json["commit"] = measurement.commit;
  if (!measurement.branch.empty()) json["branch"] = measurement.branch;
  if (!measurement.pull_request.empty()) json["pull_request"] = measurement.pull_request;
  json["operation"] = measurement.operation;
  json["profile"] = measurement.profile;
  json["load_model"] = measurement.load_model;
  json["target"] = measurement.target;
  json["percentile_def"] = percentile_definition;
  json["warmup_s"] = measurement.warmup_s;
  json["duration_s"] = measurement.duration_s;
  json["partial"] = measurement.partial;
  json["stop_reason"] = measurement.stop_reason;
  json["target_died"] = measurement.target_died;
  if (measurement.tool_failed) json["tool_failed"] = true;
  json["environment"] = environment_json(measurement.environment);
  json["workload"] = workload_json(measurement.workload);
  if (!measurement.stages.empty()) json["stages"] = stages_json(measurement.stages);
  Json& totals = json["totals"];
  add_result(totals, measurement.total, measurement.duration_s);
  json["endpoints"] = endpoints_json(measurement.endpoints, measurement.duration_s);
  if (!measurement.setup.empty()) json["setup"] = endpoints_json(measurement.setup, no_window_s);
  json["slices"] = slices_json(measurement.total.slices);
  json["generator"] = generator_json(measurement.generator);
  if (measurement.reference) json["reference"] = reference_json(*measurement.reference);
  json["anomalies"] = measurement.anomalies;
  json["notes"] = measurement.notes;
  return json;
}

}  // namespace burstgate::measure
