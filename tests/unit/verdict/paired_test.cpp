// The paired comparison: every road to an outcome, on rounds with invented figures.
#include "verdict/paired.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "support/paired_builder.hpp"
#include "verdict/judge.hpp"

using namespace burstgate;
using namespace burstgate::verdict;
using measure::PairPhase;
using measure::Side;
using test::build;
using test::measured;
using test::PairedSpec;

namespace {

Verdict judged(const measure::PairedRun& run, const PairedSpec& spec,
               const config::Thresholds& thresholds = config::default_thresholds()) {
  return judge_paired(run, measured(spec, Side::baseline), measured(spec, Side::candidate), thresholds);
}

Verdict judged(const PairedSpec& spec, const config::Thresholds& thresholds = config::default_thresholds()) {
  return judged(build(spec), spec, thresholds);
}

config::RegressionRule rule(Metric metric, std::optional<double> fail, std::optional<double> floor = std::nullopt) {
  return {.metric = metric, .warn = {}, .fail = fail, .floor = floor, .place = {}};
}

config::Thresholds only(const config::RegressionRule& rule) {
  config::Thresholds thresholds;
  thresholds.total.regression.push_back(rule);
  return thresholds;
}

const Check& check_of(const Verdict& verdict, Metric metric, const std::string& endpoint = "",
                      CheckKind kind = CheckKind::regression) {
  for (const Check& check : verdict.checks) {
    if (check.kind == kind && check.metric == metric && check.endpoint == endpoint) return check;
  }
  FAIL("no such check: ", name(metric));
  return verdict.checks.front();
}

std::vector<Metric> failed(const Verdict& verdict) {
  std::vector<Metric> metrics;
  for (const Check& check : verdict.checks) {
    if (check.outcome == Outcome::fail && check.kind == CheckKind::regression) metrics.push_back(check.metric);
  }
  return metrics;
}

// The first rounds of one run, and then those of another.
measure::PairedRun spliced(const PairedSpec& first, std::size_t rounds, const PairedSpec& then) {
  measure::PairedRun run = build(then);
  const measure::PairedRun other = build(first);
  for (std::size_t i = 0; i < rounds; ++i) run.rounds.at(i) = other.rounds.at(i);
  return run;
}

void expect_withdrawn(const Verdict& verdict, Cause cause, const std::string& figure) {
  REQUIRE_FALSE(verdict.reasons.empty());
  CHECK(verdict.reasons.front().cause == cause);
  CHECK(verdict.reasons.front().figure == figure);
  for (const Check& check : verdict.checks) {
    CHECK(check.outcome == Outcome::inconclusive);
    CHECK(check.cause == cause);
    CHECK(check.figure == figure);
    CHECK_FALSE(check.improved);
  }
}

PairedSpec until(double paired_s) {
  PairedSpec spec;
  spec.paired_s = paired_s;
  return spec;
}

}  // namespace

TEST_CASE("an unchanged build passes at the first look") {
  const Verdict verdict = judged(until(8));
  CHECK(verdict.outcome == Outcome::pass);
  CHECK(verdict.comparison == Comparison::paired);
  CHECK(verdict.baseline_runs == 1);
  CHECK_FALSE(verdict.target_failed);
  CHECK_FALSE(verdict.interrupted);
  CHECK(verdict.reasons.empty());
  CHECK(verdict.notes.empty());
  std::vector<Metric> metrics;
  for (const Check& check : verdict.checks) {
    metrics.push_back(check.metric);
    CHECK(check.outcome == Outcome::pass);
    CHECK(check.cause == Cause::none);
    CHECK_FALSE(check.improved);
  }
  CHECK(metrics == std::vector<Metric>{Metric::latency_p95, Metric::throughput, Metric::error_rate, Metric::stalls,
                                       Metric::cpu_per_request, Metric::error_rate});
}

TEST_CASE("how the comparison came to its end is told") {
  PairedSpec spec = until(12);
  spec.set_aside_every = 24;
  const Verdict verdict = judged(spec);
  REQUIRE(verdict.sequence);
  const Sequence& sequence = *verdict.sequence;
  CHECK(sequence.budget_s == 60);
  CHECK(sequence.paired_s == 12);
  CHECK(sequence.wall_s == 24);
  CHECK(sequence.looks_s == std::vector<double>{8, 12, 18, 30, 45, 60});
  CHECK(sequence.looks_taken == 2);  // without the round that is set aside, throughput has too few for the first
  CHECK(sequence.decided);
  CHECK(sequence.why_stopped == "every check is decided");
  CHECK(sequence.rounds == 46);
  CHECK(sequence.rounds_set_aside == 2);
  CHECK(sequence.launches == 3);
}

TEST_CASE("every metric alone can fail the gate") {
  PairedSpec spec = until(18);
  config::Thresholds thresholds = config::default_thresholds();
  Metric worse{};
  SUBCASE("p95") {
    spec.candidate.p50_us = 12'500, worse = Metric::latency_p95;
  }
  SUBCASE("throughput") {
    spec.candidate.throughput_per_s = 800, worse = Metric::throughput;
  }
  SUBCASE("errors") {
    spec.candidate.failed = 2, worse = Metric::error_rate;
  }
  SUBCASE("stalls") {
    spec.candidate.stalls_every = 3, worse = Metric::stalls;
  }
  SUBCASE("CPU time") {
    spec.candidate.cpu_us = 500, worse = Metric::cpu_per_request;
    thresholds.total.regression.push_back(rule(worse, 0.2));
  }
  const Verdict verdict = judged(spec, thresholds);
  CHECK(verdict.outcome == Outcome::fail);
  CHECK_FALSE(verdict.target_failed);
  CHECK(failed(verdict) == std::vector<Metric>{worse});
  CHECK(verdict.sequence->why_stopped == "a check failed");
  CHECK(verdict.sequence->decided);
  const Check& check = check_of(verdict, worse);
  CHECK(check.interval->low > check.tolerance);
  CHECK(check.figure.starts_with("at least "));
}

TEST_CASE("the figures of a check are those of the rounds, in base units") {
  PairedSpec spec = until(8);
  spec.noise = 0;
  spec.candidate.p50_us = 11'000;
  spec.candidate.throughput_per_s = 960;
  spec.candidate.cpu_us = 440;
  const Verdict verdict = judged(spec);
  const Check& p95 = check_of(verdict, Metric::latency_p95);
  CHECK(*p95.baseline == doctest::Approx(20'000));
  CHECK(*p95.candidate == doctest::Approx(22'000));
  CHECK(*p95.change == doctest::Approx(0.10));
  CHECK(p95.samples == 22 * 100);  // rounds of the latency phase
  const Check& throughput = check_of(verdict, Metric::throughput);
  CHECK(*throughput.baseline == doctest::Approx(1000));
  CHECK(*throughput.candidate == doctest::Approx(960));
  CHECK(*throughput.change == doctest::Approx(0.04));
  CHECK(throughput.samples == 10 * 120);
  const Check& cpu = check_of(verdict, Metric::cpu_per_request);
  CHECK(*cpu.candidate == doctest::Approx(440));
  CHECK(*cpu.change == doctest::Approx(0.10));
  const Check& errors = check_of(verdict, Metric::error_rate);
  CHECK(*errors.baseline == 0);
  CHECK(errors.samples == 22 * 100 + 10 * 120);
}

TEST_CASE("the figures of shares are differences: errors, and slices that stand still") {
  PairedSpec spec = until(8);
  spec.noise = 0;
  spec.baseline.failed = 4, spec.candidate.failed = 12;
  spec.baseline.stalls_every = 3;   // 7 of 22 slices of the latency phase
  spec.candidate.stalls_every = 2;  // 11, three of them the baseline's as well
  const Verdict verdict = judged(spec);
  const Check& errors = check_of(verdict, Metric::error_rate);
  CHECK(*errors.change == doctest::Approx(*errors.candidate - *errors.baseline));
  CHECK(*errors.change == doctest::Approx(0.08).scale(0).epsilon(0.1));
  CHECK(*errors.baseline == doctest::Approx(0.04).scale(0).epsilon(0.1));
  const Check& stalls = check_of(verdict, Metric::stalls);
  CHECK(*stalls.baseline == doctest::Approx(7.0 / 22));
  CHECK(*stalls.candidate == doctest::Approx(11.0 / 22));
  CHECK(*stalls.change == doctest::Approx(4.0 / 22));
  CHECK(stalls.samples == 22);
}

TEST_CASE("more CPU time per request is a warning unless a rule says otherwise, and nobody waits for it") {
  PairedSpec spec = until(18);
  spec.candidate.cpu_us = 480;
  const Verdict verdict = judged(spec);
  CHECK(verdict.outcome == Outcome::warn);
  const Check& cpu = check_of(verdict, Metric::cpu_per_request);
  CHECK(cpu.outcome == Outcome::warn);
  CHECK(*cpu.limit_warn == 0.10);
  CHECK(cpu.interval->low > cpu.tolerance);
  CHECK(verdict.sequence->looks_taken == 1);
  spec.candidate.cpu_us = 420;  // within the limit, not below the tolerance
  CHECK(check_of(judged(spec), Metric::cpu_per_request).outcome == Outcome::pass);
}

TEST_CASE("a rule of the user's replaces the default for stalls and for CPU time") {
  PairedSpec spec = until(8);
  config::Thresholds thresholds = only(rule(Metric::stalls, 0.5));
  thresholds.total.regression.push_back(rule(Metric::cpu_per_request, 0.3));
  const Verdict verdict = judged(spec, thresholds);
  REQUIRE(verdict.checks.size() == 2);
  CHECK(*verdict.checks[0].limit_fail == 0.5);
  CHECK(*verdict.checks[1].limit_fail == 0.3);
}

TEST_CASE("without any known CPU time its default rule is silent, and a rule that somebody wrote is not") {
  PairedSpec spec = until(8);
  spec.candidate.cpu_us.reset();
  CHECK(judged(spec).outcome == Outcome::pass);
  CHECK(judged(spec).checks.size() == 5);
  config::RegressionRule written = rule(Metric::cpu_per_request, std::nullopt);
  written.warn = 0.1;
  written.place = {"gate.yaml", 7, 3};
  CHECK(check_of(judged(spec, only(written)), Metric::cpu_per_request).cause == Cause::metric_missing);
  written.place.line = 0;
  written.fail = 0.2;
  const Verdict gated = judged(spec, only(written));
  CHECK(check_of(gated, Metric::cpu_per_request).cause == Cause::metric_missing);
  CHECK(gated.outcome == Outcome::inconclusive);
}

TEST_CASE("a change below the floor passes, however certain it is") {
  PairedSpec spec = until(8);
  spec.baseline.p50_us = 200;
  spec.candidate.p50_us = 260;  // p95 400 -> 520 us
  const Check below = check_of(judged(spec), Metric::latency_p95);
  CHECK(below.outcome == Outcome::pass);
  CHECK(below.figure.find("below the floor of 1.00 ms") != std::string::npos);
  const Verdict without_floor = judged(spec, only(rule(Metric::latency_p95, 0.2, 0)));
  CHECK(failed(without_floor) == std::vector<Metric>{Metric::latency_p95});
}

TEST_CASE("a change that is estimated below the floor, and not certainly, is undecided") {
  PairedSpec spec = until(8);
  spec.noise = 0.1;
  spec.baseline.p50_us = 1000;
  spec.candidate.p50_us = 1450;  // p95 2.0 -> 2.9 ms
  const Check check = check_of(judged(spec), Metric::latency_p95);
  CHECK(check.outcome == Outcome::inconclusive);
  CHECK(check.cause == Cause::undecided);
  CHECK(check.figure.find("below the floor of 1.00 ms, and not certainly") != std::string::npos);
}

TEST_CASE("an absolute throughput limit is about the throughput phase, not about the fixed rate") {
  PairedSpec spec;
  spec.paired_s = 8;
  spec.noise = 0;
  spec.candidate.throughput_per_s = 900;
  config::Thresholds thresholds = config::default_thresholds();
  config::AbsoluteRule at_least;
  at_least.metric = Metric::throughput;
  at_least.fail = 950;
  thresholds.total.limits.push_back(at_least);
  const Verdict broken = judged(spec, thresholds);
  const Check& check = check_of(broken, Metric::throughput, "", CheckKind::limit);
  CHECK(check.outcome == Outcome::fail);
  CHECK(*check.candidate == doctest::Approx(900).epsilon(0.02));
  CHECK(*check.baseline == doctest::Approx(1000).epsilon(0.02));
  CHECK_FALSE(check.already_broken);
  spec.baseline.throughput_per_s = 940;
  CHECK(check_of(judged(spec, thresholds), Metric::throughput, "", CheckKind::limit).already_broken);
  spec.candidate.throughput_per_s = 1000;
  CHECK(check_of(judged(spec, thresholds), Metric::throughput, "", CheckKind::limit).outcome == Outcome::pass);
}

TEST_CASE("improved: certainly better by more than the limit and than the floor") {
  PairedSpec spec = until(8);
  spec.candidate.p50_us = 7'000;
  const Verdict better = judged(spec);
  CHECK(better.outcome == Outcome::pass);
  CHECK(check_of(better, Metric::latency_p95).improved);
  CHECK_FALSE(check_of(better, Metric::throughput).improved);
  spec.candidate.p50_us = 9'000;  // by less than the limit
  CHECK_FALSE(check_of(judged(spec), Metric::latency_p95).improved);
  spec.baseline.p50_us = 500, spec.candidate.p50_us = 300;  // by 0.4 ms
  CHECK_FALSE(check_of(judged(spec), Metric::latency_p95).improved);
  spec.baseline.throughput_per_s = 600;
  CHECK(check_of(judged(spec), Metric::throughput).improved);
}

// ---- looks ----

TEST_CASE("nothing is judged before the first look") {
  const Verdict verdict = judged(until(7.75));
  CHECK(verdict.sequence->looks_taken == 0);
  CHECK_FALSE(verdict.sequence->decided);
  CHECK(verdict.sequence->why_stopped == "stopped before the next look");
  CHECK(verdict.outcome == Outcome::inconclusive);
  const Check& check = check_of(verdict, Metric::latency_p95);
  CHECK(check.cause == Cause::too_few_samples);
  CHECK(check.candidate.has_value());  // what was measured is told all the same
  const Check& throughput = check_of(verdict, Metric::throughput);
  CHECK_FALSE(throughput.candidate);  // at the fixed rate it is the rate
  CHECK(throughput.samples == 0);
}

TEST_CASE("every look is recorded for whoever explains the verdict") {
  PairedSpec spec;
  spec.budget_s = spec.paired_s = 6.25;  // 25 rounds
  spec.set_aside_every = 25;
  const measure::Measurement side = measured(spec, Side::candidate);
  PairedChecks enough = paired_checks(build(spec), side, config::default_thresholds());
  REQUIRE(enough.looks.size() == 1);
  CHECK(enough.looks[0].planned_s == 6.25);
  CHECK(enough.looks[0].rounds == 24);
  CHECK(enough.looks[0].rounds_set_aside == 1);
  CHECK(enough.looks[0].alpha_spent == doctest::Approx(paired_alpha));
  CHECK(enough.looks[0].steps.size() == enough.checks.size());
  spec.set_aside_every = 12;  // 23 are left
  CHECK(paired_checks(build(spec), side, config::default_thresholds()).looks[0].steps.empty());
}

TEST_CASE("looks are taken as they were planned, however many rounds there are by now") {
  const Verdict at_look = judged(until(8)), later = judged(until(11.75)), at_the_end = judged(until(60));
  for (const Verdict* verdict : {&at_look, &later, &at_the_end}) {
    CHECK(verdict->sequence->looks_taken == 1);
    CHECK(check_of(*verdict, Metric::latency_p95).samples == 22 * 100);
  }
}

TEST_CASE("a change that comes late fails at a later look") {
  PairedSpec slower = until(30);
  slower.candidate.p50_us = 13'000;
  slower.noise = 0.2;
  PairedSpec same = until(30);
  same.noise = 0.2;
  const Verdict verdict = judged(spliced(same, 20, slower), slower);
  CHECK(verdict.sequence->looks_taken > 1);
  CHECK(failed(verdict) == std::vector<Metric>{Metric::latency_p95});
}

TEST_CASE("a check that passed at one look stays passed") {
  PairedSpec first = until(60);
  first.baseline.throughput_per_s = first.candidate.throughput_per_s = 10'000;
  first.candidate.throughput_per_s = 9'200;  // between tolerance and limit: looks go on
  first.noise = 0.1;
  PairedSpec later = first;
  later.candidate.p50_us = 14'000;
  const config::Thresholds thresholds = [] {
    config::Thresholds both = only(rule(Metric::latency_p95, 0.4));
    both.total.regression.push_back(rule(Metric::throughput, 0.10));
    return both;
  }();
  CHECK(failed(judged(later, thresholds)) == std::vector<Metric>{Metric::latency_p95});
  const Verdict verdict = judged(spliced(first, 32, later), later, thresholds);
  const Check& p95 = check_of(verdict, Metric::latency_p95);
  CHECK(verdict.sequence->looks_taken == 6);
  CHECK(p95.outcome == Outcome::pass);
  CHECK(p95.samples == 22 * 100);
  CHECK(p95.interval->high < 0.4);
}

TEST_CASE("the budget spent without a decision is inconclusive: undecided") {
  PairedSpec spec = until(60);
  spec.noise = 0.2;
  spec.candidate.throughput_per_s = 940;
  const Verdict verdict = judged(spec, only(rule(Metric::throughput, 0.10)));
  CHECK(verdict.outcome == Outcome::inconclusive);
  CHECK(verdict.reasons.empty());
  CHECK(verdict.sequence->decided);
  CHECK(verdict.sequence->looks_taken == 6);
  CHECK(verdict.sequence->why_stopped == "the budget is spent");
  CHECK(check_of(verdict, Metric::throughput).cause == Cause::undecided);
  CHECK(check_of(verdict, Metric::stalls).outcome == Outcome::pass);
  spec.paired_s = 45;
  const Verdict before = judged(spec, only(rule(Metric::throughput, 0.10)));
  CHECK_FALSE(before.sequence->decided);
  CHECK(before.sequence->looks_taken == 5);
}

TEST_CASE("fewer than 24 rounds decide nothing") {
  PairedSpec spec;
  spec.budget_s = spec.paired_s = 5.75;  // 23 rounds
  spec.candidate.p50_us = 20'000;
  const Verdict few = judged(spec);
  CHECK(few.outcome == Outcome::inconclusive);
  CHECK(few.sequence->rounds == 23);
  CHECK(few.sequence->decided);
  CHECK(few.sequence->why_stopped == "the budget is spent");
  CHECK(check_of(few, Metric::latency_p95).cause == Cause::too_few_samples);
  CHECK(check_of(few, Metric::latency_p95).figure == "23 rounds, 24 are needed");
  spec.budget_s = spec.paired_s = 6;
  CHECK(judged(spec).outcome == Outcome::fail);
  spec.budget_s = spec.paired_s = 6.25;  // 25, of which two are set aside
  spec.set_aside_every = 12;
  CHECK(judged(spec).sequence->rounds == 23);
  CHECK(judged(spec).outcome == Outcome::inconclusive);
}

TEST_CASE("a gate that can only warn does not stop before it has seen enough") {
  PairedSpec spec;
  spec.slice_s = 0.5;
  spec.paired_s = 8;  // 8 rounds
  config::Thresholds thresholds;
  thresholds.total.regression.push_back({Metric::latency_p95, 0.2, std::nullopt, std::nullopt, {}});
  thresholds.total.regression.push_back({Metric::stalls, 0.2, std::nullopt, std::nullopt, {}});
  CHECK_FALSE(judged(spec, thresholds).sequence->decided);
  spec.paired_s = 30;
  const Verdict enough = judged(spec, thresholds);
  CHECK(enough.sequence->decided);
  CHECK(enough.outcome == Outcome::pass);
}

// ---- many checks ----

namespace {

constexpr std::size_t many = 20;

PairedSpec with_endpoints(std::size_t count) {
  PairedSpec spec = until(8);
  spec.noise = 0.1;
  spec.endpoints.clear();
  for (std::size_t i = 0; i < count; ++i) spec.endpoints.push_back("GET /" + std::to_string(i));
  return spec;
}

config::Thresholds p95_of_each(const PairedSpec& spec, double fail) {
  config::Thresholds thresholds;
  for (const auto& endpoint : spec.endpoints) {
    thresholds.endpoints[endpoint].regression.push_back(rule(Metric::latency_p95, fail));
  }
  return thresholds;
}

}  // namespace

TEST_CASE("one slow endpoint of twenty fails, and is named") {
  PairedSpec spec = with_endpoints(many);
  spec.candidate.slower_by["GET /7"] = 1.4;
  const Verdict verdict = judged(spec, p95_of_each(spec, 0.2));
  CHECK(verdict.outcome == Outcome::fail);
  REQUIRE(failed(verdict).size() == 1);
  CHECK(check_of(verdict, Metric::latency_p95, "GET /7").outcome == Outcome::fail);
  CHECK(verdict.checks.back().endpoint == "GET /19");
}

TEST_CASE("twenty checks share the level: what would fail alone must be clearer among twenty") {
  PairedSpec spec = with_endpoints(many);
  const auto fails = [&](double slower_by, std::size_t count) {
    PairedSpec fewer = with_endpoints(count);
    fewer.candidate.slower_by["GET /0"] = slower_by;
    return failed(judged(fewer, p95_of_each(fewer, 0.2))).size() == 1;
  };
  double alone = 1.0, among_many = 1.0;
  while (!fails(alone, 1)) alone += 0.005;
  while (!fails(among_many, many)) among_many += 0.005;
  CHECK(among_many > alone + 0.01);
  CHECK(among_many < alone + 0.10);
}

TEST_CASE("checks that have passed still count among those that share the level") {
  const auto at_second_look = [](std::size_t count) {
    PairedSpec spec = with_endpoints(count);
    spec.paired_s = 12;
    spec.candidate.slower_by["GET /0"] = 1.15;  // undecided at both looks, while all others pass at the first
    const Verdict verdict = judged(spec, p95_of_each(spec, 0.2));
    REQUIRE(verdict.sequence->looks_taken == 2);
    return check_of(verdict, Metric::latency_p95, "GET /0");
  };
  const Check alone = at_second_look(1), among_many = at_second_look(many);
  CHECK(among_many.interval->low < alone.interval->low);
  CHECK(among_many.interval->high == alone.interval->high);  // every check must pass anyway: nothing is shared
}

TEST_CASE("a check that has passed makes the others no easier to fail, however clear its change was") {
  const auto undecided_beside = [](double others_change) {
    PairedSpec spec = with_endpoints(2);
    spec.paired_s = 12;
    spec.candidate.slower_by = {{"GET /0", 1.15}, {"GET /1", others_change}};
    config::Thresholds thresholds = p95_of_each(spec, 0.2);
    thresholds.endpoints["GET /1"].regression.front().fail = 1.0;
    const Verdict verdict = judged(spec, thresholds);
    REQUIRE(verdict.sequence->looks_taken == 2);
    REQUIRE(check_of(verdict, Metric::latency_p95, "GET /1").outcome == Outcome::pass);
    return check_of(verdict, Metric::latency_p95, "GET /0");
  };
  // +50 % is certainly beyond the tolerance of +25 %, and certainly within the limit of +100 %.
  CHECK(undecided_beside(1.5).interval->low == undecided_beside(1.0).interval->low);
}

TEST_CASE("the first of many checks shares the level as well") {
  const auto total = [](std::size_t count) {
    const PairedSpec spec = with_endpoints(count);
    config::Thresholds thresholds = p95_of_each(spec, 0.2);
    thresholds.total.regression = {rule(Metric::latency_p95, 0.2)};
    return check_of(judged(spec, thresholds), Metric::latency_p95);
  };
  CHECK(total(many).interval->low < total(1).interval->low);
}

TEST_CASE("a warning shares nothing: it stops nobody") {
  const auto warned = [](std::size_t count) {
    PairedSpec spec = with_endpoints(count);
    spec.candidate.slower_by["GET /0"] = 1.3;
    config::Thresholds thresholds = p95_of_each(spec, 0.2);
    config::RegressionRule& both = thresholds.endpoints["GET /0"].regression.front();
    both.warn = 0.1, both.fail = 1.0;
    return check_of(judged(spec, thresholds), Metric::latency_p95, "GET /0");
  };
  CHECK(warned(1).outcome == Outcome::warn);
  CHECK(warned(many).outcome == Outcome::warn);
  CHECK(warned(many).interval->low == warned(1).interval->low);
}

TEST_CASE("when all are slow, all are found") {
  PairedSpec spec = with_endpoints(many);
  for (const auto& endpoint : spec.endpoints) spec.candidate.slower_by[endpoint] = 1.5;
  CHECK(failed(judged(spec, p95_of_each(spec, 0.2))).size() == many);
}

TEST_CASE("an endpoint that the run does not know is inconclusive, and keeps the run from passing") {
  const PairedSpec spec = until(8);
  config::Thresholds thresholds = config::default_thresholds();
  thresholds.endpoints["GET /gone"].regression.push_back(rule(Metric::latency_p95, 0.2));
  const Verdict verdict = judged(spec, thresholds);
  CHECK(verdict.outcome == Outcome::inconclusive);
  const Check& check = check_of(verdict, Metric::latency_p95, "GET /gone");
  CHECK(check.cause == Cause::endpoint_missing);
  CHECK(check.figure == "no endpoint 'GET /gone' here");
}

TEST_CASE("too few answers in a slice for a quantile") {
  const PairedSpec spec = until(8);
  const Verdict verdict = judged(spec, only(rule(Metric::latency_p999, 0.2)));
  const Check& check = check_of(verdict, Metric::latency_p999);
  CHECK(check.outcome == Outcome::inconclusive);
  CHECK(check.cause == Cause::too_few_samples);
  CHECK(check.figure.starts_with("latency_p99.9 needs 1000 answers in each slice"));
}

TEST_CASE("the smallest visible change lies above the tolerance, and shrinks with the noise") {
  PairedSpec spec = until(8);
  const double small = *check_of(judged(spec), Metric::latency_p95).smallest_visible_change;
  spec.noise = 0.06;
  const double large = *check_of(judged(spec), Metric::latency_p95).smallest_visible_change;
  CHECK(small > 0.05);
  CHECK(small < 0.10);
  CHECK(large - 0.05 > 2 * (small - 0.05));
  CHECK_FALSE(check_of(judged(spec), Metric::stalls).smallest_visible_change);
}

TEST_CASE("the smallest visible change follows from the width of the interval") {
  PairedSpec spec = until(8);
  spec.noise = 0.1;
  spec.budget_s = 8;  // one look: the bounds are those at 1 %
  const Check one_look = check_of(judged(spec, only(rule(Metric::latency_p95, 0.2))), Metric::latency_p95);
  const double error = (std::log1p(one_look.interval->high) - std::log1p(*one_look.change)) / 2.326;
  // Two checks have a fail limit, this one and stalls: a normal deviate for 0.5 %, and one for 95 %.
  const double expected = std::expm1(std::log(1.05) + (2.576 + 1.645) * error);
  CHECK(*one_look.smallest_visible_change == doctest::Approx(expected).scale(0).epsilon(0.1));
}

// ---- what makes a run worthless ----

TEST_CASE("rounds in which the machine took CPU time away are set aside, counted and told") {
  PairedSpec spec = until(12);
  spec.set_aside_every = 4;
  const Verdict verdict = judged(spec);
  CHECK(verdict.outcome == Outcome::pass);
  CHECK(verdict.sequence->rounds == 36);
  CHECK(verdict.sequence->rounds_set_aside == 12);
  CHECK(check_of(verdict, Metric::latency_p95).samples == 16 * 100);  // decided at the first look
  REQUIRE(verdict.notes.size() == 1);
  CHECK(verdict.notes[0] == "12 of 48 rounds were set aside: the machine took CPU time away");
}

TEST_CASE("more than three rounds of ten set aside: no measurement") {
  const PairedSpec spec = until(15);  // 60 rounds
  measure::PairedRun run = build(spec);
  for (std::size_t i = 0; i < 18; ++i) run.rounds[i * 3].lost_cpu = 0.5;
  CHECK(judged(run, spec).reasons.empty());
  run.rounds[1].lost_cpu = 0.5;
  expect_withdrawn(judged(run, spec), Cause::cpu_taken_away,
                   "the machine took more than 10 % of the CPU away in 19 of 60 rounds, limit 30 %");
}

TEST_CASE("a late generator, in the typical slice") {
  PairedSpec spec = until(8);
  const auto with_lag = [&](double p50_us, double lag_us) {
    spec.noise = 0;
    spec.baseline.p50_us = spec.candidate.p50_us = p50_us;
    spec.baseline.send_lag_p99_us = spec.candidate.send_lag_p99_us = lag_us;
    return judged(spec);
  };
  CHECK(with_lag(1'000, 1000).outcome == Outcome::pass);
  expect_withdrawn(with_lag(1'000, 1004), Cause::generator_saturated,
                   "send lag p99 of the typical slice 1.00 ms, limit 1.00 ms");
  CHECK(with_lag(10'000, 5'000).outcome == Outcome::pass);  // a quarter of a long p95 is allowed
  expect_withdrawn(with_lag(10'000, 5'010), Cause::generator_saturated,
                   "send lag p99 of the typical slice 5.01 ms, limit 5.00 ms");
}

TEST_CASE("a few late slices are not the typical one") {
  const PairedSpec spec = until(8);
  measure::PairedRun run = build(spec);
  for (std::size_t i = 0; i < 10; ++i) run.rounds[i].baseline.send_lag_p99_us = 50'000;
  CHECK(judged(run, spec).outcome == Outcome::pass);
  for (std::size_t i = 0; i < 20; ++i) run.rounds[i].baseline.send_lag_p99_us = 50'000;
  for (std::size_t i = 0; i < 20; ++i) run.rounds[i].candidate.send_lag_p99_us = 50'000;
  CHECK(judged(run, spec).reasons.size() == 1);  // more than half are
}

TEST_CASE("a busy generator, at the fixed rate") {
  PairedSpec spec = until(8);
  spec.baseline.generator_cpu = spec.candidate.generator_cpu = 0.80;
  CHECK(judged(spec).outcome == Outcome::pass);
  spec.baseline.generator_cpu = spec.candidate.generator_cpu = 0.81;
  measure::PairedRun run = build(spec);
  expect_withdrawn(judged(run, spec), Cause::generator_saturated,
                   "the generator's busiest thread used 81 % of a CPU at the fixed rate, limit 80 %");
  for (auto& round : run.rounds) {  // as fast as it can it may well be
    if (round.phase == PairPhase::latency) round.baseline.generator_cpu = round.candidate.generator_cpu = 0.3;
  }
  CHECK(judged(run, spec).outcome == Outcome::pass);
}

TEST_CASE("a baseline that died: nothing to compare with, and not the candidate's fault") {
  const PairedSpec spec = until(8);
  measure::Measurement baseline = measured(spec, Side::baseline);
  baseline.partial = baseline.target_died = true;
  baseline.stop_reason = "the service's process exited with status 3 after 5.0 s";
  const Verdict verdict =
      judge_paired(build(spec), baseline, measured(spec, Side::candidate), config::default_thresholds());
  CHECK(verdict.outcome == Outcome::inconclusive);
  CHECK_FALSE(verdict.target_failed);
  CHECK_FALSE(verdict.interrupted);
  REQUIRE(verdict.reasons.size() == 1);
  CHECK(verdict.reasons[0].cause == Cause::baseline_failed);
  CHECK(verdict.reasons[0].figure == "baseline: the service's process exited with status 3 after 5.0 s");
  CHECK(check_of(verdict, Metric::latency_p95).cause == Cause::baseline_failed);
  CHECK(check_of(verdict, Metric::error_rate, "", CheckKind::limit).outcome == Outcome::pass);
}

namespace {

// Without a single round: a side could not be started, or was lost before the first.
PairedSpec never_measured() {
  PairedSpec spec = until(0);
  return spec;
}

}  // namespace

TEST_CASE("a baseline that never started: the candidate was asked nothing, and did not fail") {
  const PairedSpec spec = never_measured();
  measure::Measurement baseline = measured(spec, Side::baseline);
  baseline.partial = baseline.target_died = true;
  baseline.stop_reason = "cannot start './base'";
  const Verdict verdict =
      judge_paired(build(spec), baseline, measured(spec, Side::candidate), config::default_thresholds());
  CHECK(verdict.outcome == Outcome::inconclusive);
  CHECK_FALSE(verdict.target_failed);
  REQUIRE(verdict.reasons.size() == 1);
  CHECK(verdict.reasons[0].cause == Cause::baseline_failed);
  for (const Check& check : verdict.checks) CHECK(check.outcome == Outcome::inconclusive);
}

TEST_CASE("a candidate that never started: the baseline was asked nothing, and did not fail") {
  const PairedSpec spec = never_measured();
  measure::Measurement candidate = measured(spec, Side::candidate);
  candidate.partial = candidate.target_died = true;
  candidate.stop_reason = "cannot start './build'";
  const Verdict verdict =
      judge_paired(build(spec), measured(spec, Side::baseline), candidate, config::default_thresholds());
  CHECK(verdict.outcome == Outcome::fail);
  CHECK(verdict.target_failed);
  for (const Reason& reason : verdict.reasons) CHECK(reason.cause != Cause::baseline_failed);
}

TEST_CASE("a baseline without a single success") {
  PairedSpec spec = until(8);
  spec.baseline.failed = spec.baseline.requests;
  spec.baseline.samples = 0;
  const Verdict verdict = judged(spec);
  CHECK(verdict.outcome == Outcome::inconclusive);
  CHECK_FALSE(verdict.target_failed);
  REQUIRE(verdict.reasons.size() == 1);
  CHECK(verdict.reasons[0].cause == Cause::baseline_failed);
  CHECK(verdict.reasons[0].figure == "baseline: none of 2100 requests succeeded");
}

TEST_CASE("a candidate that died fails the run as the service's fault") {
  const PairedSpec spec = until(8);
  measure::Measurement candidate = measured(spec, Side::candidate);
  candidate.partial = candidate.target_died = true;
  candidate.stop_reason = "killed by SIGSEGV";
  const Verdict verdict =
      judge_paired(build(spec), measured(spec, Side::baseline), candidate, config::default_thresholds());
  CHECK(verdict.outcome == Outcome::fail);
  CHECK(verdict.target_failed);
  CHECK_FALSE(verdict.interrupted);
  expect_withdrawn(verdict, Cause::target_died, "the service stopped answering after 2.6 s: killed by SIGSEGV");
}

TEST_CASE("an interrupted comparison never passes, whatever was measured") {
  const PairedSpec spec = until(8);
  measure::Measurement baseline = measured(spec, Side::baseline), candidate = measured(spec, Side::candidate);
  baseline.partial = candidate.partial = true;
  baseline.stop_reason = candidate.stop_reason = "interrupted after 9.0 s";
  const Verdict verdict = judge_paired(build(spec), baseline, candidate, config::default_thresholds());
  CHECK(verdict.outcome == Outcome::inconclusive);
  CHECK(verdict.interrupted);
  CHECK_FALSE(verdict.target_failed);
  expect_withdrawn(verdict, Cause::interrupted, "stopped after 2.6 s: interrupted after 9.0 s");
}

TEST_CASE("a candidate without a single success is broken, not fast") {
  PairedSpec spec = until(8);
  spec.candidate.failed = spec.candidate.requests;
  spec.candidate.samples = 0;
  const Verdict verdict = judged(spec);
  CHECK(verdict.outcome == Outcome::fail);
  CHECK(verdict.target_failed);
  REQUIRE_FALSE(verdict.reasons.empty());
  CHECK(verdict.reasons.front().cause == Cause::zero_successes);
  CHECK(check_of(verdict, Metric::latency_p95).cause == Cause::zero_successes);
}

TEST_CASE("other work is not compared, but errors are errors") {
  const PairedSpec spec = until(8);
  measure::Measurement candidate = measured(spec, Side::candidate);
  candidate.total.counts.body_bytes = candidate.endpoints[0].counts.body_bytes /= 3;
  const Verdict verdict =
      judge_paired(build(spec), measured(spec, Side::baseline), candidate, config::default_thresholds());
  CHECK(verdict.outcome == Outcome::inconclusive);
  REQUIRE_FALSE(verdict.reasons.empty());
  CHECK(verdict.reasons[0].cause == Cause::not_the_same_work);
  CHECK(check_of(verdict, Metric::latency_p95).cause == Cause::not_the_same_work);
  CHECK(check_of(verdict, Metric::error_rate).outcome == Outcome::pass);
}

TEST_CASE("what the user should know: a single launch, a sibling that is not idle") {
  PairedSpec spec = until(8);
  spec.single_launch = true;
  spec.idle_cpu_share = 0.03;
  REQUIRE(judged(spec).notes.size() == 1);
  CHECK(judged(spec).notes[0].starts_with("single launch: "));
  spec.single_launch = false;
  CHECK(judged(spec).notes.empty());
  spec.idle_cpu_share = 0.04;
  REQUIRE(judged(spec).notes.size() == 1);
  CHECK(judged(spec).notes[0].starts_with("the side that was not under load used 4 % of a CPU"));
}

// ---- error rates ----

namespace {

// Noise as it is measured: drifting disturbances that both sides of a round share for the most part, and heavy tails.
measure::PairedRun simulated(std::mt19937_64& random, double slower_by) {
  PairedSpec spec = until(12);
  spec.budget_s = 12;
  spec.noise = 0;
  measure::PairedRun run = build(spec);
  std::normal_distribution<double> normal;
  std::student_t_distribution<double> heavy(4);
  double drift = 0;
  for (auto& round : run.rounds) {
    drift = 0.9 * drift + 0.1 * normal(random);
    for (auto [side, factor] : {std::pair{&round.baseline, 1.0}, std::pair{&round.candidate, slower_by}}) {
      side->total.p95_us *= factor * std::exp(drift + 0.05 * heavy(random));
    }
    if ((random() & 1) != 0) continue;
    // The side that comes second is slower; which it is, the coin says.
    ((random() & 1) != 0 ? round.candidate : round.baseline).total.p95_us *= 1.1;
  }
  return run;
}

int count_of(Outcome outcome, double slower_by, int runs) {
  std::mt19937_64 random(1);
  const PairedSpec spec = until(12);
  const measure::Measurement side = measured(spec, Side::baseline);
  const auto thresholds = only(rule(Metric::latency_p95, 0.2));
  int count = 0;
  for (int i = 0; i < runs; ++i) {
    const auto checks = paired_checks(simulated(random, slower_by), side, thresholds).checks;
    count += checks.front().outcome == outcome ? 1 : 0;
  }
  return count;
}

// The promise is one in a hundred. That more than ten of 400 are wrong all the same has a chance of 1 in 370.
constexpr int runs = 400;
constexpr int wrong_at_most = 10;

}  // namespace

TEST_CASE("builds that are unchanged, or slower by no more than the tolerance, fail as rarely as promised") {
  CHECK(count_of(Outcome::fail, 1.0, runs) <= wrong_at_most);
  CHECK(count_of(Outcome::fail, 1.05, runs) <= wrong_at_most);
}

TEST_CASE("builds that are slower by the limit pass as rarely as promised, and those beyond it are found") {
  CHECK(count_of(Outcome::pass, 1.2, runs) <= wrong_at_most);
  CHECK(count_of(Outcome::fail, 1.35, 50) >= 49);
}
