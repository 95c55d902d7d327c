#include "verdict/comparability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "base/text.hpp"
#include "stats/sample.hpp"
#include "verdict/estimate.hpp"
#include "verdict/judge.hpp"
#include "verdict/validity.hpp"

namespace burstgate::verdict {

namespace {

using measure::Measurement;
using Runs = std::vector<const Measurement*>;

std::string major_version(const std::string& version) {
  return version.substr(0, version.find('.'));
}

std::optional<Reason> unusable(const Measurement& run) {
  std::vector<Reason> reasons = invalidity(run);
  if (const auto reason = without_success(run)) reasons.insert(reasons.begin(), *reason);
  if (reasons.empty()) return std::nullopt;
  return Reason{reasons.front().cause, "the baseline is not valid: " + reasons.front().figure};
}

std::optional<Reason> other_workload(const Measurement& run, const Measurement& candidate) {
  if (run.workload.digest == candidate.workload.digest) return std::nullopt;
  return Reason{Cause::workload_differs, workload_difference(run.workload, candidate.workload)};
}

std::optional<Reason> other_machine(const Measurement& run, const Measurement& candidate) {
  const auto& was = run.environment;
  const auto& now = candidate.environment;
  if (was.cores != now.cores) {
    return Reason{Cause::machine_differs, fmt::format("baseline on {} cores, now {}", was.cores, now.cores)};
  }
  if (major_version(was.generator_version) != major_version(now.generator_version)) {
    return Reason{Cause::machine_differs, fmt::format("baseline measured with generator version {}, now {}",
                                                      was.generator_version, now.generator_version)};
  }
  return std::nullopt;
}

// Leaves out the runs that have an objection. When none is left, the newest run's objection is the reason.
void keep_without(const std::function<std::optional<Reason>(const Measurement&)>& objection, Comparable& comparable) {
  Runs kept;
  std::optional<Reason> newest;
  for (const Measurement* run : comparable.runs) {
    const auto reason = objection(*run);
    if (reason) newest = reason;
    if (!reason) kept.push_back(run);
  }
  if (newest && kept.empty()) comparable.reasons.push_back(*newest);
  if (newest && !kept.empty()) {
    comparable.notes.push_back(fmt::format("{} of {} recorded runs left out ({}: {})",
                                           comparable.runs.size() - kept.size(), comparable.runs.size(),
                                           name(newest->cause), newest->figure));
  }
  comparable.runs = std::move(kept);
}

void prefer_same_machine(const Measurement& candidate, Comparable& comparable) {
  const std::string now = candidate.environment.machine_class();
  Runs same;
  for (const Measurement* run : comparable.runs) {
    if (run->environment.machine_class() == now) same.push_back(run);
  }
  comparable.same_machine = !same.empty();
  if (same.empty()) {
    comparable.notes.push_back(
        fmt::format("machine differs: baseline {}, now {}", comparable.runs.back()->environment.machine_class(), now));
  } else {
    if (same.size() < comparable.runs.size()) {
      comparable.notes.push_back(fmt::format("{} of {} recorded runs left out: another machine class",
                                             comparable.runs.size() - same.size(), comparable.runs.size()));
    }
    comparable.runs = std::move(same);
  }
}

std::optional<ReferenceChange> reference_change(const Runs& recorded, const Measurement& candidate) {
  std::vector<double> logs;
  for (const Measurement* run : recorded) {
    if (run->reference) logs.push_back(std::log(run->reference->p50_us));
  }
  if (logs.empty() || !candidate.reference) return std::nullopt;
  return ReferenceChange{std::exp(stats::mean(logs)), candidate.reference->p50_us};
}

// Numbers of different tools, or of two definitions of latency, have only their name in common. A flat summary has no
// workload fields and says nothing about it; nor does an imported file about the command that made it.
std::optional<Reason> other_tool(const Measurement& run, const Measurement& candidate) {
  if (run.workload.fields.empty() || candidate.workload.fields.empty()) return std::nullopt;
  const bool commands = !measure::command_of(run).empty() && !measure::command_of(candidate).empty();
  const auto measured_by = [commands](const Measurement& measurement) {
    measure::Workload part;
    for (const auto& field : measurement.workload.fields) {
      const bool always = field.first == "tool" || field.first == "latency";
      if (always || (commands && field.first == measure::command_field)) part.fields.push_back(field);
    }
    return part;
  };
  const measure::Workload was = measured_by(run), now = measured_by(candidate);
  if (was.fields == now.fields) return std::nullopt;
  return Reason{Cause::workload_differs, workload_difference(was, now)};
}

Comparable point_comparison(const std::vector<Measurement>& recorded, const Measurement& candidate) {
  Comparable comparable;
  for (const Measurement& run : recorded) comparable.runs.push_back(&run);
  keep_without([&](const Measurement& run) { return other_tool(run, candidate); }, comparable);
  if (comparable.runs.empty()) return comparable;
  comparable.comparison = Comparison::point;
  comparable.notes.push_back("point comparison, no confidence");
  if (!measure::command_of(candidate).empty() && candidate.is_point()) {
    comparable.notes.push_back(
        fmt::format("from {} recorded runs of this command on this machine on, their own spread "
                    "gives confidence",
                    min_runs_for_spread));
  }
  return comparable;
}

// Summary figures of a tool that burstgate itself ran: the command and the machine are known, as of a burst. Enough
// recorded runs of both show how much the figures differ from run to run; nothing when there are too few.
std::optional<Comparable> repeated_command(const std::vector<Measurement>& recorded, const Measurement& candidate) {
  const auto is_ours = [](const Measurement& run) { return run.is_point() && !measure::command_of(run).empty(); };
  if (!is_ours(candidate)) return std::nullopt;
  Comparable comparable;
  for (const Measurement& run : recorded) {
    if (is_ours(run)) comparable.runs.push_back(&run);
  }
  keep_without([](const Measurement& run) { return unusable(run); }, comparable);
  keep_without([&](const Measurement& run) { return other_workload(run, candidate); }, comparable);
  keep_without([&](const Measurement& run) { return other_machine(run, candidate); }, comparable);
  if (comparable.runs.empty()) return std::nullopt;
  prefer_same_machine(candidate, comparable);
  if (!comparable.same_machine || comparable.runs.size() < min_runs_for_spread) return std::nullopt;
  comparable.comparison = Comparison::stored;
  comparable.reference = reference_change(comparable.runs, candidate);
  return comparable;
}

}  // namespace

bool ReferenceChange::shifted() const {
  return std::fabs(std::log(now_us / recorded_us)) > max_reference_shift;
}

std::string workload_difference(const measure::Workload& baseline, const measure::Workload& candidate) {
  const std::map<std::string, std::string> was(baseline.fields.begin(), baseline.fields.end());
  const std::map<std::string, std::string> now(candidate.fields.begin(), candidate.fields.end());
  const auto value = [](const auto& fields, const std::string& field) {
    const auto found = fields.find(field);
    return found == fields.end() ? std::string("(none)") : found->second;
  };
  std::vector<std::string> differences;
  for (const auto& [field, text] : was) {
    if (value(now, field) != text) differences.push_back(fmt::format("{}: {} -> {}", field, text, value(now, field)));
  }
  for (const auto& [field, text] : now) {
    if (!was.contains(field)) differences.push_back(fmt::format("{}: (none) -> {}", field, text));
  }
  if (differences.empty()) return "the workload digests differ";
  return join(differences, "; ");
}

Comparable comparable_runs(const std::vector<Measurement>& recorded, const Measurement& candidate) {
  const bool has_data = std::any_of(recorded.begin(), recorded.end(), [](const auto& run) { return !run.is_point(); });
  if (auto repeated = repeated_command(recorded, candidate)) return std::move(*repeated);
  if (candidate.is_point() || !has_data) return point_comparison(recorded, candidate);

  Comparable comparable;
  for (const Measurement& run : recorded) {
    if (!run.is_point()) comparable.runs.push_back(&run);
  }
  keep_without([](const Measurement& run) { return unusable(run); }, comparable);
  keep_without([&](const Measurement& run) { return other_workload(run, candidate); }, comparable);
  keep_without([&](const Measurement& run) { return other_machine(run, candidate); }, comparable);
  if (comparable.runs.empty()) return comparable;
  comparable.comparison = Comparison::stored;
  prefer_same_machine(candidate, comparable);
  comparable.reference = reference_change(comparable.runs, candidate);
  return comparable;
}

}  // namespace burstgate::verdict
