// JSON -> Measurement. Histograms and counts are the truth; what is derived from them must agree, or the file was
// edited.
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <numeric>
#include <set>
#include <stdexcept>

#include "base/utc_time.hpp"
#include "measure/latency_summary.hpp"
#include "measure/result_accounting.hpp"
#include "measure/result_json.hpp"

namespace burstgate::measure {

namespace {

std::int64_t read_whole_us(const JsonNode& node) {
  const double us = us_from_ms(node.number(0, static_cast<double>(Histogram::highest_us) / 1e3));
  if (us != std::floor(us)) node.fail_expecting("whole microseconds, in ms");
  return static_cast<std::int64_t>(us);
}

std::vector<std::uint64_t> read_bucket_counts(const JsonNode& node) {
  try {
    return decode_histogram_counts(node.text());
  } catch (const std::invalid_argument& reason) {
    node.fail(fmt::format("not a histogram in HdrHistogram V2 form: {}", reason.what()), "E-523");
  }
}

// An empty histogram and one whose extra figures do not fit its buckets are refused: they would change what is judged.
Histogram read_histogram(const JsonNode& node) {
  if (node.is_null()) return {};
  const JsonNode samples = node.at("samples"), overflow = node.at("overflow");
  const JsonNode min = node.at("min_ms"), max = node.at("max_ms"), hdr = node.at("hdr");
  std::vector<std::uint64_t> counts = read_bucket_counts(hdr);
  while (!counts.empty() && counts.back() == 0) counts.pop_back();
  const std::uint64_t sum = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  if (sum == 0) hdr.fail("holds no samples, expected null for an empty histogram", "E-523");
  if (samples.count() != sum) samples.fail_expecting(fmt::format("{} as in the histogram", sum), "E-523");

  const std::size_t last = counts.size() - 1;
  std::size_t first = 0;
  while (counts[first] == 0) ++first;
  const std::int64_t min_us = read_whole_us(min), max_us = read_whole_us(max);
  if (Histogram::index_of(min_us) != first) min.fail_expecting("a value in the first bucket that is used", "E-523");
  if (Histogram::index_of(max_us) != last) max.fail_expecting("a value in the last bucket that is used", "E-523");
  if (min_us > max_us) min.fail_expecting("at most the maximum", "E-523");
  const std::uint64_t in_top = max_us == Histogram::highest_us ? counts.back() : 0;
  if (overflow.count() > in_top) overflow.fail_expecting(fmt::format("at most {}", in_top), "E-523");
  return Histogram::from_counts(std::move(counts), overflow.count(), min_us, max_us);
}

constexpr std::uint64_t most_stages = 1000;

std::vector<Slice> read_slices(const JsonNode& node) {
  std::vector<Slice> slices;
  for (const JsonNode& element : node.elements()) {
    Slice& slice = slices.emplace_back();
    const JsonNode start = element.at("start_s"), duration = element.at("duration_s"), ok = element.at("ok");
    const JsonNode failed = element.at("failed"), samples = element.at("samples"), latency = element.at("latency_ms");
    slice.start_s = start.number();
    slice.duration_s = duration.number();
    slice.ok = ok.count();
    slice.failed = failed.count();
    slice.samples = samples.count();
    read_summary(latency, slice);
    if (const auto stage = element.find("stage")) slice.stage = stage->count(most_stages - 1);
  }
  return slices;
}

std::vector<Stage> read_stages(const JsonNode& root) {
  std::vector<Stage> stages;
  const auto node = root.find("stages");
  if (!node) return stages;
  for (const JsonNode& element : node->elements()) {
    Stage& stage = stages.emplace_back();
    const JsonNode name = element.at("name"), start = element.at("start_s"), duration = element.at("duration_s");
    const JsonNode from = element.at("from"), to = element.at("to");
    stage.name = name.text();
    stage.start_s = start.number();
    stage.duration_s = duration.number();
    stage.from = from.number();
    stage.to = to.number();
  }
  return stages;
}

std::map<Metric, double> read_point(const JsonNode& node) {
  std::map<Metric, double> point;
  for (const Metric metric : all_metrics) {
    const auto value = node.find(point_key(metric));
    if (!value) continue;
    const bool is_share = kind(metric) == MetricKind::share;
    const bool is_time = kind(metric) == MetricKind::latency;
    point[metric] = is_time ? read_ms_as_us(*value) : value->number(0, is_share ? 1 : JsonNode::no_limit);
  }
  const std::set<std::string> known = [] {
    std::set<std::string> keys;
    for (const Metric metric : all_metrics) keys.insert(point_key(metric));
    return keys;
  }();
  check_monotone(node,
                 [&](std::string_view, Metric metric) -> std::string_view { return *known.find(point_key(metric)); });
  return point;
}

std::map<Metric, double> read_figures(const JsonNode& node) {
  std::map<Metric, double> figures;
  for (const Metric metric : all_metrics) {
    if (basis(metric) != MetricBasis::run) continue;
    const auto value = node.find(point_key(metric));
    if (!value) continue;
    if (kind(metric) == MetricKind::latency) {
      figures[metric] = read_ms_as_us(*value);
    } else {
      const bool may_fall = metric == Metric::latency_drift;
      figures[metric] = value->number(may_fall ? -JsonNode::no_limit : 0, JsonNode::no_limit);
    }
  }
  return figures;
}

int read_status(const JsonNode& node) {
  constexpr int highest_status = 999;
  const std::string_view key = node.key();
  int status = -1;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), status);
  const bool whole = error == std::errc{} && end == key.data() + key.size();
  if (!whole || status < 0 || status > highest_status || key != std::to_string(status)) {
    node.fail("expected an HTTP status as the key");
  }
  return status;
}

Counts read_counts(const JsonNode& node) {
  const auto count = [&](std::string_view key) {
    const JsonNode value = node.at(key);
    return value.count();
  };
  Counts counts;
  counts.planned = count("planned");
  counts.dropped = count("dropped");
  counts.started = count("requests");
  counts.ok = count("ok");
  counts.unfinished = count("unfinished");
  counts.body_bytes = count("body_bytes");
  const JsonNode failures = node.at("failures");
  for (const JsonNode& member : failures.members()) {
    const auto failure = failure_named(member.key());
    if (!failure) member.fail("unknown kind of failure");
    counts[*failure] = member.count();
  }
  const JsonNode statuses = node.at("statuses");
  for (const JsonNode& member : statuses.members()) counts.statuses[read_status(member)] = member.count();
  return counts;
}

Latencies read_latencies(const JsonNode& node) {
  const JsonNode histograms = node.at("histograms");
  const auto histogram = [&](std::string_view key) {
    const JsonNode value = histograms.at(key);
    return read_histogram(value);
  };
  const auto measured = [&](std::string_view key) {
    const auto value = histograms.find(key);
    return value ? read_histogram(*value) : Histogram();
  };
  Latencies latencies{histogram("ok"),      histogram("late"),      histogram("failed"),
                      histogram("service"), measured("first_byte"), measured("first_event")};
  const JsonNode judged = node.at("latency_ms"), ok = node.at("latency_ok_ms"), all = node.at("latency_all_ms");
  check_summary(judged, latencies.judged());
  check_summary(ok, latencies.ok);
  check_summary(all, latencies.all());
  return latencies;
}

EndpointResult read_result(const JsonNode& node, double duration_s) {
  EndpointResult result;
  if (const auto point = node.find("point")) {
    result.point = read_point(*point);
    return result;
  }
  result.counts = read_counts(node);
  result.latencies = read_latencies(node);
  if (const auto figures = node.find("figures")) result.figures = read_figures(*figures);
  check_result_accounting(node, result, duration_s);
  return result;
}

Environment read_environment_json(const JsonNode& node) {
  constexpr std::uint64_t most_cores = 1u << 20;
  const JsonNode cpu_model = node.at("cpu_model"), cores = node.at("cores"), cpu_limit = node.at("cpu_limit");
  const JsonNode kernel = node.at("kernel"), os = node.at("os"), memory = node.at("memory_mib");
  const JsonNode version = node.at("generator_version"), ci = node.at("ci");
  Environment environment;
  environment.cpu_model = cpu_model.text();
  environment.cores = static_cast<int>(cores.count(most_cores));
  if (!cpu_limit.is_null()) environment.cpu_limit = cpu_limit.number();
  environment.kernel = kernel.text();
  environment.os = os.text();
  environment.memory_mib = memory.count();
  environment.generator_version = version.text();
  environment.ci = ci.text();
  return environment;
}

Workload read_workload(const JsonNode& node) {
  Workload workload;
  const JsonNode digest = node.at("digest"), fields = node.at("fields");
  workload.digest = digest.text();
  for (const JsonNode& field : fields.elements()) {
    const JsonNode name = field.at("name"), value = field.at("value");
    workload.fields.emplace_back(name.text(), value.text());
  }
  return workload;
}

GeneratorHealth read_generator(const JsonNode& node) {
  constexpr std::uint64_t most_threads = 1u << 20;
  const auto number = [&](std::string_view key) {
    const JsonNode value = node.at(key);
    return value.number();
  };
  const auto count = [&](std::string_view key, std::uint64_t most = JsonNode::largest_count) {
    const JsonNode value = node.at(key);
    return value.count(most);
  };
  const auto lag = [&](std::string_view key) {
    const JsonNode value = node.at(key);
    return value.is_null() ? std::nullopt : std::optional<double>(read_ms_as_us(value));
  };
  GeneratorHealth health;
  health.threads = static_cast<int>(count("threads", most_threads));
  health.busiest_thread_cpu = number("busiest_thread_cpu");
  health.send_lag_p50_us = lag("send_lag_p50_ms");
  health.send_lag_p99_us = lag("send_lag_p99_ms");
  health.steal_share = number("steal_share");
  health.paused_s = number("paused_s");
  health.connections_asked = count("connections_asked");
  health.connections_peak = count("connections_peak");
  health.connections_opened = count("connections_opened");
  health.stale_retries = count("stale_retries");
  return health;
}

std::optional<Reference> read_reference(const JsonNode& root) {
  constexpr std::uint64_t most_slices = 1u << 20;
  const auto node = root.find("reference");
  if (!node) return std::nullopt;
  const JsonNode p50 = node->at("latency_p50_ms"), spread = node->at("spread"), slices = node->at("slices");
  Reference reference;
  reference.p50_us = read_ms_as_us(p50);
  if (reference.p50_us <= 0) p50.fail_expecting("a time above 0");  // its logarithm is judged
  reference.spread = spread.number();
  reference.slices = static_cast<int>(slices.count(most_slices));
  if (reference.slices == 0) slices.fail_expecting("at least 1");
  return reference;
}

std::vector<EndpointResult> read_endpoints(const JsonNode& node, double duration_s) {
  std::vector<EndpointResult> endpoints;
  std::set<std::string> names;
  for (const JsonNode& element : node.elements()) {
    EndpointResult endpoint = read_result(element, duration_s);
    const JsonNode name = element.at("name"), slices = element.at("slices");
    endpoint.name = name.text();
    if (endpoint.name.empty()) name.fail_expecting("a name");
    if (!names.insert(endpoint.name).second) name.fail("two endpoints have this name");
    endpoint.slices = read_slices(slices);
    endpoints.push_back(std::move(endpoint));
  }
  return endpoints;
}

// A slice names a stage that there is.
void check_stages(const JsonNode& root, const Measurement& measurement) {
  const auto check = [&](const EndpointResult& result) {
    for (const Slice& slice : result.slices) {
      if (slice.stage && *slice.stage >= measurement.stages.size()) {
        root.fail(fmt::format("a slice is in stage {}, and there are {}", *slice.stage, measurement.stages.size()));
      }
    }
  };
  check(measurement.total);
  for (const EndpointResult& endpoint : measurement.endpoints) check(endpoint);
}

// "burstgate/2" when we know "burstgate/1".
bool is_newer(std::string_view schema) {
  const std::string_view known = result_schema;
  const std::string_view stem = known.substr(0, known.find('/') + 1);
  if (!schema.starts_with(stem)) return false;
  const std::string_view version = schema.substr(stem.size());
  return !version.empty() && version.find_first_not_of("0123456789") == version.npos && version[0] != '0' &&
         schema != known;
}

void check_schema(const JsonNode& root) {
  const JsonNode schema = root.at("schema");
  if (schema.text() == result_schema) return;
  if (!is_newer(schema.text())) schema.fail_expecting(fmt::format("\"{}\"", result_schema), "E-521");
  const auto tool = root.find("tool");
  const std::string writer = tool && tool->json().is_string() ? tool->text() : "a newer program";
  schema.fail(fmt::format("written as \"{}\" by {}, this program reads \"{}\"", schema.text(), writer, result_schema),
              "E-521", "use the newer program, or record the baseline again with this one");
}

std::int64_t read_time(const JsonNode& node) {
  const auto time = from_iso8601(node.text());
  if (!time) node.fail_expecting("a UTC time such as \"2026-01-31T12:00:00Z\"");
  return *time;
}

void read_heading(const JsonNode& root, Measurement& measurement) {
  const auto text = [&](std::string_view key) {
    const JsonNode value = root.at(key);
    return value.text();
  };
  const auto number = [&](std::string_view key) {
    const JsonNode value = root.at(key);
    return value.number();
  };
  const auto boolean = [&](std::string_view key) {
    const JsonNode value = root.at(key);
    return value.boolean();
  };
  const JsonNode started_at = root.at("started_at"), definition = root.at("percentile_def");
  measurement.tool = text("tool");
  measurement.started_at_unix_s = read_time(started_at);
  measurement.commit = text("commit");
  // Absent in results of before they were kept, and where neither is known.
  if (const auto branch = root.find("branch")) measurement.branch = branch->text();
  if (const auto pull_request = root.find("pull_request")) measurement.pull_request = pull_request->text();
  measurement.operation = text("operation");
  measurement.profile = text("profile");
  measurement.load_model = text("load_model");
  measurement.target = text("target");
  if (definition.text() != percentile_definition)
    definition.fail_expecting(fmt::format("\"{}\"", percentile_definition));
  measurement.warmup_s = number("warmup_s");
  measurement.duration_s = number("duration_s");
  measurement.partial = boolean("partial");
  measurement.stop_reason = text("stop_reason");
  measurement.target_died = boolean("target_died");
  if (const auto tool_failed = root.find("tool_failed")) measurement.tool_failed = tool_failed->boolean();
}

}  // namespace

Measurement from_json(const Json& json, const std::string& source, const std::string& path) {
  const JsonNode root(json, source, path);
  check_schema(root);
  const JsonNode environment = root.at("environment"), workload = root.at("workload"), totals = root.at("totals");
  const JsonNode endpoints = root.at("endpoints"), slices = root.at("slices"), generator = root.at("generator");
  const JsonNode anomalies = root.at("anomalies"), notes = root.at("notes");

  Measurement measurement;
  read_heading(root, measurement);
  measurement.environment = read_environment_json(environment);
  measurement.workload = read_workload(workload);
  measurement.total = read_result(totals, measurement.duration_s);
  measurement.total.slices = read_slices(slices);
  measurement.endpoints = read_endpoints(endpoints, measurement.duration_s);
  measurement.stages = read_stages(root);
  check_stages(root, measurement);
  if (const auto setup = root.find("setup")) measurement.setup = read_endpoints(*setup, no_window_s);
  check_sums(totals, measurement);
  measurement.generator = read_generator(generator);
  measurement.reference = read_reference(root);
  for (const JsonNode& member : anomalies.members()) measurement.anomalies[std::string(member.key())] = member.count();
  for (const JsonNode& note : notes.elements()) measurement.notes.push_back(note.text());
  return measurement;
}

}  // namespace burstgate::measure
