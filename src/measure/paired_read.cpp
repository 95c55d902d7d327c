// JSON -> PairedRun. What is read here is judged again, so the ranges are those in which every sum and ratio is finite.
#include <fmt/format.h>

#include <set>

#include "measure/latency_summary.hpp"
#include "measure/paired_json.hpp"

namespace burstgate::measure {

namespace {

constexpr std::size_t most_rounds = 5000;  // the longest budget in the shortest slices has fewer
constexpr double longest_s = 86'400;
constexpr double shortest_s = 1e-6;
constexpr double least_cpu_s = 1e-20;  // other than 0
constexpr double highest_rate_per_s = 1e9;
constexpr std::uint64_t most_users = 1u << 20;
constexpr std::uint64_t most_launches = 1u << 20;

constexpr std::size_t count_columns = 5;  // before the latencies

Slice read_slice(const JsonNode& node) {
  const std::vector<JsonNode> row = node.elements();
  const std::size_t all = slice_columns().size();
  if (row.size() != all && row.size() != count_columns) {
    node.fail_expecting(fmt::format("{} numbers, or {} where there are no samples", all, count_columns));
  }
  Slice slice;
  slice.start_s = row[0].number();
  slice.duration_s = row[1].number(shortest_s, longest_s);
  slice.ok = row[2].count();
  slice.failed = row[3].count();
  slice.samples = row[4].count();
  if ((slice.samples == 0) != (row.size() == count_columns)) {
    node.fail("latencies and a number of samples need each other", "E-525");
  }
  if (slice.samples == 0) return slice;
  for (std::size_t i = 0; i < summary_keys.size(); ++i) {
    latency_of(slice, summary_keys[i].metric) = read_ms_as_us(row[count_columns + i]);
  }
  if (!is_plausible(slice)) node.fail("quantiles fall, or the mean is above the maximum", "E-525");
  return slice;
}

void check_sum(const JsonNode& node, const SideSlice& side) {
  Slice sum;
  for (const Slice& slice : side.endpoints) {
    sum.ok += slice.ok;
    sum.failed += slice.failed;
    sum.samples += slice.samples;
  }
  const Slice& total = side.total;
  if (sum.ok == total.ok && sum.failed == total.failed && sum.samples == total.samples) return;
  node.fail(fmt::format("the endpoints add up to {} ok, {} failed and {} samples, not to {}, {} and {} as in the total",
                        sum.ok, sum.failed, sum.samples, total.ok, total.failed, total.samples),
            "E-524");
}

std::optional<double> read_cpu(const JsonNode& node) {
  if (node.is_null()) return std::nullopt;
  const double cpu_s = node.number();
  if (cpu_s != 0 && cpu_s < least_cpu_s) node.fail_expecting(fmt::format("0, or at least {:g}", least_cpu_s));
  return cpu_s;
}

SideSlice read_side(const JsonNode& node, std::size_t endpoint_count) {
  const JsonNode total = node.at("total"), endpoints = node.at("endpoints"), p96 = node.at("p96_ms");
  const JsonNode cpu = node.at("cpu_s"), answered = node.at("answered"), lag = node.at("send_lag_p99_ms");
  const JsonNode generator_cpu = node.at("generator_cpu");
  SideSlice side;
  side.total = read_slice(total);
  for (const JsonNode& element : endpoints.elements()) side.endpoints.push_back(read_slice(element));
  if (side.endpoints.size() != endpoint_count) {
    endpoints.fail(fmt::format("{} slices for {} endpoints", side.endpoints.size(), endpoint_count));
  }
  check_sum(node, side);
  side.p96_us = read_ms_as_us(p96);
  side.cpu_s = read_cpu(cpu);
  side.answered = answered.count();
  side.send_lag_p99_us = read_ms_as_us(lag);
  side.generator_cpu = generator_cpu.number();
  return side;
}

PairPhase read_phase(const JsonNode& node) {
  const std::string text = node.text();
  for (const PairPhase phase : {PairPhase::latency, PairPhase::throughput}) {
    if (text == name(phase)) return phase;
  }
  node.fail_expecting("\"latency\" or \"throughput\"");
}

Round read_round(const JsonNode& node, std::size_t endpoint_count) {
  const JsonNode phase = node.at("phase"), launch = node.at("launch"), first = node.at("candidate_first");
  const JsonNode start = node.at("start_s"), lost_cpu = node.at("lost_cpu");
  Round round;
  round.phase = read_phase(phase);
  round.launch = static_cast<int>(launch.count(most_launches));
  round.candidate_first = first.boolean();
  round.start_s = start.number();
  round.lost_cpu = lost_cpu.number(0, 1);
  for (const Side side : {Side::baseline, Side::candidate}) {
    const JsonNode of_side = node.at(name(side));
    side_of(round, side) = read_side(of_side, endpoint_count);
  }
  return round;
}

std::vector<Round> read_rounds(const JsonNode& node, std::size_t endpoint_count) {
  const std::vector<JsonNode> elements = node.elements();
  if (elements.size() > most_rounds) node.fail(fmt::format("{} rounds, at most {}", elements.size(), most_rounds));
  std::vector<Round> rounds;
  rounds.reserve(elements.size());
  for (const JsonNode& element : elements) {
    Round round = read_round(element, endpoint_count);
    const int before = rounds.empty() ? 0 : rounds.back().launch;
    const JsonNode launch = element.at("launch");
    if (round.launch < before) launch.fail_expecting(fmt::format("at least {}, as in the round before", before));
    rounds.push_back(std::move(round));
  }
  return rounds;
}

std::vector<std::string> read_names(const JsonNode& node) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const JsonNode& element : node.elements()) {
    names.push_back(element.text());
    if (names.back().empty()) element.fail_expecting("a name");
    if (!seen.insert(names.back()).second) element.fail("two endpoints have this name");
  }
  return names;
}

void check_columns(const JsonNode& node) {
  if (node.json() == Json(slice_columns())) return;
  node.fail(fmt::format("expected {}", Json(slice_columns()).dump()));
}

}  // namespace

std::optional<SavedPair> paired_from_json(const Json& result, const std::string& source, const std::string& path) {
  const JsonNode root(result, source, path);
  const auto found = root.find("paired");
  if (!found) return std::nullopt;
  const JsonNode& node = *found;
  const JsonNode seed = node.at("seed"), budget = node.at("budget_s"), rate = node.at("latency_rate_per_s");
  const JsonNode given = node.at("rate_was_given"), users = node.at("users"), slice = node.at("slice_s");
  const JsonNode single_launch = node.at("single_launch"), idle = node.at("idle_cpu_share"), wall = node.at("wall_s");
  const JsonNode names = node.at("endpoint_names"), baseline = node.at("baseline");
  const JsonNode columns = node.at("slice_columns"), rounds = node.at("rounds");
  SavedPair saved;
  PairedRun& run = saved.run;
  run.seed = seed.count();
  run.budget_s = budget.number(shortest_s, longest_s);
  run.latency_rate_per_s = rate.number(0, highest_rate_per_s);
  run.rate_was_given = given.boolean();
  run.users = static_cast<int>(users.count(most_users));
  run.slice_s = slice.number(0, longest_s);
  run.single_launch = single_launch.boolean();
  run.idle_cpu_share = idle.number();
  run.wall_s = wall.number();
  run.endpoint_names = read_names(names);
  saved.baseline = from_json(baseline.json(), source, baseline.path());
  check_columns(columns);
  run.rounds = read_rounds(rounds, run.endpoint_names.size());
  return saved;
}

}  // namespace burstgate::measure
