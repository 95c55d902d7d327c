// `baseline:` as a file and as the service of a paired comparison, and the flags over it. What is refused, and how:
// tests/cases/config_errors/*baseline*, flag_budget*.
#include <doctest/doctest.h>

#include "config/read.hpp"
#include "unit/config/settings_file.hpp"

using namespace burstgate;
using namespace burstgate::config;
using namespace burstgate::config::test;
using namespace std::chrono_literals;

namespace {

const std::string launched = "service: {command: [./s, \"{port}\"], ready: {get: /health, within: 7s}}\n";
const std::string paired = "baseline: {command: [./base, \"{port}\"], budget: 20s, rate: 2/s, relaunch: 5s}\n";

Override flag(const std::string& key, const std::string& value) {
  return {key, value, "--" + key};
}

}  // namespace

TEST_CASE("a baseline file, in both forms, is no paired comparison") {
  for (const std::string form : {"baseline: b.json\n", "baseline: {file: b.json}\n"}) {
    const Settings settings = read(shortest + form);
    REQUIRE(settings.plan.baseline_file);
    CHECK(fs::path(*settings.plan.baseline_file).filename() == "b.json");
    CHECK_FALSE(settings.plan.paired);
    CHECK(settings.plan.baseline_place.line == 2);
  }
}

TEST_CASE("a baseline with a command has the url and ready of a service, and its own budget, rate and relaunch") {
  const Settings settings = read(launched + "baseline:\n  command: [./base, --port, \"{port}\", 2]\n  ready: /up\n" +
                                 "  budget: 1.5m\n  rate: 1.5k/s\n  relaunch: 500ms\n");
  CHECK_FALSE(settings.plan.baseline_file);
  REQUIRE(settings.plan.paired);
  const Paired& read_pair = *settings.plan.paired;
  CHECK(read_pair.service.command == std::vector<std::string>{"./base", "--port", "{port}", "2"});
  CHECK(read_pair.service.url == "http://127.0.0.1:{port}/");
  CHECK(read_pair.service.ready.path == "/up");
  CHECK(read_pair.service.ready.within == 30s);
  CHECK(read_pair.budget == 90s);
  CHECK(read_pair.rate_per_s == 1500);
  CHECK(read_pair.relaunch_every == 500ms);
  CHECK(settings.plan.baseline_place.line == 3);
}

TEST_CASE("what a baseline does not say: ready as the candidate's, 60 s, the rest chosen later") {
  for (const std::string& text : {launched + "baseline: {command: [./base, \"{port}\"]}\n",
                                  "baseline: {command: [./base, \"{port}\"]}\n" + launched}) {
    const Settings settings = read(text);
    REQUIRE(settings.plan.paired);
    CHECK(settings.plan.paired->service.ready.path == "/health");
    CHECK(settings.plan.paired->service.ready.within == 7s);
    CHECK(settings.plan.paired->budget == 60s);
    CHECK_FALSE(settings.plan.paired->rate_per_s);
    CHECK_FALSE(settings.plan.paired->relaunch_every);
  }
}

TEST_CASE("a baseline that is a URL is a paired comparison, also when the URL comes from the environment") {
  for (const std::string form : {"http://127.0.0.1:8081/", "{url: \"http://127.0.0.1:8081/\"}", "${BASE}"}) {
    const Settings settings = read(shortest + "baseline: " + form + "\n", {}, {{"BASE", "http://127.0.0.1:8081/"}});
    CHECK_FALSE(settings.plan.baseline_file);
    REQUIRE(settings.plan.paired);
    CHECK(settings.plan.paired->service.url == "http://127.0.0.1:8081/");
    CHECK(settings.plan.paired->service.command.empty());
    CHECK(settings.plan.baseline_place.line == 2);
  }
}

TEST_CASE("the baseline is the candidate only when host and port are the same") {
  const auto with = [](const std::string& service, const std::string& baseline) {
    return refusal("service: " + service + "\nbaseline: " + baseline + "\n");
  };
  const std::string same = "the baseline is the candidate";
  CHECK(with("http://h", "http://H:80/").find(same) != std::string::npos);
  CHECK(with("http://h:80?a=1", "http://h?a=1").find(same) != std::string::npos);
  CHECK(with("http://[::1]", "http://[::1]:80").find(same) != std::string::npos);
  CHECK(with("http://h:8080", "http://h:8081") == "accepted");
  CHECK(with("http://h", "http://h:8080") == "accepted");
  CHECK(with("http://[::1]:1", "http://[::1]:2") == "accepted");
  CHECK(with("http://a", "http://b") == "accepted");
  CHECK(with("{command: [./s, \"{port}\"]}", "{command: [./b, \"{port}\"]}") == "accepted");
  CHECK(with("{command: [./s, \"{port}\"]}", "http://127.0.0.1:8080") == "accepted");
}

TEST_CASE("a baseline URL names the service's path or none") {
  CHECK(refusal("service: http://h:1/a?b=c\nbaseline: http://h:2\n") == "accepted");
  CHECK(refusal("service: http://h:1/a?b=c\nbaseline: http://h:2/a?b=c\n") == "accepted");
  CHECK(refusal("service: http://h:1/a\nbaseline: http://h:2/b\n").find("is not the service's") != std::string::npos);
}

TEST_CASE("limits of a paired comparison, at the limit and one past it") {
  const auto with = [](const std::string& setting) {
    return refusal(launched + "baseline: {command: [./base, \"{port}\"], " + setting + "}\n") == "accepted";
  };
  CHECK(with("budget: 8s"));
  CHECK_FALSE(with("budget: 7999ms"));
  CHECK(with("budget: 10m"));
  CHECK_FALSE(with("budget: 600001ms"));
  CHECK(with("rate: 1/s"));
  CHECK_FALSE(with("rate: 0.999/s"));
  CHECK(with("rate: 1000000/s"));
  CHECK_FALSE(with("rate: 1000001/s"));
  CHECK(with("relaunch: 500ms"));
  CHECK_FALSE(with("relaunch: 499ms"));
  CHECK(with("relaunch: 10m"));
  CHECK_FALSE(with("relaunch: 600001ms"));
}

TEST_CASE("a baseline flag with a URL takes the place of a file") {
  const Settings settings = read(shortest + "baseline: b.json\n", {flag("baseline", "http://u:pw@h:81/?t=s3cret"),
                                                                   flag("url", "http://h:80/?t=s3cret")});
  CHECK_FALSE(settings.plan.baseline_file);
  REQUIRE(settings.plan.paired);
  CHECK(settings.plan.paired->service.url == "http://u:pw@h:81/?t=s3cret");
  CHECK(settings.plan.paired->budget == 60s);
  CHECK(settings.plan.baseline_place.text() == "--baseline");
  REQUIRE(settings.notes.size() == 2);
  CHECK(settings.notes[0].find("baseline http://***@h:81/?t=*** from --baseline instead of ") == 0);
  CHECK(settings.notes[0].find("b.json") != std::string::npos);
  CHECK(base_names(settings.notes[1]) ==
        "service http://h:80/?t=*** from --url instead of http://127.0.0.1:8080 (gate.yaml:1:10)");
}

TEST_CASE("a baseline flag with a URL takes the place of a paired service, and keeps the comparison's settings") {
  const Settings settings = read(launched + paired, {{"baseline", "http://h:81", "BURSTGATE_BASELINE"}});
  REQUIRE(settings.plan.paired);
  CHECK(settings.plan.paired->service.url == "http://h:81");
  CHECK(settings.plan.paired->service.command.empty());
  CHECK(settings.plan.paired->service.ready.path == "/health");
  CHECK(settings.plan.paired->budget == 20s);
  CHECK(settings.plan.paired->rate_per_s == 2);
  CHECK_FALSE(settings.plan.paired->relaunch_every);
  REQUIRE(settings.notes.size() == 2);
  CHECK(base_names(settings.notes[0]) ==
        "baseline http://h:81 from BURSTGATE_BASELINE instead of ./base (gate.yaml:2:11)");
  CHECK(base_names(settings.notes[1]) ==
        "baseline.relaunch 5 s (gate.yaml:2:75) dropped because of BURSTGATE_BASELINE");
}

TEST_CASE("a baseline flag with a file takes the place of a paired comparison") {
  const Settings settings = read(shortest + "baseline: http://h:81\n", {flag("baseline", "c.json")});
  CHECK_FALSE(settings.plan.paired);
  CHECK(settings.plan.baseline_file == "c.json");
  CHECK(settings.plan.baseline_place.text() == "--baseline");
  REQUIRE(settings.notes.size() == 1);
  CHECK(base_names(settings.notes[0]) == "baseline c.json from --baseline instead of http://h:81 (gate.yaml:2:11)");
}

TEST_CASE("a budget flag is for paired comparisons, whatever the order of the flags") {
  const Override budget = flag("budget", "30s"), url = flag("baseline", "http://h:81");
  for (const auto& flags : {std::vector{budget, url}, std::vector{url, budget}}) {
    const Settings settings = read(shortest, flags);
    REQUIRE(settings.plan.paired);
    CHECK(settings.plan.paired->budget == 30s);
    CHECK(settings.notes.empty());
  }
  const Settings written = read(launched + paired, {{"budget", "30s", "BURSTGATE_BUDGET"}});
  CHECK(written.plan.paired->budget == 30s);
  REQUIRE(written.notes.size() == 1);
  CHECK(base_names(written.notes[0]) == "budget 30 s from BURSTGATE_BUDGET instead of 20 s (gate.yaml:2:49)");
  const std::string refused = "only for a paired comparison";
  CHECK(refusal(shortest, {budget}).find(refused) != std::string::npos);
  CHECK(refusal(launched + paired, {budget, flag("baseline", "b.json")}).find(refused) != std::string::npos);
}

TEST_CASE("CPU time per request is read like a latency, stalls in percentage points") {
  const Settings settings = read(shortest +
                                 "thresholds: {regression: {cpu_per_request: {warn: 10%, fail: +120%, floor: 20us}, "
                                 "stalls: {warn: 5pp, fail: +15pp}}}\n");
  const std::vector<RegressionRule>& rules = settings.thresholds.total.regression;
  REQUIRE(rules.size() == 2);
  CHECK(rules[0].metric == Metric::cpu_per_request);
  CHECK(*rules[0].warn == doctest::Approx(0.10));
  CHECK(*rules[0].fail == doctest::Approx(1.20));
  CHECK(rules[0].floor == 20);
  CHECK(rules[1].metric == Metric::stalls);
  CHECK(*rules[1].warn == doctest::Approx(0.05));
  CHECK(*rules[1].fail == doctest::Approx(0.15));
  CHECK_FALSE(rules[1].floor);
}
