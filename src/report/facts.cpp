#include "report/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "base/utc_time.hpp"
#include "report/wording.hpp"

namespace burstgate::report {

using measure::Environment;
using measure::Measurement;
using verdict::Cause;
using verdict::Outcome;

namespace {

std::string models_text(const measure::PairedRun& paired) {
  if (paired.rounds.empty()) return "none, it ended before the first round";
  return fmt::format(
      "latency: open model at {} ({}); throughput: closed model, {} {} without pauses; slices of {:.2f} s",
      to_text(Metric::throughput, paired.latency_rate_per_s),
      paired.rate_was_given ? "as given" : "found by a probe of the baseline", paired.users,
      paired.users == 1 ? "user" : "users", paired.slice_s);
}

std::string throughput_text(const Report& report) {
  const std::string value = value_text(report.candidate.total, Metric::throughput, report.candidate.duration_s);
  if (!report.paired || report.paired->rounds.empty()) return value;
  return value + ", which is the fixed rate; what the service can do is judged in the throughput phase";
}

std::string load_text(const Report& report) {
  const Measurement& run = report.candidate;
  std::string text = report.paired            ? models_text(*report.paired)
                     : run.load_model.empty() ? "model not known"
                                              : run.load_model + " model";
  if (!run.profile.empty()) text += ", profile " + run.profile;
  text += fmt::format(", {} {}", seconds_text(run.duration_s), report.paired ? "at the fixed rate" : "measured");
  if (run.warmup_s > 0) text += fmt::format(" after {} warm-up", seconds_text(run.warmup_s));
  if (run.partial) text += ", partial" + (run.stop_reason.empty() ? std::string{} : ": " + run.stop_reason);
  return text;
}

std::string failures_text(const measure::Counts& counts) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < measure::failure_count; ++i) {
    const auto failure = static_cast<measure::Failure>(i);
    if (counts[failure] > 0) parts.push_back(fmt::format("{} {}", name(failure), count_text(counts[failure])));
  }
  return join(parts, ", ");
}

std::string statuses_text(const measure::Counts& counts) {
  std::vector<std::string> parts;
  for (const auto& [status, count] : counts.statuses)
    parts.push_back(fmt::format("{} x {}", status, count_text(count)));
  return join(parts, ", ");
}

constexpr Metric shown_quantiles[] = {Metric::latency_p50, Metric::latency_p90,  Metric::latency_p95,
                                      Metric::latency_p99, Metric::latency_p999, Metric::latency_max};

std::string quantiles_text(const Measurement& run) {
  std::vector<std::string> parts;
  for (const Metric metric : shown_quantiles) {
    const std::string value = value_text(run.total, metric, run.duration_s);
    if (value == "no samples") return value;
    if (value == "not known") continue;
    parts.push_back(std::string(name(metric).substr(sizeof("latency_") - 1)) + " " + value);
  }
  return parts.empty() ? "not known" : join(parts, ", ");
}

void add_latency(std::vector<Fact>& facts, const Measurement& run) {
  facts.push_back({"latency", quantiles_text(run)});
  if (run.is_point() || run.total.latencies.judged().empty()) return;
  if (run.load_model == "closed") {
    facts.push_back({"", "closed loop: a slow service is asked less often, so these percentiles flatter it"});
    return;
  }
  const auto& service = run.total.latencies.service;
  const auto p95 = service.value_at_us(0.95);
  if (!p95) return;
  facts.push_back(
      {"", fmt::format("from the intended send time; service time p95 {}{}", service.saturated_at(0.95) ? ">= " : "",
                       to_text(Metric::latency_p95, static_cast<double>(*p95)))});
}

// Steps before and after the load, which are in no other figure.
void add_setup(std::vector<Fact>& facts, const Measurement& run) {
  for (const measure::EndpointResult& step : run.setup) {
    std::string text =
        fmt::format("{}: {} sent, {} ok", step.name, count_text(step.counts.started), count_text(step.counts.ok));
    const std::string failures = failures_text(step.counts);
    if (!failures.empty()) text += ", " + failures;
    const std::string p95 = value_text(step, Metric::latency_p95, measure::no_window_s);
    if (step.counts.ok > 0) text += ", p95 " + p95;
    facts.push_back({&step == &run.setup.front() ? "setup" : "", text + "; not measured"});
  }
}

std::string generator_text(const measure::GeneratorHealth& generator) {
  std::string text = fmt::format("{} {}, busiest at {:.0f} % of a CPU", generator.threads,
                                 generator.threads == 1 ? "thread" : "threads", generator.busiest_thread_cpu * 100);
  if (generator.send_lag_p99_us) text += ", send lag p99 " + to_text(Metric::latency_p99, *generator.send_lag_p99_us);
  text += fmt::format(", steal {:.1f} %, paused {}", generator.steal_share * 100, seconds_text(generator.paused_s));
  if (generator.stale_retries > 0) text += fmt::format(", {} stale retries", count_text(generator.stale_retries));
  return text;
}

}  // namespace

std::vector<Fact> run_facts(const Report& report) {
  const Measurement& run = report.candidate;
  const measure::Counts& counts = run.total.counts;
  std::vector<Fact> facts;
  if (!run.target.empty()) facts.push_back({"target", run.target});
  facts.push_back({"load", load_text(report)});
  if (run.is_point()) {
    facts.push_back({"requests", "not known: only summary numbers"});
  } else {
    facts.push_back({"requests", fmt::format("{} started{}: {} ok, {} failed, {} unfinished; {} dropped",
                                             count_text(counts.started), report.paired ? " at the fixed rate" : "",
                                             count_text(counts.ok), count_text(counts.failed()),
                                             count_text(counts.unfinished), count_text(counts.dropped))});
    if (counts.failed() > 0) facts.push_back({"failures", failures_text(counts)});
    if (!counts.statuses.empty()) facts.push_back({"statuses", statuses_text(counts)});
  }
  facts.push_back({"throughput", throughput_text(report)});
  facts.push_back({"error rate", value_text(run.total, Metric::error_rate, run.duration_s)});
  add_latency(facts, run);
  add_setup(facts, run);
  if (run.generator.threads > 0) facts.push_back({"generator", generator_text(run.generator)});
  std::vector<std::string> anomalies;
  for (const auto& [what, count] : run.anomalies) anomalies.push_back(fmt::format("{} {}", what, count_text(count)));
  if (!anomalies.empty()) facts.push_back({"tolerated", join(anomalies, ", ")});
  return facts;
}

namespace {

std::vector<Fact> fields(const Environment& environment) {
  std::vector<Fact> list = {
      {"cpu", environment.cpu_model},
      {"cores", environment.cores > 0 ? std::to_string(environment.cores) : ""},
      {"cpu limit", environment.cpu_limit ? fmt::format("{:.2f}", *environment.cpu_limit) : "none"},
      {"memory", environment.memory_mib > 0 ? fmt::format("{} MiB", environment.memory_mib) : ""},
      {"kernel", environment.kernel},
      {"os", environment.os},
      {"burstgate version", environment.generator_version},
  };
  return list;
}

bool is_known(const Environment& environment) {
  return !environment.cpu_model.empty() || environment.cores > 0;
}

}  // namespace

std::vector<MachineField> machine_fields(const Report& report) {
  std::vector<MachineField> both;
  const auto now = fields(report.candidate.environment);
  std::vector<std::vector<Fact>> before;
  for (const Measurement& run : report.baseline) {
    if (is_known(run.environment)) before.push_back(fields(run.environment));
  }
  if (before.empty()) return both;
  for (std::size_t i = 0; i < now.size(); ++i) {
    std::set<std::string> values;
    for (const auto& run : before) {
      if (!run[i].text.empty()) values.insert(run[i].text);
    }
    const bool differs = !now[i].text.empty() && !values.empty() && values != std::set{now[i].text};
    both.push_back({now[i].label, fmt::format("{}", fmt::join(values, " or ")), now[i].text, differs});
  }
  return both;
}

std::vector<MachineDifference> machine_differences(const Report& report) {
  std::vector<MachineDifference> differences;
  if (!is_known(report.candidate.environment)) return differences;
  for (const MachineField& field : machine_fields(report)) {
    if (field.differs) differences.push_back({field.label, field.baseline + " -> " + field.candidate});
  }
  return differences;
}

namespace {

std::string baseline_source(const Report& report) {
  if (!report.paired) return report.baseline_file.empty() ? "none configured" : report.baseline_file;
  const std::string target = report.baseline.empty() ? "" : report.baseline.front().target;
  return "the baseline build, beside the candidate" + (target.empty() ? "" : ": " + target);
}

}  // namespace

std::vector<Fact> environment_facts(const Report& report) {
  const Environment& environment = report.candidate.environment;
  std::vector<Fact> facts;
  if (is_known(environment)) {
    facts.push_back({"machine", environment.machine_class()});
    std::vector<std::string> parts;
    for (const std::string& part : {environment.os, environment.kernel}) {
      if (!part.empty()) parts.push_back(part);
    }
    if (environment.memory_mib > 0) parts.push_back(fmt::format("{} MiB", environment.memory_mib));
    if (!environment.ci.empty()) parts.push_back("CI " + environment.ci);
    if (!parts.empty()) facts.push_back({"system", join(parts, ", ")});
  } else {
    facts.push_back({"machine", "not known"});
  }
  if (!report.candidate.tool.empty()) facts.push_back({"tool", report.candidate.tool});
  if (!report.candidate.commit.empty()) facts.push_back({"commit", report.candidate.commit});
  facts.push_back({"thresholds", report.thresholds_source});
  facts.push_back({"baseline", baseline_source(report)});
  if (report.baseline.empty() || report.paired) return facts;
  std::vector<std::string> differences;
  for (const auto& [field, text] : machine_differences(report)) differences.push_back(field + " " + text);
  const bool known = std::any_of(report.baseline.begin(), report.baseline.end(),
                                 [](const Measurement& run) { return is_known(run.environment); });
  facts.push_back({"differs", !known                ? "the baseline's machine is not known"
                              : differences.empty() ? "nothing: measured on the same machine class and system"
                                                    : join(differences, "; ")});
  return facts;
}

std::vector<std::string> all_notes(const Report& report) {
  std::vector<std::string> notes;
  std::set<std::string> seen;
  const auto add = [&](const std::vector<std::string>& more) {
    for (const std::string& note : more) {
      if (!note.empty() && seen.insert(note).second) notes.push_back(note);
    }
  };
  if (report.verdict) add(report.verdict->notes);
  add(report.candidate.notes);
  return notes;
}

std::vector<NextStep> next_steps(const Report& report) {
  std::vector<NextStep> steps;
  const bool judged = report.verdict.has_value();
  const bool bad = judged && (report.verdict->outcome == Outcome::fail ||
                              report.verdict->outcome == Outcome::inconclusive || report.verdict->target_failed);
  if (bad) {
    std::vector<Cause> causes;
    for (const auto& reason : report.verdict->reasons) causes.push_back(reason.cause);
    for (const auto& check : report.verdict->checks) {
      // Beside a certain failure an undecided check is not what there is to mend.
      const bool counts = report.verdict->outcome == Outcome::inconclusive || check.cause != Cause::undecided;
      if (check.outcome == Outcome::inconclusive && counts) causes.push_back(check.cause);
    }
    std::set<std::string_view> said;
    for (const Cause cause : causes) {
      const std::string_view remedy = report.paired ? remedy_side_by_side(cause) : words(cause).remedy;
      if (!remedy.empty() && said.insert(remedy).second) steps.push_back({"", std::string(remedy), false});
    }
  }
  const bool first = !judged || report.verdict->comparison == verdict::Comparison::none;
  const bool warned = judged && report.verdict->outcome == Outcome::warn;
  if ((bad || warned) && !report.reproduce.empty()) steps.push_back({"reproduce", report.reproduce, true});
  if ((bad || warned || first) && !report.accept.empty()) {
    steps.push_back({first ? "make this the baseline" : "accept as the new baseline", report.accept, true});
  } else if (report.paired && judged && report.verdict->outcome == Outcome::fail && !report.verdict->target_failed) {
    steps.push_back({"", "if the change is meant, widen the limit for it: there is no file to accept it into", false});
  } else if (bad && !report.paired && report.verdict->outcome == Outcome::inconclusive) {
    steps.push_back({"", "this run cannot become a baseline", false});
  }
  if (!report.result_file.empty()) steps.push_back({"result", report.result_file, false});
  return steps;
}

std::string utc_text(std::int64_t unix_s) {
  std::string text = to_iso8601(std::clamp<std::int64_t>(unix_s, 0, latest_unix_s));
  if (text.ends_with('Z')) text.pop_back();
  return text;
}

}  // namespace burstgate::report
