#include "cli/baseline_groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.hpp"
#include "report/facts.hpp"
#include "report/wording.hpp"
#include "stats/sample.hpp"
#include "verdict/judge.hpp"
#include "verdict/outlier.hpp"

namespace burstgate::cli {

using measure::Measurement;

namespace {

constexpr std::size_t commit_digits = 10;
constexpr Metric shown_metrics[] = {Metric::latency_p50, Metric::latency_p95, Metric::throughput};

std::string short_name(Metric metric) {
  const std::string text(name(metric));
  return text.starts_with("latency_") ? text.substr(sizeof("latency_") - 1) : text;
}

using GroupKey = std::pair<std::string, std::string>;

GroupKey key_of(const Measurement& run) {
  return {run.environment.machine_class(), run.workload.digest};
}

std::string title_of(const Measurement& run) {
  const std::string operation = run.operation.empty() ? "runs without a name" : run.operation;
  return fmt::format("{}{}, {}", operation, run.profile.empty() ? "" : ", profile " + run.profile,
                     run.is_point() ? "summary numbers" : run.environment.machine_class());
}

std::optional<double> median_of(const std::vector<const Measurement*>& runs, Metric metric) {
  std::vector<double> values;
  for (const Measurement* run : runs) {
    if (const auto value = measure::value_of(run->total, metric, run->duration_s)) values.push_back(*value);
  }
  return values.empty() ? std::nullopt : std::optional(stats::median(values));
}

}  // namespace

std::vector<Group> groups_of(const baseline::Contents& contents) {
  std::vector<Group> groups;
  std::map<GroupKey, std::size_t> places;
  const auto group_for = [&](const Measurement& run) -> Group& {
    const auto [place, is_new] = places.emplace(key_of(run), groups.size());
    if (is_new) groups.push_back({title_of(run), {}, {}});
    return groups[place->second];
  };
  for (std::size_t i = 0; i < contents.runs.size(); ++i) {
    group_for(contents.runs[i].run).runs.push_back({i + 1, &contents.runs[i]});
  }
  for (const baseline::Anchor& anchor : contents.anchors) group_for(anchor.stored.run).anchors.push_back(&anchor);
  return groups;
}

std::string run_line(const Measurement& run) {
  std::string text = report::utc_text(run.started_at_unix_s).substr(0, 16);
  std::replace(text.begin(), text.end(), 'T', ' ');
  const std::string commit = visible(run.commit).substr(0, commit_digits);
  text += fmt::format("  {:<{}} ", commit.empty() ? "-" : commit, commit_digits);
  for (const Metric metric : shown_metrics) {
    const auto value = measure::value_of(run.total, metric, run.duration_s);
    const std::string label = metric == Metric::throughput ? "" : short_name(metric) + " ";
    text += fmt::format(" {}{},", label, value ? to_text(metric, *value) : "not known");
  }
  const auto errors = measure::value_of(run.total, Metric::error_rate, run.duration_s);
  return text + " errors " + (errors ? to_text(Metric::error_rate, *errors) : "not known");
}

std::string promotion_text(const baseline::StoredRun& stored) {
  if (!stored.promotion) return {};
  const baseline::Promotion& promotion = *stored.promotion;
  std::string text = "promoted " + visible(promotion.at.substr(0, 10));
  if (!promotion.accepted.empty()) {
    text += fmt::format(", verdict {}: {}", promotion.outcome.empty() ? "none" : visible(promotion.outcome),
                        visible(promotion.accepted));
  }
  return text;
}

std::string medians_text(const std::vector<const Measurement*>& before, const std::vector<const Measurement*>& after) {
  std::vector<std::string> parts;
  for (const Metric metric : shown_metrics) {
    const auto was = median_of(before, metric), now = median_of(after, metric);
    if (!was || !now || *was <= 0) continue;
    parts.push_back(fmt::format("{} {:+.1f} %", short_name(metric), (*now / *was - 1) * 100));
  }
  return join(parts, ", ");
}

std::vector<std::string> troubles_of(const baseline::Contents& contents) {
  std::vector<std::string> troubles;
  const config::Thresholds no_limits;
  std::map<std::tuple<std::int64_t, std::string, std::string>, std::size_t> seen;
  for (std::size_t i = 0; i < contents.runs.size(); ++i) {
    const Measurement& run = contents.runs[i].run;
    const auto say = [&](const std::string& what) { troubles.push_back(fmt::format("run {}: {}", i + 1, what)); };
    const verdict::Verdict alone = verdict::judge_alone(run, no_limits);
    if (!alone.reasons.empty())
      say("no measurement, it is left out of every comparison: " + alone.reasons.front().figure);
    const auto [first, is_new] =
        seen.emplace(std::tuple(run.started_at_unix_s, run.commit, run.workload.digest), i + 1);
    if (!is_new && run.started_at_unix_s > 0) say(fmt::format("started in the same second as run {}", first->second));
    std::vector<Measurement> others;
    for (std::size_t k = 0; k < contents.runs.size(); ++k) {
      if (k != i) others.push_back(contents.runs[k].run);
    }
    if (const auto reason = verdict::outlier_reason(others, run)) say("an outlier: " + *reason);
  }
  return troubles;
}

}  // namespace burstgate::cli
