#include "fixtures.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/json_text.hpp"
#include "measure/paired_json.hpp"
#include "report/explain.hpp"
#include "support/paired_builder.hpp"
#include "verdict/judge.hpp"

namespace burstgate::test {

using measure::EndpointResult;
using measure::Failure;
using measure::Measurement;
using report::Report;
using verdict::Cause;
using verdict::Check;
using verdict::CheckKind;
using verdict::Outcome;
using verdict::Verdict;

namespace {

// `count` successes whose latencies spread evenly around the middle, and failures.
EndpointResult endpoint(const std::string& name, std::uint64_t count, std::int64_t middle_us,
                        std::uint64_t errors = 0) {
  EndpointResult result;
  result.name = name;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::int64_t us = middle_us / 2 + static_cast<std::int64_t>(i) * middle_us / static_cast<std::int64_t>(count);
    result.latencies.ok.record(us);
    result.latencies.service.record(us * 9 / 10);
  }
  for (std::uint64_t i = 0; i < errors; ++i) result.latencies.failed.record(900);
  measure::Counts& counts = result.counts;
  counts.ok = count;
  counts[Failure::status] = errors - errors / 4;
  counts[Failure::timeout] = 0;
  counts[Failure::reset] = errors / 4;
  counts.started = counts.planned = count + errors;
  if (count > 0) counts.statuses[200] = count;
  if (errors > 0) counts.statuses[503] = errors - errors / 4;
  return result;
}

measure::Environment machine(const std::string& kernel) {
  return {"AMD EPYC 7763 64-Core Processor", 4,     std::nullopt,      kernel,
          "Debian GNU/Linux 12 (bookworm)",  15990, "burstgate 0.1.0", "github"};
}

Measurement measurement(std::vector<EndpointResult> endpoints) {
  Measurement run;
  run.tool = "burstgate 0.1.0";
  run.started_at_unix_s = 1'769'853'600;
  run.commit = "4f2a9c1";
  run.operation = "api_load";
  run.profile = "pr";
  run.load_model = "open";
  run.target = "http://127.0.0.1:8080";
  run.warmup_s = 3;
  run.duration_s = 30;
  run.environment = machine("6.8.0-1021");
  for (const EndpointResult& e : endpoints) {
    run.total.counts.add(e.counts);
    run.total.latencies.merge(e.latencies);
  }
  run.endpoints = std::move(endpoints);
  run.generator = {2, 0.34, 40.0, 210.0, 0.001, 0, 20, 20, 20, 0};
  return run;
}

Report base(std::vector<EndpointResult> endpoints) {
  Report report;
  report.candidate = measurement(std::move(endpoints));
  report.baseline = {measurement({endpoint("chat", 10, 9000)})};
  report.baseline_file = "perf/baseline.json";
  report.thresholds_source = "thresholds/default.yaml";
  report.command = "gate";
  report.reproduce = "burstgate gate --config burstgate.yaml --profile pr --seed 42";
  report.accept =
      "burstgate promote performance/results/api_load_20260131_100000.json --accept \"why it may be slower\"";
  report.result_file = "performance/results/api_load_20260131_100000.json";
  report.total_seconds = 34.2;
  Verdict verdict;
  verdict.outcome = Outcome::pass;
  verdict.comparison = verdict::Comparison::stored;
  verdict.baseline_runs = 5;
  report.verdict = verdict;
  return report;
}

Check regression(Metric metric, const std::string& where, double baseline, double change, double spread,
                 Outcome outcome) {
  Check check;
  check.metric = metric;
  check.endpoint = where;
  check.baseline = baseline;
  const bool rate = kind(metric) == MetricKind::rate, share = kind(metric) == MetricKind::share;
  check.candidate = share ? baseline + change : rate ? baseline * (1 - change) : baseline * (1 + change);
  check.change = change;
  check.interval = verdict::Interval{change - spread, change + spread};
  check.limit_fail = share ? 0.005 : rate ? 0.15 : 0.20;
  check.tolerance = *check.limit_fail / 4;
  check.floor = share ? 3 : rate ? 0 : 1000;
  check.smallest_visible_change = check.tolerance + 2 * spread;
  check.samples = 6000;
  check.outcome = outcome;
  check.place = {"thresholds/default.yaml", rate ? 3 : share ? 4 : 2, 16};
  return check;
}

Check limit(Metric metric, const std::string& where, double value, double warn, double fail, Outcome outcome) {
  Check check;
  check.kind = CheckKind::limit;
  check.metric = metric;
  check.endpoint = where;
  check.candidate = value;
  check.limit_warn = warn;
  check.limit_fail = fail;
  check.samples = 6000;
  check.outcome = outcome;
  check.place = {"thresholds/default.yaml", 6, 16};
  return check;
}

Report passing() {
  Report report = base({endpoint("chat", 3000, 8000), endpoint("session", 3000, 4000)});
  report.verdict->checks = {
      regression(Metric::latency_p95, "", 11'100, 0.016, 0.03, Outcome::pass),
      regression(Metric::latency_p99, "", 11'800, -0.27, 0.04, Outcome::pass),
      regression(Metric::throughput, "", 201, 0.005, 0.02, Outcome::pass),
      regression(Metric::error_rate, "", 0, 0, 0.0008, Outcome::pass),
      limit(Metric::latency_p95, "", 11'280, 400'000, 500'000, Outcome::pass),
  };
  report.verdict->checks[1].improved = true;
  report.accept = "";
  return report;
}

Report warning() {
  Report report = passing();
  report.verdict->outcome = Outcome::warn;
  Check& check = report.verdict->checks[0];
  check = regression(Metric::latency_p95, "", 11'100, 0.16, 0.02, Outcome::warn);
  check.limit_warn = 0.15;
  report.verdict->checks.back() = limit(Metric::latency_p95, "", 500'300, 400'000, 600'000, Outcome::warn);
  report.verdict->checks.back().already_broken = true;
  report.verdict->notes = {"only 2 runs in the baseline: the spread between runs is assumed to be 5 %"};
  report.baseline[0].environment = machine("6.1.0-28");
  return report;
}

Report failing() {
  Report report = base({endpoint("chat", 3000, 12'000, 40), endpoint("session", 3000, 4000)});
  report.candidate.load_model = "closed";
  report.exit_code = 1;
  report.verdict->outcome = Outcome::fail;
  report.verdict->checks = {
      regression(Metric::latency_p95, "", 11'100, 0.08, 0.06, Outcome::pass),
      regression(Metric::throughput, "", 201, 0.19, 0.02, Outcome::fail),
      regression(Metric::error_rate, "", 0.0005, 0.0061, 0.0009, Outcome::fail),
      limit(Metric::error_rate, "", 0.0066, 0.005, 0.01, Outcome::warn),
      regression(Metric::latency_p95, "chat", 12'400, 0.312, 0.07, Outcome::fail),
      regression(Metric::latency_p99, "chat", 14'100, 0.70, 0.30, Outcome::fail),
      regression(Metric::latency_p95, "session", 5'600, 0.011, 0.04, Outcome::pass),
      regression(Metric::latency_p999, "session", 6'100, 0.12, 0.31, Outcome::inconclusive),
  };
  report.verdict->checks[4].figure = "certainly worse than the tolerance of +5 %, by 3.06 ms (floor 1 ms)";
  report.verdict->checks.back().cause = Cause::undecided;
  report.verdict->checks.back().figure = "-19.0 % .. +43.0 % reaches from below +5 % to above +20 %";
  return report;
}

// Histograms are most of a report's weight, and no text stands in them.
Report without_figures(Report report) {
  report.candidate.total = {};
  for (EndpointResult& e : report.candidate.endpoints) e.latencies = {}, e.counts = {};
  for (Measurement& run : report.baseline) run = measurement({});
  return report;
}

Report generator_saturated() {
  Report report = base({endpoint("chat", 5000, 9000)});
  report.exit_code = 3;
  report.accept = "";
  report.candidate.total.counts.dropped = report.candidate.endpoints[0].counts.dropped = 120;
  report.candidate.total.counts.planned = report.candidate.endpoints[0].counts.planned = 5120;
  report.candidate.generator.busiest_thread_cpu = 0.97;
  report.candidate.generator.send_lag_p99_us = 4100;
  report.verdict->outcome = Outcome::inconclusive;
  report.verdict->reasons = {{Cause::generator_saturated, "send lag p99 4.10 ms, limit 1.00 ms"},
                             {Cause::generator_saturated, "busiest thread at 97 % of a CPU, limit 80 %"}};
  Check check = regression(Metric::latency_p95, "", 11'100, 0.31, 0.07, Outcome::inconclusive);
  check.cause = Cause::generator_saturated;
  report.verdict->checks = {check};
  return report;
}

Report no_baseline() {
  Report report = base({endpoint("GET /", 6000, 9000)});
  report.exit_code = 3;
  report.baseline.clear();
  report.verdict->outcome = Outcome::inconclusive;
  report.verdict->comparison = verdict::Comparison::none;
  report.verdict->baseline_runs = 0;
  report.verdict->reasons = {{Cause::no_baseline, "perf/baseline.json does not exist"}};
  report.verdict->checks = {limit(Metric::latency_p95, "", 12'900, 400'000, 500'000, Outcome::pass)};
  report.accept = "burstgate record --config burstgate.yaml --baseline perf/baseline.json";
  return report;
}

Report undecided() {
  Report report = base({endpoint("GET /", 40, 9000), endpoint("GET /never", 0, 1)});
  report.exit_code = 3;
  report.accept = "";
  report.verdict->outcome = Outcome::inconclusive;
  Check check = regression(Metric::latency_p95, "", 11'100, 0.12, 0.14, Outcome::inconclusive);
  check.cause = Cause::undecided;
  check.samples = 40;
  Check empty;
  empty.endpoint = "GET /never";
  empty.metric = Metric::latency_p95;
  empty.baseline = 9'000;
  empty.limit_fail = 0.20;
  empty.tolerance = 0.05;
  empty.cause = Cause::too_few_samples;
  empty.figure = "0 samples, 59 are needed for p95";
  Check high = limit(Metric::latency_p99, "", 13'000, 400'000, 500'000, Outcome::inconclusive);
  high.cause = Cause::too_few_samples;
  high.figure = "40 samples, 299 are needed for p99";
  high.samples = 40;
  report.verdict->checks = {check, empty, high};
  report.baseline[0].environment.cpu_model = "Intel(R) Xeon(R) Platinum 8370C CPU @ 2.80GHz";
  report.baseline[0].environment.kernel = "6.1.0-28";
  return report;
}

Report target_failed() {
  Report report = base({endpoint("GET /", 0, 1, 1200)});
  report.exit_code = 4;
  report.accept = "";
  report.verdict->outcome = Outcome::fail;
  report.verdict->target_failed = true;
  report.verdict->reasons = {{Cause::zero_successes, "0 of 1200 requests succeeded; most failed by: status"}};
  Check check = regression(Metric::latency_p95, "", 11'100, 0, 0, Outcome::inconclusive);
  check.candidate = check.change = check.smallest_visible_change = std::nullopt;
  check.interval = std::nullopt;
  check.samples = 0;
  check.cause = Cause::zero_successes;
  report.verdict->checks = {check};
  return report;
}

Report point() {
  Report report = base({});
  Measurement& run = report.candidate;
  run.total = {};
  run.total.point = std::map<Metric, double>{{Metric::latency_p95, 320'000}, {Metric::throughput, 84.2}};
  run.load_model = "";
  run.profile = "";
  run.target = "";
  run.environment = {};
  run.generator = {};
  run.commit = "";
  run.warmup_s = 0;
  report.baseline = {run};
  report.exit_code = 1;
  report.command = "compare";
  report.verdict->outcome = Outcome::fail;
  report.verdict->comparison = verdict::Comparison::point;
  report.verdict->baseline_runs = 1;
  report.verdict->notes = {"point comparison: only summary numbers, no confidence"};
  Check slower = regression(Metric::latency_p95, "", 250'000, 0.28, 0, Outcome::fail);
  Check rate = regression(Metric::throughput, "", 88, 0.043, 0, Outcome::pass);
  Check missing = regression(Metric::error_rate, "", 0.01, 0, 0, Outcome::inconclusive);
  missing.candidate = missing.change = std::nullopt;
  missing.cause = Cause::metric_missing;
  missing.figure = "the candidate has no error_rate";
  report.verdict->checks = {slower, rate, missing};
  for (Check& check : report.verdict->checks) {
    check.interval = std::nullopt;
    check.smallest_visible_change = std::nullopt;
    check.samples = 0;
  }
  return report;
}

Report measured_only() {
  Report report = base({endpoint("GET /", 600, 9000)});
  report.command = "run";
  report.verdict = std::nullopt;
  report.baseline.clear();
  report.baseline_file = "";
  for (EndpointResult* e : {&report.candidate.total, &report.candidate.endpoints[0]}) {
    e->latencies.late.record(measure::Histogram::highest_us + 1, 7);
    e->counts.unfinished = 7;
    e->counts.started += 7;
    e->counts.planned += 7;
  }
  report.accept = "burstgate record http://127.0.0.1:8080/ --baseline perf/baseline.json";
  return report;
}

measure::Measurement named(measure::Measurement run, const std::string& target) {
  const Measurement heading = measurement({});
  run.tool = heading.tool;
  run.started_at_unix_s = heading.started_at_unix_s;
  run.commit = heading.commit;
  run.operation = heading.operation;
  run.profile = heading.profile;
  run.load_model = "open";
  run.environment = heading.environment;
  run.target = target;
  run.warmup_s = 0;
  return run;
}

// As a file keeps it: times in whole nanoseconds.
measure::PairedRun saved(const measure::PairedRun& run) {
  const measure::Json json{{"paired", measure::to_json(run, {})}};
  return measure::paired_from_json(parse_json(dump_json(json, -1), "saved"), "saved")->run;
}

Report side_by_side(const PairedSpec& spec) {
  Report report = base({});
  report.candidate = named(measured(spec, measure::Side::candidate), "http://127.0.0.1:8080");
  report.baseline = {named(measured(spec, measure::Side::baseline), "http://127.0.0.1:8081")};
  measure::PairedRun run = build(spec);
  run.seed = 42;
  run.latency_rate_per_s = static_cast<double>(spec.candidate.requests * spec.endpoints.size()) / spec.slice_s;
  run.users = 20;
  run.wall_s = spec.paired_s * 1.4;
  report.paired = saved(run);
  report.baseline_file = report.accept = "";
  report.verdict =
      verdict::judge_paired(*report.paired, report.baseline.front(), report.candidate, paired_thresholds());
  return report;
}

Report paired_pass() {
  PairedSpec spec;
  spec.endpoints = {"chat", "session"};
  spec.paired_s = 8;
  spec.set_aside_every = 16;
  Report report = side_by_side(spec);
  report.paired->rate_was_given = true;
  return report;
}

Report paired_fail() {
  PairedSpec spec;
  spec.endpoints = {"chat", "session"};
  spec.paired_s = 12;
  spec.noise = 0.12;
  spec.candidate.slower_by = {{"chat", 1.31}};
  spec.candidate.cpu_us = 520;
  spec.single_launch = true;
  spec.rounds_per_launch = 1000;
  Report report = side_by_side(spec);
  report.exit_code = 1;
  return report;
}

Report paired_inconclusive() {
  PairedSpec spec;
  spec.endpoints = {"chat"};
  spec.budget_s = spec.paired_s = 12;
  spec.noise = 0.12;
  spec.candidate.p50_us = 11'300;
  spec.candidate.stalls_every = 9;
  spec.baseline.cpu_us = spec.candidate.cpu_us = std::nullopt;
  Report report = side_by_side(spec);
  report.exit_code = 3;
  return report;
}

Report hostile() {
  const std::vector<std::string> names = {
      "<script>alert(1)</script>",
      "a|b`c`\\|d",
      "]]>&amp;<!--",
      "\x1b[31mred\x1b[0m",
      "::error::x",
      "##vso[task.complete]",
      "\u202Egnp.exe",
      "caf\u00e9",
      "\xed\xa0\x80",
      "@team #123",
      "a\nb",
      "v1.2/api.json",
      std::string(10'240, 'n'),
      "\xff",
      "\\xff",
      "total",
      "www.x.org",
      "https://x.org/a_b_c",
  };
  std::vector<EndpointResult> endpoints;
  for (const std::string& name : names) endpoints.push_back(endpoint(name, 100, 8000, 2));
  Report report = base(std::move(endpoints));
  report.exit_code = 1;
  report.candidate.operation = "api--load.v2 -->";
  report.verdict->outcome = Outcome::fail;
  for (const std::string& name : names) {
    report.verdict->checks.push_back(regression(Metric::latency_p95, name, 8'000, 0.40, 0.07, Outcome::fail));
  }
  report.verdict->notes = {"::set-output name=x::y", "##[error]not ours", "\x1b]0;title\x07"};
  return report;
}

}  // namespace

config::Thresholds paired_thresholds() {
  config::Thresholds thresholds;
  thresholds.source = "thresholds/default.yaml";
  const auto at = [](int line) { return Place{"thresholds/default.yaml", line, 16}; };
  thresholds.total.regression = {{Metric::latency_p95, std::nullopt, 0.20, std::nullopt, at(2)},
                                 {Metric::throughput, std::nullopt, 0.15, std::nullopt, at(3)},
                                 {Metric::error_rate, std::nullopt, 0.005, std::nullopt, at(4)}};
  thresholds.total.limits = {{Metric::error_rate, std::nullopt, 0.01, at(6)}};
  thresholds.endpoints["chat"].regression = {{Metric::latency_p95, 0.10, 0.20, std::nullopt, at(8)}};
  return thresholds;
}

std::string explanation_of(const Report& report, bool color, bool unicode) {
  report::Explanation explanation;
  if (report.paired) {
    explanation.looks = verdict::paired_checks(*report.paired, report.candidate, paired_thresholds()).looks;
  }
  return report::render_explanation(report, explanation, color, unicode);
}

const std::vector<ReportCase>& report_cases() {
  static const std::vector<ReportCase> cases = {
      {"pass", passing},
      {"pass-with-warning", warning},
      {"fail-with-endpoints", failing},
      {"inconclusive-generator-saturated", generator_saturated},
      {"inconclusive-no-baseline", no_baseline},
      {"inconclusive-undecided", undecided},
      {"target-failed", target_failed},
      {"point-comparison", point},
      {"measured-only", measured_only},
      {"hostile-names", hostile},
      {"paired-pass", paired_pass},
      {"paired-fail", paired_fail},
      {"paired-inconclusive", paired_inconclusive},
  };
  return cases;
}

Report report_of(const std::string& text) {
  static const Report light = without_figures(failing());
  Report report = light;
  for (EndpointResult* e : {&report.candidate.endpoints[0], &report.candidate.endpoints[1]}) e->name = text + e->name;
  for (Check& check : report.verdict->checks) {
    if (!check.endpoint.empty()) check.endpoint = text + check.endpoint;
    check.figure = text;
    check.place.file = text;
  }
  report.verdict->reasons = {{Cause::not_the_same_work, text}};
  report.verdict->notes = {text};
  measure::Environment& environment = report.candidate.environment;
  environment.cpu_model = environment.kernel = environment.os = environment.ci = text;
  Measurement& run = report.candidate;
  run.operation = run.profile = run.target = run.commit = run.tool = run.stop_reason = text;
  run.partial = true;
  run.anomalies = {{text, 3}};
  run.notes = {text + " again"};
  run.workload.fields = {{"header " + text, text}};
  report.baseline_file = report.thresholds_source = report.reproduce = report.accept = report.result_file = text;
  return report;
}

Report report_with_endpoints(const std::vector<std::string>& names) {
  std::vector<EndpointResult> endpoints;
  for (const std::string& name : names) {
    endpoints.emplace_back();
    endpoints.back().name = name;
  }
  Report report = base(std::move(endpoints));
  report.exit_code = 1;
  report.verdict->outcome = Outcome::fail;
  for (const std::string& name : names) {
    report.verdict->checks.push_back(regression(Metric::latency_p95, name, 8'000, 0.40, 0.07, Outcome::fail));
  }
  return report;
}

Report report_with_endpoints(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(fmt::format("GET /api/v1/things/{}", i));
  return report_with_endpoints(names);
}

}  // namespace burstgate::test
