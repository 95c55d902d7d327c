#include "measure/merge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.hpp"
#include "base/encodings.hpp"

namespace burstgate::measure {

namespace {

std::string why_not(const Measurement& first, const Measurement& shard) {
  if (shard.is_point()) return "has summary figures only: without counts and histograms nothing can be added";
  if (shard.workload.digest != first.workload.digest) return "another workload was sent than in the first file";
  const double longest = std::max(first.duration_s, shard.duration_s);
  if (longest - std::min(first.duration_s, shard.duration_s) > max_shard_duration_difference * longest) {
    return fmt::format("lasted {:.1f} s, the first one {:.1f} s", shard.duration_s, first.duration_s);
  }
  // Starts are known to a second.
  const bool apart =
      shard.started_at_unix_s > first.started_at_unix_s + static_cast<std::int64_t>(first.duration_s) + 1 ||
      first.started_at_unix_s > shard.started_at_unix_s + static_cast<std::int64_t>(shard.duration_s) + 1;
  if (apart) return "was not made at the same time as the first one";
  return {};
}

void add(EndpointResult& sum, const EndpointResult& part) {
  sum.counts.add(part.counts);
  sum.latencies.merge(part.latencies);
}

EndpointResult& endpoint_in(Measurement& sum, const std::string& name) {
  for (auto& endpoint : sum.endpoints) {
    if (endpoint.name == name) return endpoint;
  }
  EndpointResult& endpoint = sum.endpoints.emplace_back();
  endpoint.name = name;
  return endpoint;
}

// The worst of each figure that can spoil a run, the sum of the connections.
void add(GeneratorHealth& sum, const GeneratorHealth& part) {
  sum.threads += part.threads;
  sum.busiest_thread_cpu = std::max(sum.busiest_thread_cpu, part.busiest_thread_cpu);
  sum.send_lag_p50_us = std::max(sum.send_lag_p50_us, part.send_lag_p50_us);
  sum.send_lag_p99_us = std::max(sum.send_lag_p99_us, part.send_lag_p99_us);
  sum.steal_share = std::max(sum.steal_share, part.steal_share);
  sum.paused_s = std::max(sum.paused_s, part.paused_s);
  sum.connections_asked += part.connections_asked;
  sum.connections_peak += part.connections_peak;
  sum.connections_opened += part.connections_opened;
  sum.stale_retries += part.stale_retries;
}

void add(Measurement& sum, const Measurement& shard) {
  add(sum.total, shard.total);
  for (const auto& endpoint : shard.endpoints) add(endpoint_in(sum, endpoint.name), endpoint);
  add(sum.generator, shard.generator);
  for (const auto& [name, count] : shard.anomalies) sum.anomalies[name] += count;
  sum.started_at_unix_s = std::min(sum.started_at_unix_s, shard.started_at_unix_s);
  sum.duration_s = std::max(sum.duration_s, shard.duration_s);
  sum.partial = sum.partial || shard.partial;
  sum.target_died = sum.target_died || shard.target_died;
  if (sum.stop_reason.empty()) sum.stop_reason = shard.stop_reason;
}

}  // namespace

std::optional<NotOneRun> not_one_run(const std::vector<Measurement>& shards) {
  for (std::size_t i = 0; i < shards.size(); ++i) {
    if (std::string why = why_not(shards.front(), shards[i]); !why.empty()) return NotOneRun{i, std::move(why)};
  }
  return std::nullopt;
}

Measurement merge_shards(const std::vector<Measurement>& shards) {
  BURSTGATE_ASSERT(!shards.empty() && !not_one_run(shards));
  Measurement sum = shards.front();
  for (std::size_t i = 1; i < shards.size(); ++i) add(sum, shards[i]);
  sum.total.slices.clear();
  for (auto& endpoint : sum.endpoints) endpoint.slices.clear();
  sum.reference.reset();  // of one machine, and there were several generators
  sum.workload.fields.emplace_back("shards", std::to_string(shards.size()));
  sum.workload.digest = sha256(fmt::format("{}\nshards={}\n", sum.workload.digest, shards.size()));
  sum.notes.push_back(
      fmt::format("merged from {} files; their slices cannot be joined and are left out", shards.size()));
  check_accounting(sum);
  return sum;
}

namespace {

using Point = std::map<Metric, double>;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

Point median_point(const std::vector<Measurement>& runs, const std::string& endpoint) {
  std::map<Metric, std::vector<double>> values;
  for (const Measurement& run : runs) {
    const EndpointResult* result = find_endpoint(run, endpoint);
    if (result == nullptr || !result->point) continue;
    for (const auto& [metric, value] : *result->point) values[metric].push_back(value);
  }
  Point point;
  for (const auto& [metric, all] : values) {
    if (all.size() == runs.size()) point[metric] = median(all);
  }
  return point;
}

void append_slices(std::vector<Slice>& row, const std::vector<Slice>& more, double after_s) {
  for (Slice slice : more) {
    slice.start_s += after_s;
    row.push_back(slice);
  }
}

void append(Measurement& sum, const Measurement& run) {
  add(sum.total, run.total);
  append_slices(sum.total.slices, run.total.slices, sum.duration_s);
  for (const auto& endpoint : run.endpoints) {
    EndpointResult& own = endpoint_in(sum, endpoint.name);
    add(own, endpoint);
    append_slices(own.slices, endpoint.slices, sum.duration_s);
  }
  for (const auto& [name, count] : run.anomalies) sum.anomalies[name] += count;
  sum.duration_s += run.duration_s;
}

}  // namespace

Measurement as_one(const std::vector<Measurement>& runs) {
  BURSTGATE_ASSERT(!runs.empty());
  Measurement one = runs.front();
  for (const Measurement& run : runs) {
    if (run.partial) return run;
  }
  if (runs.size() == 1) return one;
  if (one.is_point()) {
    one.total.point = median_point(runs, "");
    for (EndpointResult& endpoint : one.endpoints) endpoint.point = median_point(runs, endpoint.name);
  } else {
    for (std::size_t i = 1; i < runs.size(); ++i) append(one, runs[i]);
    check_accounting(one);
  }
  one.notes.push_back(fmt::format("{} runs of the tool, {}", runs.size(),
                                  one.is_point() ? "the median of each figure" : "counts and times added up"));
  return one;
}

}  // namespace burstgate::measure
