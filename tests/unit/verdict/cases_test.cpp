// The table of verdict cases: tests/cases/verdict/*.yaml, each a baseline, a candidate, thresholds and what is
// expected.
//
// A run is described by what differs from a healthy one (10 000 successes of 10 ms each in 10 s, no errors):
//   us, ok, late, errors, unfinished, dropped, statuses, body, slices (a factor on the latency per slice),
//   slice_errors, name          of its endpoint; several under `endpoints`, each with these keys duration_s, cpu,
//   cores, version, workload, lag_us, thread_cpu, steal, paused_s, asked, peak, reference_us, partial, died, point,
//   figures, first_byte_us
#include <doctest/doctest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>

#include "base/assert.hpp"
#include "cli/exit_code.hpp"
#include "support/measurement_builder.hpp"
#include "verdict/judge.hpp"

using namespace burstgate;
using namespace burstgate::verdict;

namespace {

void refuse_other_keys(const YAML::Node& node, std::initializer_list<std::string_view> known) {
  for (const auto& entry : node) {
    const auto key = entry.first.as<std::string>();
    if (std::find(known.begin(), known.end(), key) == known.end()) FAIL("unknown key in a case: ", key);
  }
}

template <class T>
void set(T& value, const YAML::Node& node) {
  if (node) value = node.as<T>();
}

Metric metric_of(const std::string& name) {
  const auto metric = metric_named(name);
  REQUIRE_MESSAGE(metric, "unknown metric ", name);
  return *metric;
}

std::map<Metric, double> point_of(const YAML::Node& node) {
  std::map<Metric, double> point;
  for (const auto& entry : node) point[metric_of(entry.first.as<std::string>())] = entry.second.as<double>();
  return point;
}

test::EndpointSpec endpoint_of(const YAML::Node& node) {
  test::EndpointSpec spec;
  set(spec.name, node["name"]);
  set(spec.ok, node["ok"]);
  const auto us = node["us"] ? node["us"].as<std::int64_t>() : 10'000;
  spec.latency_us = {{1.0, us}};
  set(spec.late, node["late"]);
  set(spec.late_us, node["late_us"]);
  set(spec.errors, node["errors"]);
  set(spec.unfinished, node["unfinished"]);
  set(spec.dropped, node["dropped"]);
  set(spec.statuses, node["statuses"]);
  set(spec.body_bytes_each, node["body"]);
  set(spec.slices, node["slices"]);
  set(spec.slice_errors, node["slice_errors"]);
  return spec;
}

measure::Measurement run_of(const YAML::Node& node) {
  refuse_other_keys(
      node, {"us",      "ok",       "late",         "late_us",      "errors",    "unfinished",   "dropped", "statuses",
             "body",    "slices",   "slice_errors", "name",         "endpoints", "duration_s",   "cpu",     "cores",
             "version", "workload", "lag_us",       "thread_cpu",   "steal",     "paused_s",     "asked",   "peak",
             "partial", "died",     "point",        "reference_us", "figures",   "first_byte_us"});
  test::RunSpec spec;
  spec.endpoints = {endpoint_of(node)};
  if (node["endpoints"]) {
    spec.endpoints.clear();
    for (const auto& endpoint : node["endpoints"]) {
      spec.endpoints.push_back(endpoint_of(endpoint));
      spec.endpoints.back().point = point_of(endpoint["point"]);
    }
  }
  set(spec.duration_s, node["duration_s"]);
  set(spec.cpu, node["cpu"]);
  set(spec.cores, node["cores"]);
  set(spec.version, node["version"]);
  if (node["workload"]) {
    spec.workload.clear();
    for (const auto& entry : node["workload"]) {
      spec.workload.emplace_back(entry.first.as<std::string>(), entry.second.as<std::string>());
    }
  }
  if (node["lag_us"]) spec.generator.send_lag_p99_us = node["lag_us"].as<double>();
  set(spec.generator.busiest_thread_cpu, node["thread_cpu"]);
  set(spec.generator.steal_share, node["steal"]);
  set(spec.generator.paused_s, node["paused_s"]);
  set(spec.generator.connections_asked, node["asked"]);
  set(spec.generator.connections_peak, node["peak"]);
  set(spec.reference_us, node["reference_us"]);
  set(spec.partial, node["partial"]);
  set(spec.target_died, node["died"]);
  spec.point = point_of(node["point"]);
  spec.figures = point_of(node["figures"]);
  set(spec.first_byte_us, node["first_byte_us"]);
  if (!spec.point.empty() && !node["endpoints"]) spec.endpoints.clear();
  return test::build(spec);
}

BaselineSide baseline_of(const YAML::Node& node) {
  BaselineSide side;
  if (!node) return side;  // not configured
  side.configured = true;
  for (const auto& run : node) side.runs.push_back(run_of(run));
  return side;
}

std::optional<double> number(const YAML::Node& node) {
  return node ? std::optional<double>(node.as<double>()) : std::nullopt;
}

config::RuleSet rules_of(const YAML::Node& node) {
  config::RuleSet set;
  for (const auto& entry : node["regression"]) {
    config::RegressionRule rule;
    rule.metric = metric_of(entry.first.as<std::string>());
    rule.warn = number(entry.second["warn"]);
    rule.fail = number(entry.second["fail"]);
    rule.floor = number(entry.second["floor"]);
    rule.place = {"thresholds.yaml", 7, 3};
    set.regression.push_back(rule);
  }
  for (const auto& entry : node["limits"]) {
    config::AbsoluteRule rule;
    rule.metric = metric_of(entry.first.as<std::string>());
    rule.warn = number(entry.second["warn"]);
    rule.fail = number(entry.second["fail"]);
    rule.place = {"thresholds.yaml", 9, 3};
    set.limits.push_back(rule);
  }
  return set;
}

config::Thresholds thresholds_of(const YAML::Node& node) {
  refuse_other_keys(node, {"regression", "limits", "endpoints"});
  config::Thresholds thresholds;
  thresholds.total = rules_of(node);
  for (const auto& entry : node["endpoints"]) {
    thresholds.endpoints[entry.first.as<std::string>()] = rules_of(entry.second);
  }
  return thresholds;
}

void expect_number(const YAML::Node& node, const std::optional<double>& actual) {
  if (!node) return;
  if (node.IsNull()) {
    CHECK_FALSE(actual);
    return;
  }
  REQUIRE(actual);
  const double expected = node.as<double>();
  CHECK(std::abs(*actual - expected) <= 1e-5 * std::max(1.0, std::abs(expected)));
}

void expect_check(const YAML::Node& expected, const Check& check) {
  refuse_other_keys(expected, {"check", "outcome", "cause", "improved", "already_broken", "baseline", "candidate",
                               "change", "low", "high", "visible", "samples", "figure"});
  const std::string title = std::string(check.kind == CheckKind::regression ? "regression " : "limit ") +
                            (check.endpoint.empty() ? "" : check.endpoint + " ") + std::string(name(check.metric));
  CHECK(title == expected["check"].as<std::string>());
  INFO(title, ": ", check.figure);
  CHECK(name(check.outcome) == expected["outcome"].as<std::string>());
  CHECK(name(check.cause) == (expected["cause"] ? expected["cause"].as<std::string>() : "none"));
  CHECK(check.improved == (expected["improved"] && expected["improved"].as<bool>()));
  CHECK(check.already_broken == (expected["already_broken"] && expected["already_broken"].as<bool>()));
  CHECK(check.place.line == (check.kind == CheckKind::regression ? 7 : 9));
  CHECK(!check.figure.empty());
  CHECK(check.figure.find('\n') == std::string::npos);
  expect_number(expected["baseline"], check.baseline);
  expect_number(expected["candidate"], check.candidate);
  expect_number(expected["change"], check.change);
  const auto bound = [&](double Interval::*side) {
    return check.interval ? std::optional<double>((*check.interval).*side) : std::nullopt;
  };
  expect_number(expected["low"], bound(&Interval::low));
  expect_number(expected["high"], bound(&Interval::high));
  expect_number(expected["visible"], check.smallest_visible_change);
  if (expected["samples"]) CHECK(check.samples == expected["samples"].as<std::uint64_t>());
  if (expected["figure"]) CHECK(check.figure == expected["figure"].as<std::string>());
}

void expect_texts(const YAML::Node& expected, const std::vector<std::string>& actual) {
  REQUIRE(actual.size() == (expected ? expected.size() : 0));
  for (std::size_t i = 0; i < actual.size(); ++i) CHECK(actual[i] == expected[i].as<std::string>());
}

void run_case(const YAML::Node& node) {
  refuse_other_keys(node, {"name", "baseline", "candidate", "thresholds", "expect"});
  const YAML::Node expected = node["expect"];
  refuse_other_keys(expected, {"outcome", "exit", "target_failed", "interrupted", "comparison", "baseline_runs",
                               "reasons", "figures", "notes", "checks"});
  const Verdict verdict =
      judge(baseline_of(node["baseline"]), run_of(node["candidate"]), thresholds_of(node["thresholds"]));
  CHECK(name(verdict.outcome) == expected["outcome"].as<std::string>());
  CHECK(cli::exit_code(verdict, 0) == expected["exit"].as<int>());
  CHECK(verdict.target_failed == (expected["target_failed"] && expected["target_failed"].as<bool>()));
  CHECK(verdict.interrupted == (expected["interrupted"] && expected["interrupted"].as<bool>()));
  if (expected["comparison"]) CHECK(name(verdict.comparison) == expected["comparison"].as<std::string>());
  if (expected["baseline_runs"]) CHECK(verdict.baseline_runs == expected["baseline_runs"].as<int>());
  std::vector<std::string> reasons, figures;
  for (const Reason& reason : verdict.reasons) {
    reasons.emplace_back(name(reason.cause));
    figures.push_back(reason.figure);
  }
  expect_texts(expected["reasons"], reasons);
  if (expected["figures"]) expect_texts(expected["figures"], figures);
  if (expected["notes"]) expect_texts(expected["notes"], verdict.notes);
  REQUIRE(verdict.checks.size() == expected["checks"].size());
  for (std::size_t i = 0; i < verdict.checks.size(); ++i) expect_check(expected["checks"][i], verdict.checks[i]);
}

std::vector<std::pair<std::string, YAML::Node>> read_cases() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(BURSTGATE_SOURCE_DIR "/tests/cases/verdict")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::pair<std::string, YAML::Node>> cases;
  for (const auto& file : files) {
    for (const auto& node : YAML::LoadFile(file.string())) {
      cases.emplace_back(file.stem().string() + ": " + node["name"].as<std::string>(), node);
    }
  }
  return cases;
}

}  // namespace

TEST_CASE("verdict cases") {
  static const auto cases = read_cases();
  REQUIRE(cases.size() >= 50);
  for (const auto& [title, node] : cases) {
    SUBCASE(title.c_str()) {
      run_case(node);
    }
  }
}

TEST_CASE("nothing to judge is our own bug: the caller refuses that") {
  const auto run = test::build({});
  CHECK_THROWS_AS(judge({}, run, {}), AssertionFailed);
  config::Thresholds only_regression;
  only_regression.total.regression.push_back({Metric::latency_p95, {}, 0.2, {}, {}});
  CHECK_THROWS_AS(judge({}, run, only_regression), AssertionFailed);
  CHECK_NOTHROW(judge({true, {}}, run, only_regression));
  only_regression.total.regression[0].fail.reset();
  CHECK_THROWS_AS(judge({true, {}}, run, only_regression), AssertionFailed);
  config::Thresholds empty_limit;
  empty_limit.total.limits.push_back({Metric::latency_p95, {}, {}, {}});
  CHECK_THROWS_AS(judge({}, run, empty_limit), AssertionFailed);
}
