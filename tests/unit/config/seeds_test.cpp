// tests/cases/seeds: data out of the documents of teams that had no burstgate yet, as it stands there. Each is read by
// the part of the program that it is meant for; a file that nobody reads fails the first test.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/file.hpp"
#include "base/json_text.hpp"
#include "config/effective.hpp"
#include "importers/importers.hpp"
#include "settings_file.hpp"

using namespace burstgate;
using namespace burstgate::config;
using namespace burstgate::config::test;

namespace {

const fs::path seeds = fs::path(BURSTGATE_SOURCE_DIR) / "tests/cases/seeds";

std::string seed(const std::string& name) {
  return (seeds / name).string();
}

// The steps of the teams that wrote the documents.
const std::string workload = R"(service: http://127.0.0.1:8080
workload:
  scenarios:
    - name: api
      steps: [{get: /chat, name: chat_endpoint}, {get: /workflow, name: workflow_endpoint}]
    - {name: content_generation, steps: [{post: /content, name: generate}, {post: /validate, name: validate}]}
    - {name: probes, steps: [{get: /health, name: health_checks}]}
)";

// A scenario more: two kinds of messages on a WebSocket.
const std::string with_chat = workload + R"(    - name: chat
      websocket: /ws
      steps: [{send: hello, await: any, name: greeting}, {send: bye, await: any, name: farewell}]
)";

Settings with_thresholds(const std::string& name, const std::string& more = "") {
  return read(workload + more, {{"thresholds", seed(name), "--thresholds"}});
}

bool noted(const Settings& settings, const std::string& text) {
  return std::any_of(settings.notes.begin(), settings.notes.end(),
                     [&](const std::string& note) { return note.find(text) != std::string::npos; });
}

const AbsoluteRule* limit_on(Metric metric, const RuleSet& rules) {
  const auto found = std::find_if(rules.limits.begin(), rules.limits.end(),
                                  [&](const AbsoluteRule& rule) { return rule.metric == metric; });
  return found == rules.limits.end() ? nullptr : &*found;
}

double fails_at(Metric metric, const RuleSet& rules) {
  const AbsoluteRule* rule = limit_on(metric, rules);
  REQUIRE(rule);
  REQUIRE(rule->fail);
  return *rule->fail;
}

double warns_at(Metric metric, const RuleSet& rules) {
  const AbsoluteRule* rule = limit_on(metric, rules);
  REQUIRE(rule);
  REQUIRE(rule->warn);
  return *rule->warn;
}

double regression_at(Metric metric, const RuleSet& rules) {
  for (const RegressionRule& rule : rules.regression) {
    if (rule.metric == metric && rule.fail) return *rule.fail;
  }
  FAIL("no such rule");
  return 0;
}

measure::Measurement baseline(const std::string& name) {
  auto source = importers::Source::of_text(name, read_file(seed(name), max_json_bytes));
  const auto found = importers::read_foreign(source);
  REQUIRE(found);
  return *found;
}

double point(const measure::Measurement& run, const std::string& endpoint, Metric metric) {
  const auto* result = measure::find_endpoint(run, endpoint);
  REQUIRE(result);
  return result->point.value().at(metric);
}

}  // namespace

TEST_CASE("every seed is read by somebody") {
  std::set<std::string> read_as_limits, read_as_profiles, read_as_baselines, only_named;
  for (const auto& entry : fs::directory_iterator(seeds)) {
    const std::string name = entry.path().filename().string();
    CAPTURE(name);
    if (name.ends_with(".json")) {
      baseline(name);
      read_as_baselines.insert(name);
    } else if (name.starts_with("profile_")) {
      CHECK(read_profile_alone(entry.path().string()));
      read_as_profiles.insert(name);
    } else if (name.starts_with("monitoring_")) {
      CHECK_THROWS_AS(read_thresholds(entry.path().string(), no_environment), Error);
      only_named.insert(name);
    } else {
      CHECK(is_thresholds_file(entry.path().string()));
      CHECK_FALSE(with_thresholds(name).thresholds.source.empty());
      read_thresholds(entry.path().string(), no_environment);
      read_as_limits.insert(name);
    }
  }
  CHECK(read_as_limits.size() == 7);
  CHECK(read_as_profiles.size() == 4);
  CHECK(read_as_baselines.size() == 3);
  CHECK(only_named.size() == 2);
}

TEST_CASE("profiles: users, spawn rate, duration, targets; what is not measured is named") {
  const Settings baseline = read(workload, {{"profile", seed("profile_baseline.yaml"), "--profile"}});
  CHECK(baseline.plan.profile.name == "baseline");
  const auto settings = effective_settings(baseline);
  CHECK(std::any_of(settings.begin(), settings.end(), [](const Setting& setting) {
    return setting.key == "profiles.baseline.users" && setting.origin.ends_with("profile_baseline.yaml:3:8");
  }));
  CHECK(baseline.plan.profile.closed.users == 100);
  CHECK(baseline.plan.profile.closed.spawn_rate_per_s == 10);
  CHECK(baseline.plan.profile.duration == std::chrono::minutes(10));
  CHECK(fails_at(Metric::latency_p95, baseline.thresholds.total) == 500'000);
  CHECK(fails_at(Metric::latency_p99, baseline.thresholds.total) == 1'000'000);
  CHECK(fails_at(Metric::error_rate, baseline.thresholds.total) == doctest::Approx(0.001));
  CHECK(fails_at(Metric::throughput, baseline.thresholds.total) == 100);
  CHECK(noted(baseline, "websocket latency_p95"));
  const Settings chat = read(with_chat, {{"profile", seed("profile_baseline.yaml"), "--profile"}});
  for (const char* message : {"greeting", "farewell"}) {
    CHECK(fails_at(Metric::latency_p95, chat.thresholds.endpoints.at(message)) == 100'000);
  }
  CHECK_FALSE(chat.thresholds.endpoints.contains("chat connect"));
  CHECK(fails_at(Metric::latency_p95, chat.thresholds.total) == 500'000);
  CHECK_FALSE(noted(chat, "websocket latency_p95"));
  const Settings spike = read(workload, {{"profile", seed("profile_spike.yaml"), "--profile"}});
  CHECK(fails_at(Metric::error_rate, spike.thresholds.total) == doctest::Approx(0.05));  // not the default 1 %
  const Settings soak = read(workload, {{"profile", seed("profile_soak.yaml"), "--profile"}});
  CHECK(soak.plan.profile.duration == std::chrono::hours(2));
  CHECK(noted(soak, "memory_leak is not judged: this version does not measure it (soak)"));
  const Settings stress =
      read(workload + "profiles: {mine: " + seed("profile_stress.yaml") + "}\n", {{"users", "5", "--users"}});
  CHECK(stress.plan.profile.name == "mine");
  CHECK(stress.plan.profile.closed.users == 5);
  CHECK(fails_at(Metric::throughput, stress.thresholds.total) == 500);
}

TEST_CASE("regression thresholds: latencies for every step, errors and throughput for the whole run") {
  const Settings settings = with_thresholds("regression_thresholds.yaml");
  for (const char* step : {"chat_endpoint", "generate", "health_checks"}) {
    CHECK(regression_at(Metric::latency_p95, settings.thresholds.endpoints.at(step)) == doctest::Approx(0.20));
    CHECK(regression_at(Metric::latency_p99, settings.thresholds.endpoints.at(step)) == doctest::Approx(0.25));
  }
  CHECK(regression_at(Metric::error_rate, settings.thresholds.total) == doctest::Approx(0.001));
  CHECK(regression_at(Metric::throughput, settings.thresholds.total) == doctest::Approx(0.10));
  CHECK(noted(settings, "websocket_latency is not judged"));
  const Settings chat = read(with_chat, {{"thresholds", seed("regression_thresholds.yaml"), "--thresholds"}});
  for (const char* message : {"greeting", "farewell"}) {
    CHECK(regression_at(Metric::latency_p95, chat.thresholds.endpoints.at(message)) == doctest::Approx(0.15));
  }
  CHECK(regression_at(Metric::latency_p95, chat.thresholds.endpoints.at("generate")) == doctest::Approx(0.20));
  CHECK_FALSE(noted(chat, "websocket_latency is not judged"));
}

TEST_CASE("alert limits: one set per step or scenario; alone they fail, side by side the warnings warn") {
  const Settings critical = with_thresholds("alerts_critical.yaml");
  const RuleSet& health = critical.thresholds.endpoints.at("health_checks");
  CHECK(fails_at(Metric::latency_p95, health) == 150'000);
  CHECK(fails_at(Metric::throughput, health) == 40);
  CHECK(fails_at(Metric::error_rate, health) == doctest::Approx(0.005));
  CHECK(fails_at(Metric::latency_p95, critical.thresholds.endpoints.at("validate")) == 7'500'000);
  const Settings both = read(workload + "thresholds: {warning: " + seed("alerts_warning.yaml") +
                             ", critical: " + seed("alerts_critical.yaml") + "}\n");
  const RuleSet& checked = both.thresholds.endpoints.at("health_checks");
  CHECK(warns_at(Metric::latency_p95, checked) == 125'000);
  CHECK(fails_at(Metric::latency_p95, checked) == 150'000);
  CHECK(warns_at(Metric::throughput, checked) == 45);
  const Settings whole = read(shortest + "operation: content_generation_baseline\n",
                              {{"thresholds", seed("alerts_warning.yaml"), "--thresholds"}});
  CHECK(fails_at(Metric::latency_p95, whole.thresholds.total) == 6'250'000);
  CHECK(noted(whole, "health_checks is not judged"));
}

TEST_CASE("alert limits that concern nothing in the plan are refused: a gate without limits always passes") {
  const std::string text = refusal(shortest, {{"thresholds", seed("alerts_warning.yaml"), "--thresholds"}});
  CHECK(text.find("error[E-121]: thresholds without a single rule that can be judged here") != std::string::npos);
  CHECK(text.find("content_generation is not judged") != std::string::npos);
}

TEST_CASE("success criteria: milliseconds, a share and a rate without units, for the whole run") {
  const Settings settings = with_thresholds("success_criteria_health.yaml");
  CHECK(fails_at(Metric::latency_p95, settings.thresholds.total) == 100'000);
  CHECK(fails_at(Metric::error_rate, settings.thresholds.total) == doctest::Approx(0.001));
  CHECK(fails_at(Metric::throughput, settings.thresholds.total) == 50);
}

TEST_CASE("three tiers: beyond the target warns, unacceptable fails; the level of load is the profile's") {
  const Settings normal = with_thresholds("three_tier_targets.md");
  CHECK(warns_at(Metric::latency_p95, normal.thresholds.total) == 500'000);
  CHECK(fails_at(Metric::latency_p95, normal.thresholds.total) == 1'000'000);
  CHECK(fails_at(Metric::latency_p999, normal.thresholds.total) == 5'000'000);
  CHECK(warns_at(Metric::throughput, normal.thresholds.total) == 100);
  CHECK(fails_at(Metric::throughput, normal.thresholds.total) == 50);
  CHECK(fails_at(Metric::error_rate, normal.thresholds.total) == doctest::Approx(0.01));
  CHECK(noted(normal, "limits of the load level 'normal', the first"));
  const Settings peak = with_thresholds("three_tier_targets.md", "profiles: {peak: {users: 7}}\n");
  CHECK(fails_at(Metric::throughput, peak.thresholds.total) == 250);
  CHECK(fails_at(Metric::error_rate, peak.thresholds.total) == doctest::Approx(0.10));
  const Settings thousand = with_thresholds("three_tier_targets.md", "profiles: {evening: {users: 1000}}\n");
  CHECK(fails_at(Metric::throughput, thousand.thresholds.total) == 250);
}

TEST_CASE("queries of a monitoring system are named, and are no gate") {
  for (const char* name : {"monitoring_alerts.yaml", "monitoring_queries.yaml"}) {
    const std::string text = refusal(workload, {{"thresholds", seed(name), "--thresholds"}});
    CHECK(text.find("E-121") != std::string::npos);
    CHECK(text.find("is not judged: it is a query of a monitoring system") != std::string::npos);
  }
}

TEST_CASE("endpoint baselines: quantiles with their unit, and counts of the whole run") {
  const auto api = baseline("api_baselines.json");
  CHECK(api.is_point());
  CHECK(api.endpoints.size() == 3);
  CHECK(point(api, "chat_endpoint", Metric::latency_p95) == 450'000);
  CHECK(point(api, "workflow_endpoint", Metric::latency_max) == 8'000'000);
  const auto websocket = baseline("websocket_baselines.json");
  CHECK(point(websocket, "connection_establishment", Metric::latency_p99) == 500'000);
  CHECK(point(websocket, "", Metric::ws_drops) == 10);
  CHECK(point(baseline("flat_result.json"), "", Metric::throughput) == 8.5);
}

TEST_CASE("endpoint baselines: mistakes name the file and the place") {
  const auto complaint = [](const char* text) {
    try {
      auto source = importers::Source::of_text("b.json", text);
      importers::read_foreign(source);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK(complaint(R"({"api_baselines": {"a": {"p50": 2, "p95": 1, "unit": "ms"}}})") ==
        "b.json: error[E-551]: $.api_baselines.a.p95: expected at least 2 (p50), got 1");
  CHECK(complaint(R"({"api_baselines": {"a": {"p95": 1, "unit": "hours"}}})")
            .find(R"(expected "us", "ms", "s" or "count")") != std::string::npos);
  CHECK(complaint(R"({"api_baselines": {"a": {"p95": 1}}})").find("unit") != std::string::npos);
  CHECK(complaint(R"({"api_baselines": {"a": {"unit": "ms"}}})").find("holds no quantile") != std::string::npos);
}

TEST_CASE("a slip in our own thresholds is not taken for somebody else's document") {
  const Folder folder;
  const auto told = [&](const std::string& text) {
    return refusal(shortest, {{"thresholds", folder.write("t.yaml", text), "--thresholds"}});
  };
  CHECK(told("limit: {latency_p95: 500ms}\n").find("did you mean 'limits'?") != std::string::npos);
  CHECK(told("regresion: {p95: 20%}\n").find("did you mean 'regression'?") != std::string::npos);
  CHECK(told("content: {response_time_p95: 5 parsecs}\n").find("E-104") != std::string::npos);
  CHECK(told("regression_thresholds: {api_response_time: {p42: 20%}}\n").find("unknown quantile 'p42'") !=
        std::string::npos);
  CHECK(told("regression_thresholds: {throughput: {relative: 0%}}\n").find("E-104") != std::string::npos);
  CHECK(
      told("| Percentile | Target | Acceptable |\n|---|---|---|\n| P95 | TBD | < 1s |\n").find("'TBD' is no target") !=
      std::string::npos);
  CHECK(told("| Percentile | Target | Acceptable |\n|---|---|---|\n| P95 | > 1s | < 1s |\n")
            .find("'> 1s' is no target") != std::string::npos);
}
