// Where every setting comes from.
#include "config/effective.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.hpp"
#include "unit/config/settings_file.hpp"

using namespace burstgate;
using namespace burstgate::config;
using namespace burstgate::config::test;

namespace {

// "value @ origin" of a key, the folder of the file left out; "-": no such setting.
std::string line(const Settings& settings, const std::string& key) {
  const auto all = effective_settings(settings);
  const auto found = std::find_if(all.begin(), all.end(), [&](const Setting& s) { return s.key == key; });
  if (found == all.end()) return "-";
  const auto slash = found->origin.rfind('/');
  return found->value + " @ " + (slash == std::string::npos ? found->origin : found->origin.substr(slash + 1));
}

const std::string full =
    "service:\n"
    "  command: [./s, --port, \"{port}\", \"${HOME_DIR}\"]\n"
    "  ready: /health\n"
    "baseline: perf/b.json\n"
    "workload:\n"
    "  headers: {Authorization: \"Bearer ${TOKEN}\", Cookie: a=b, Accept: text/html}\n"
    "  scenarios:\n"
    "    - {name: s, wait: 1s..2s, steps: [{get: \"/a?x=1\", name: one}, {post: /b}]}\n"
    "profiles:\n"
    "  pr: {users: 5, warmup: 1s}\n"
    "  steady: {rate: 100/s, duration: 20s}\n"
    "thresholds: {regression: {p95: {warn: +10%, fail: 20%, floor: 2ms}}, limits: {error_rate: 1%},\n"
    "  endpoints: {one: {limits: {p50: 1s}}}}\n";
const std::map<std::string, std::string> environment = {{"HOME_DIR", "/secret"}, {"TOKEN", "secret"}};

}  // namespace

TEST_CASE("each value names its line, and the rest are defaults") {
  const Settings settings = read(full, {}, environment);
  CHECK(line(settings, "operation") == "burst @ default");
  CHECK(line(settings, "service.command") == "[./s, --port, {port}, ${HOME_DIR}] @ gate.yaml:2:12");
  CHECK(line(settings, "service.url") == "http://127.0.0.1:{port}/ @ default");
  CHECK(line(settings, "service.ready.get") == "/health @ gate.yaml:3:10");
  CHECK(line(settings, "service.ready.within") == "30 s @ default");
  CHECK(line(settings, "baseline.file").ends_with("perf/b.json @ gate.yaml:4:11"));
  CHECK(line(settings, "workload.headers.Authorization") == "Bearer ${TOKEN} @ gate.yaml:6:28");
  CHECK(line(settings, "workload.headers.Cookie") == "*** @ gate.yaml:6:55");
  CHECK(line(settings, "workload.headers.Accept") == "text/html @ gate.yaml:6:68");
  CHECK(line(settings, "workload.timeout") == "10 s @ default");
  CHECK(line(settings, "workload.scenarios[0].wait") == "1 s .. 2 s @ gate.yaml:8:23");
  CHECK(line(settings, "workload.scenarios[0].weight") == "1 @ default");
  CHECK(line(settings, "workload.scenarios[0].steps[0]") == "one: GET /a?x=*** @ gate.yaml:8:39");
  CHECK(line(settings, "workload.scenarios[0].steps[1]") == "POST /b @ gate.yaml:8:67");
  CHECK(line(settings, "profile") == "pr @ default");
  CHECK(line(settings, "profiles.pr.users") == "5 @ gate.yaml:10:15");
  CHECK(line(settings, "profiles.pr.duration") == "10 s @ default");
  CHECK(line(settings, "profiles.pr.warmup") == "1 s @ gate.yaml:10:26");
  CHECK(line(settings, "profiles.pr.rate") == "-");
  CHECK(line(settings, "thresholds.regression.latency_p95") ==
        "warn +10 %, fail +20 %, floor 2.00 ms @ gate.yaml:12:27");
  CHECK(line(settings, "thresholds.endpoints.one.limits.latency_p50").ends_with("gate.yaml:13:30"));
  CHECK(line(settings, "thresholds.regression.stalls") == "-");
}

TEST_CASE("flags and the environment are named as such") {
  const Settings settings = read(full,
                                 {{"profile", "steady", "--profile"},
                                  {"rate", "50/s", "BURSTGATE_RATE", true},
                                  {"duration", "5s", "--duration"},
                                  {"baseline", "http://h:81", "--baseline"},
                                  {"budget", "20s", "BURSTGATE_BUDGET", true}},
                                 environment);
  CHECK(line(settings, "profile") == "steady @ flag --profile");
  CHECK(line(settings, "profiles.steady.rate") == "50/s @ environment BURSTGATE_RATE");
  CHECK(line(settings, "profiles.steady.duration") == "5 s @ flag --duration");
  CHECK(line(settings, "baseline.url") == "http://h:81 @ flag --baseline");
  CHECK(line(settings, "baseline.budget") == "20 s @ environment BURSTGATE_BUDGET");
  CHECK(line(settings, "baseline.ready.get") == "/health @ gate.yaml:3:10");
  CHECK(line(settings, "baseline.relaunch") == "chosen by how long a start takes @ default");
  CHECK(line(settings, "thresholds.regression.stalls") == "fail +15 pp @ default");
  CHECK(line(settings, "thresholds.regression.cpu_per_request") == "warn +10 % @ default");
}

TEST_CASE("without a file everything but the URL is a default") {
  const Settings settings =
      read_settings(std::nullopt, {{"url", "http://u:p@h/a?k=v", "the URL on the command line"}}, no_environment);
  CHECK(line(settings, "service.url") == "http://***@h/a?k=*** @ the URL on the command line");
  CHECK(line(settings, "workload.scenarios[0].steps[0]") == "GET /a?k=*** @ the URL on the command line");
  CHECK(line(settings, "baseline") == "none @ default");
  CHECK(line(settings, "thresholds") == "built-in defaults @ default");
  CHECK(line(settings, "thresholds.regression.error_rate") == "fail +0.5 pp, floor 3 errors @ default");
}

TEST_CASE("journeys: where values come from, and what is done before and after") {
  const Settings settings = read(
      "service: http://h:1\n"
      "workload:\n"
      "  cookies: iteration\n"
      "  auth: {bearer: hunter2}\n"
      "  variables: {word: \"{random:uuid}\"}\n"
      "  setup: [{post: /admin, name: admin}]\n"
      "  scenarios:\n"
      "    - variables: {own: \"${OWN}\"}\n"
      "      setup: [{post: \"/login?k=v\"}]\n"
      "      steps: [{get: \"/{word}/{own}\"}]\n"
      "      teardown: [{post: /logout}]\n",
      {}, {{"OWN", "secret"}});
  CHECK(line(settings, "workload.cookies") == "iteration @ gate.yaml:3:12");
  CHECK(line(settings, "workload.variables.word") == "{random:uuid} @ gate.yaml:5:21");
  CHECK(line(settings, "workload.setup[0]") == "admin: POST /admin @ gate.yaml:6:11");
  CHECK(line(settings, "workload.scenarios[0].variables.own") == "${OWN} @ gate.yaml:8:24");
  CHECK(line(settings, "workload.scenarios[0].variables.word") == "-");
  CHECK(line(settings, "workload.scenarios[0].setup[0]") == "POST /login?k=*** @ gate.yaml:9:15");
  CHECK(line(settings, "workload.scenarios[0].steps[0]") == "GET /{word}/{own} @ gate.yaml:10:15");
  CHECK(line(settings, "workload.scenarios[0].teardown[0]") == "POST /logout @ gate.yaml:11:18");
  for (const Setting& setting : effective_settings(settings)) {
    CHECK(setting.value.find("hunter2") == std::string::npos);
    CHECK(setting.value.find("secret") == std::string::npos);
  }
}

TEST_CASE("short forms name their own place") {
  const Settings settings = read("service: http://h:1\nbaseline: http://h:2\nseed: 4\n");
  CHECK(line(settings, "service.url") == "http://h:1 @ gate.yaml:1:10");
  CHECK(line(settings, "service.ready.get") == "/ @ default");
  CHECK(line(settings, "baseline.url") == "http://h:2 @ gate.yaml:2:11");
  CHECK(line(settings, "baseline.budget") == "1 min @ default");
  CHECK(line(settings, "baseline.ready.get") == "/ @ default");
  CHECK(line(settings, "seed") == "4 @ gate.yaml:3:7");
}

TEST_CASE("a budget from the environment concerns paired comparisons only; a flag must fit") {
  CHECK(read(shortest + "baseline: b.json\n", {{"budget", "20s", "BURSTGATE_BUDGET", true}}).plan.baseline_file);
  CHECK(refusal(shortest + "baseline: b.json\n", {{"budget", "20s", "--budget"}}).find("only for a paired") !=
        std::string::npos);
}
