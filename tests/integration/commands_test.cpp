// The commands as a user meets them: exit codes, streams, files. Against the built-in service.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "support/binary.hpp"

using namespace burstgate::test;
using nlohmann::json;

namespace {

// Short bursts: these tests are about what is said and stored, not about numbers.
std::vector<std::string> quick(std::vector<std::string> arguments) {
  for (const char* flag : {"--duration", "400ms", "--warmup", "100ms", "--users", "4"}) arguments.emplace_back(flag);
  return arguments;
}

// A waiting service, so that the generator is never the limit.
std::vector<std::string> calm() {
  return {"--endpoint", "path=/ time=4ms"};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A limit that a noisy machine cannot break, and no other: the verdict depends on the baseline's state alone.
constexpr const char* only_errors = "limits: {error_rate: {fail: 50%}}\nregression: {error_rate: {fail: +40pp}}\n";

// "Cannot tell" is a right answer on a machine that others disturb, but not what these tests are about: they ask again.
Finished run_calmly(const Launch& launch) {
  Finished finished = run_binary(launch);
  for (int attempt = 1; attempt < 5 && finished.exit_code == 3; ++attempt) finished = run_binary(launch);
  return finished;
}

std::string last_line(const std::string& text) {
  const auto end = text.find_last_not_of('\n');
  const auto start = text.rfind('\n', end);
  return text.substr(start == std::string::npos ? 0 : start + 1, end - start);
}

}  // namespace

TEST_CASE("help, version, unknown words") {
  CHECK(run_binary({{"--help"}}).exit_code == 0);
  CHECK(contains(run_binary({{"--help"}}).out, "burstgate demo"));
  CHECK(run_binary({{}}).exit_code == 2);
  CHECK(run_binary({{"--version"}}).out == "burstgate " BURSTGATE_VERSION "\n");
  const auto unknown = run_binary({{"gat"}});
  CHECK(unknown.exit_code == 2);
  CHECK(contains(unknown.err, "unknown command 'gat'; did you mean 'gate'?"));
  for (const char* command : {"gate", "run", "record", "compare", "validate", "serve", "demo"}) {
    const auto help = run_binary({{command, "--help"}});
    CHECK(help.exit_code == 0);
    CHECK(contains(help.out, std::string("burstgate ") + command));
  }
}

TEST_CASE("case 144: unknown flags, missing values and repeated flags are refused") {
  CHECK(contains(run_binary({{"gate", "--usrs", "3"}}).err,
                 "--usrs: error[E-001]: unknown flag; did you mean '--users'?"));
  CHECK(run_binary({{"gate", "--users"}}).exit_code == 2);
  CHECK(contains(run_binary({{"gate", "--users", "3", "--users", "4"}}).err, "given more than once"));
  CHECK(contains(run_binary({{"gate", "http://127.0.0.1:1/", "--duration", "10"}}).err, "--duration"));
  CHECK(run_binary({{"gate", "http://127.0.0.1:1/", "--duration", "10"}}).exit_code == 2);
}

TEST_CASE("gate works with nothing but a URL") {
  const Serve serve(calm());
  const TemporaryFolder folder;
  const auto gate = run_calmly({quick({"gate", serve.url()}), folder.path()});
  INFO(gate.out << gate.err);
  CHECK(gate.exit_code == 0);
  CHECK(contains(gate.out, "no baseline"));
  CHECK(last_line(gate.err) == "exit 0: pass");
  CHECK(contains(gate.out, "--baseline perf/baseline.json"));  // the next step, ready to be typed
  // The result lands in performance/results/{operation}_{time}.json.
  int results = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "performance/results")) {
    ++results;
    CHECK(entry.path().filename().string().rfind("burst_", 0) == 0);
  }
  CHECK(results == 1);
}

TEST_CASE("record, gate, compare: one road") {
  const Serve serve(calm());
  const TemporaryFolder folder;
  folder.write("limits.yaml", only_errors);
  for (int run = 0; run < 2; ++run) {
    const auto record = run_calmly({quick({"record", serve.url(), "--baseline", "perf/base.json"}), folder.path()});
    INFO(record.out << record.err);
    CHECK(record.exit_code == 0);
  }
  CHECK(json::parse(folder.read("perf/base.json"))["runs"].size() == 2);
  const auto gate =
      run_calmly({quick({"gate", serve.url(), "--baseline", "perf/base.json", "--thresholds", "limits.yaml", "--output",
                         "result.json", "--junit", "out/junit.xml", "--markdown", "out/summary.md"}),
                  folder.path()});
  INFO(gate.out << gate.err);
  CHECK(gate.exit_code == 0);
  CHECK(contains(folder.read("out/junit.xml"), "<testsuites"));
  CHECK(folder.read("out/summary.md").starts_with("**✅ PASS** burst: "));
  const json result = json::parse(folder.read("result.json"));
  CHECK(result["schema"] == "burstgate/1");
  CHECK(result["verdict"]["outcome"] == "pass");
  CHECK(result["totals"]["failed"] == 0);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "performance/results/result.json"));

  const auto compare = run_binary(
      {{"compare", "perf/base.json", "result.json", "--thresholds", "limits.yaml", "--json"}, folder.path()});
  INFO(compare.err);
  CHECK(compare.exit_code == 0);
  CHECK(json::parse(compare.out)["verdict"]["outcome"] == "pass");  // exactly one document on stdout
}

TEST_CASE("case 42: a service that is not there: 4, with the address and the reason, and reports all the same") {
  const TemporaryFolder folder;
  const auto gate = run_binary({{"gate", "http://127.0.0.1:1/"}, folder.path()});
  CHECK(gate.exit_code == 4);
  CHECK(contains(gate.err, "127.0.0.1:1: error[E-302]: nothing listens"));
  CHECK(last_line(gate.err) == "exit 4: the service failed");
  const auto with_reports =
      run_binary({{"gate", "http://[::1]:1/", "--output", "r.json", "--junit", "j.xml"}, folder.path()});
  CHECK(with_reports.exit_code == 4);
  CHECK(contains(folder.read("j.xml"), "[::1]:1"));
  CHECK(json::parse(folder.read("r.json"))["partial"] == true);
  CHECK(json::parse(folder.read("r.json"))["totals"]["requests"] == 0);
}

TEST_CASE("case 140: limits against a baseline without a baseline are refused before anything is sent") {
  const TemporaryFolder folder;
  folder.write("limits.yaml", "regression: {latency_p95: {fail: +20%}}\n");
  const auto gate = run_binary({{"gate", "http://127.0.0.1:1/", "--thresholds", "limits.yaml"}, folder.path()});
  CHECK(gate.exit_code == 2);
  CHECK(contains(gate.err, "no baseline is configured"));
  // `run` compares with nothing anyway.
  const Serve serve(calm());
  const auto run = run_calmly({quick({"run", serve.url(), "--thresholds", "limits.yaml"}), folder.path()});
  CHECK(run.exit_code == 0);
}

TEST_CASE("case 53: localhost finds the address that is listened on, and says which") {
  const Serve serve(calm());  // on 127.0.0.1 alone
  const TemporaryFolder folder;
  std::string url = serve.url();
  url.replace(url.find("127.0.0.1"), 9, "localhost");
  const auto gate = run_calmly({quick({"gate", url}), folder.path()});
  INFO(gate.out << gate.err);
  CHECK(gate.exit_code == 0);
  CHECK(contains(gate.out, "localhost was reached at 127.0.0.1:"));
}

TEST_CASE("case 99: every request failing is a failure of the service, never a fast pass") {
  const Serve serve({"--endpoint", "path=/ time=1ms errors=100%"});
  const TemporaryFolder folder;
  const auto gate = run_calmly({quick({"gate", serve.url(), "--junit", "j.xml"}), folder.path()});
  INFO(gate.out << gate.err);
  CHECK(gate.exit_code == 4);
  CHECK(contains(folder.read("j.xml"), "<error"));
  const auto record = run_calmly({quick({"record", serve.url(), "--baseline", "b.json"}), folder.path()});
  CHECK(record.exit_code == 4);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "b.json"));
}

TEST_CASE("case 122: a configured baseline that is missing: 3, with the command that creates it") {
  const Serve serve(calm());
  const TemporaryFolder folder;
  const auto gate = run_binary({quick({"gate", serve.url(), "--baseline", "perf/none.json"}), folder.path()});
  INFO(gate.out << gate.err);
  CHECK(gate.exit_code == 3);
  CHECK(contains(gate.out, "burstgate record"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "perf/none.json"));
  for (const char* policy : {"warn", "pass"}) {
    CHECK(run_binary({quick({"gate", serve.url(), "--baseline", "perf/none.json", "--on-inconclusive", policy}),
                      folder.path()})
              .exit_code == 0);
  }
}

TEST_CASE("cases 123-127: a broken baseline: 2 before anything is sent, the file untouched") {
  const TemporaryFolder folder;
  for (const auto& content : {std::string(), std::string("{\"schema\": \"burstgate-baseline/1\", \"runs\": ["),
                              std::string("{\"schema\": \"burstgate-baseline/9\", \"runs\": [], \"complete\": true}"),
                              std::string("{\"a\": 1, \"a\": 2}"), std::string("{\"schema\": NaN}")}) {
    folder.write("b.json", content);
    // Port 1: had anything been sent, the answer would be 4.
    const auto gate = run_binary({{"gate", "http://127.0.0.1:1/", "--baseline", "b.json"}, folder.path()});
    CHECK(gate.exit_code == 2);
    CHECK(contains(gate.err, "b.json"));
    CHECK(folder.read("b.json") == content);
    CHECK(run_binary({{"record", "http://127.0.0.1:1/", "--baseline", "b.json"}, folder.path()}).exit_code == 2);
    CHECK(folder.read("b.json") == content);
  }
}

TEST_CASE("another workload than the baseline's: 3") {
  const Serve serve(calm());
  const TemporaryFolder folder;
  REQUIRE(run_calmly({quick({"record", serve.url(), "--baseline", "b.json"}), folder.path()}).exit_code == 0);
  const auto gate = run_binary(
      {{"gate", serve.url(), "--baseline", "b.json", "--duration", "400ms", "--warmup", "100ms", "--users", "5"},
       folder.path()});
  INFO(gate.out << gate.err);
  CHECK(gate.exit_code == 3);
  CHECK(contains(gate.out, "users"));
}

TEST_CASE("case 154: outputs that cannot be written are found before the burst") {
  const TemporaryFolder folder;
  folder.write("file", "x");
  for (const char* path : {"file/below", "."}) {
    const auto gate = run_binary({{"gate", "http://127.0.0.1:1/", "--junit", path}, folder.path()});
    CHECK(gate.exit_code == 2);
  }
  const auto same =
      run_binary({{"gate", "http://127.0.0.1:1/", "--junit", "a.out", "--markdown", "./a.out"}, folder.path()});
  CHECK(same.exit_code == 2);
  CHECK(contains(same.err, "the same file is also written by another flag"));
  const auto over_baseline =
      run_binary({{"gate", "http://127.0.0.1:1/", "--baseline", "b.json", "--output", "b.json"}, folder.path()});
  CHECK(over_baseline.exit_code == 2);
}

TEST_CASE("case 154: a report that cannot be written turns a pass into 5, and the others are written") {
  const Serve serve(calm());
  const TemporaryFolder folder;
  const auto gate =
      run_calmly({quick({"gate", serve.url(), "--junit", "/dev/full", "--markdown", "m.md"}), folder.path()});
  INFO(gate.out << gate.err);
  CHECK(gate.exit_code == 5);
  CHECK(contains(gate.err, "/dev/full"));
  CHECK(contains(folder.read("m.md"), "burstgate"));
}

TEST_CASE("case 153: a closed stdout changes neither files nor verdict") {
  const Serve serve(calm());
  const TemporaryFolder folder;
  const std::string command = std::string("cd ") + folder.path().string() + " && " BURSTGATE_BINARY " gate " +
                              serve.url() + " --duration 300ms --warmup 0ms --users 2 --output closed.json >&- 2>&-";
  CHECK(WEXITSTATUS(std::system(command.c_str())) == 0);
  CHECK(json::parse(folder.read("closed.json"))["verdict"]["outcome"] == "pass");
}

TEST_CASE("case 168: a signal ends the run within 2 s, keeps partial results and never passes") {
  const Serve serve(calm());
  const TemporaryFolder folder;
  for (const auto& [signal, code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    for (const int after_ms : {50, 500, 1500}) {  // start-up or warm-up, warm-up, measuring
      std::filesystem::remove(folder.path() / "p.json");
      RunningBinary gate({{"gate", serve.url(), "--users", "4", "--warmup", "1s", "--duration", "30s", "--output",
                           "p.json", "--markdown", "p.md"},
                          folder.path()});
      gate.wait_until_signals_are_handled();
      std::this_thread::sleep_for(std::chrono::milliseconds(after_ms));
      const auto asked = std::chrono::steady_clock::now();
      gate.signal(signal);
      const auto finished = gate.wait(20);
      const double took_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - asked).count();
      INFO(finished.out << finished.err);
      CHECK(finished.exit_code == code);
      CHECK(took_s < 2.0);
      const json result = json::parse(folder.read("p.json"));
      CHECK(result["partial"] == true);
      CHECK(result["verdict"]["outcome"] != "pass");
      CHECK(contains(folder.read("p.md"), "nterrupted"));
    }
  }
}

TEST_CASE("case 168: an interrupted record leaves the baseline alone") {
  const Serve serve(calm());
  const TemporaryFolder folder;
  RunningBinary record(
      {{"record", serve.url(), "--baseline", "b.json", "--duration", "30s", "--warmup", "0ms"}, folder.path()});
  record.wait_until_signals_are_handled();
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  record.signal(SIGTERM);
  CHECK(record.wait(20).exit_code == 143);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "b.json"));
}

TEST_CASE("case 43: a target that dies in the middle ends the run early: 4, partial results") {
  const TemporaryFolder folder;
  auto serve = std::make_unique<Serve>(calm());
  RunningBinary gate(
      {{"gate", serve->url(), "--users", "4", "--warmup", "0ms", "--duration", "30s", "--output", "p.json"},
       folder.path()});
  std::this_thread::sleep_for(std::chrono::milliseconds(1200));
  serve.reset();  // kill -9
  const auto began = std::chrono::steady_clock::now();
  const auto finished = gate.wait(25);
  INFO(finished.out << finished.err);
  CHECK(finished.exit_code == 4);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(10));
  CHECK(contains(finished.out, "target died"));
  CHECK(json::parse(folder.read("p.json"))["partial"] == true);
}

TEST_CASE("a service that burstgate starts: readiness, port, and nothing left behind") {
  const TemporaryFolder folder;
  folder.write("burstgate.yaml",
               "service:\n"
               "  command: [" BURSTGATE_BINARY
               ", serve, --port, \"{port}\", --endpoint, \"path=/ time=4ms\"]\n"
               "  url: http://127.0.0.1:{port}/\n"
               "  ready: {get: /_ready, within: 20s}\n"
               "workload: {scenarios: [{name: s, steps: [{get: /}]}]}\n"
               "profiles: {pr: {users: 2, duration: 400ms, warmup: 100ms}}\n");
  const auto gate = run_calmly({{"gate", "--output", "r.json"}, folder.path()});
  INFO(gate.out << gate.err);
  CHECK(gate.exit_code == 0);
  CHECK(json::parse(folder.read("r.json"))["totals"]["ok"] > 0);
  folder.write("broken.yaml",
               "service: {command: [/nonexistent/server, \"{port}\"], url: \"http://127.0.0.1:{port}/\"}\n"
               "workload: {scenarios: [{name: s, steps: [{get: /}]}]}\n");
  const auto broken = run_binary({{"gate", "--config", "broken.yaml"}, folder.path()});
  CHECK(broken.exit_code == 4);
  CHECK(contains(broken.err, "/nonexistent/server"));
}

TEST_CASE("POST with a body, several endpoints with weights, limits per endpoint") {
  const Serve serve({"--endpoint", "path=/a time=1ms", "--endpoint", "path=/b time=30ms"});
  const TemporaryFolder folder;
  folder.write("burstgate.yaml", "service: " + serve.url() +
                                     "\n"
                                     "workload:\n"
                                     "  headers: {X-Test: \"${TOKEN}\"}\n"
                                     "  scenarios:\n"
                                     "    - {name: a, weight: 3, steps: [{post: /a, name: create, json: {text: hi}}]}\n"
                                     "    - {name: b, weight: 1, steps: [{get: /b, name: slow}]}\n"
                                     "profiles: {pr: {users: 4, duration: 2s, warmup: 0ms}}\n"
                                     "thresholds:\n"
                                     "  endpoints:\n"
                                     "    create: {limits: {latency_p50: {fail: 20s}}}\n"
                                     "    slow: {limits: {latency_p50: {fail: 10ms}}}\n");
  const auto gate = run_calmly({{"gate", "--output", "r.json"}, folder.path(), {{"TOKEN", "very-secret-value"}}});
  INFO(gate.out << gate.err);
  CHECK(gate.exit_code == 1);  // slow is certainly above 10 ms
  const json result = json::parse(folder.read("r.json"));
  REQUIRE(result["endpoints"].size() == 2);
  const double a = result["endpoints"][0]["ok"], b = result["endpoints"][1]["ok"];
  CHECK(a / b > 1.8);  // 3 by weight
  CHECK(a / b < 5.0);
  CHECK_FALSE(contains(gate.out + gate.err + folder.read("r.json"), "very-secret-value"));
}

TEST_CASE("run prints the plan and sends nothing on --dry-run") {
  const auto plan = run_binary({{"run", "http://127.0.0.1:1/", "--dry-run"}});
  CHECK(plan.exit_code == 0);
  CHECK(contains(plan.out, "closed model: 10 users"));
}

TEST_CASE("the open model: arrivals at the rate, latency from the intended send") {
  const Serve serve({"--endpoint", "path=/ time=5ms"});
  const TemporaryFolder folder;
  const auto run = run_binary(
      {{"run", serve.url(), "--rate", "100/s", "--duration", "2s", "--warmup", "500ms", "--output", "r.json"},
       folder.path()});
  INFO(run.out << run.err);
  const json result = json::parse(folder.read("r.json"));
  CHECK(result["totals"]["requests"] == 200);  // exactly rate x duration, however busy the machine is
  CHECK(result["totals"]["dropped"] == 0);
  CHECK(result["totals"]["latency_ms"]["p50"] >= 5.0);
}

TEST_CASE("GITHUB_STEP_SUMMARY is appended to") {
  const Serve serve(calm());
  const TemporaryFolder folder;
  folder.write("summary.md", "before\n");
  run_calmly({quick({"gate", serve.url()}), folder.path(), {{"GITHUB_STEP_SUMMARY", folder.file("summary.md")}}});
  const std::string summary = folder.read("summary.md");
  CHECK(summary.rfind("before\n", 0) == 0);
  CHECK(contains(summary, "burstgate"));
}

TEST_CASE("validate: ok, or every mistake with its place") {
  const TemporaryFolder folder;
  folder.write("burstgate.yaml",
               "service: http://127.0.0.1:8080/\nworkload: {scenarios: [{name: s, steps: [{get: /}]}]}\n");
  CHECK(run_binary({{"validate"}, folder.path()}).exit_code == 0);
  folder.write("bad.yaml", "regression:\n  latncy_p95: {fail: +20%}\n  throughput: {fail: 50}\n");
  const auto bad = run_binary({{"validate", "bad.yaml"}, folder.path()});
  CHECK(bad.exit_code == 2);
  CHECK(contains(bad.err, "bad.yaml:2:3"));
  CHECK(contains(bad.err, "did you mean 'latency_p95'?"));
  CHECK(contains(bad.err, "bad.yaml:3:"));
}

TEST_CASE("case 155: canaries in twelve places; none is said, and none is in any file") {
  const TemporaryFolder folder;
  folder.write("burstgate.yaml", R"yaml(
service:
  command: [")yaml" + std::string(BURSTGATE_BINARY) +
                                     R"yaml(", serve, --port, "{port}", --endpoint, "${ENDPOINT}"]
  url: http://127.0.0.1:{port}
  ready: {get: "/_ready?token=CANARY-ready"}
workload:
  headers:
    Authorization: Bearer CANARY-authorization
    Cookie: sid=CANARY-cookie
    X-Api-Key: CANARY-api-key
    Proxy-Authorization: Basic CANARY-proxy
    X-Tenant: ${TENANT}
  scenarios:
    - name: s
      steps:
        - {get: "/CANARY-endpoint?key=CANARY-query", name: one}
        - {get: "/${ENV_PATH}?key=${ENV_QUERY}", expect: {status: 404}}
        - {post: /CANARY-endpoint, name: two, json: {password: CANARY-body, of: "${ENV_BODY}"}}
)yaml");
  const std::vector<std::pair<std::string, std::string>> environment = {{"ENDPOINT", "path=/CANARY-endpoint time=4ms"},
                                                                        {"TENANT", "CANARY-tenant"},
                                                                        {"ENV_PATH", "CANARY-path"},
                                                                        {"ENV_QUERY", "CANARY-env-query"},
                                                                        {"ENV_BODY", "CANARY-env-body"}};
  auto record = quick({"record", "--baseline", "b.json"});
  auto gate =
      quick({"gate",   "--baseline",   "b.json", "--on-inconclusive", "pass",    "--junit",  "j.xml", "--html",
             "h.html", "--markdown",   "m.md",   "--comment",         "c.md",    "--csv",    "f.csv", "--openmetrics",
             "o.txt",  "--k6-summary", "k.json", "--badge",           "b2.json", "--output", "r.json"});
  for (const auto& arguments :
       {record, gate, {"explain"}, {"explain", "r.json"}, {"report", "r.json"}, quick({"run", "--dry-run"})}) {
    const auto run = run_calmly({arguments, folder.path(), environment});
    INFO(run.out << run.err);
    CHECK(run.exit_code == 0);
    // The path of an endpoint is written in the file and stands in the reports; nothing else may.
    std::string said = run.out + run.err;
    for (auto at = said.find("/CANARY-endpoint"); at != std::string::npos; at = said.find("/CANARY-endpoint"))
      said.erase(at, std::string("/CANARY-endpoint").size());
    CHECK_FALSE(contains(said, "CANARY"));
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || name == "burstgate.yaml") continue;
    std::string text = folder.read(std::filesystem::relative(entry.path(), folder.path()).string());
    for (auto at = text.find("/CANARY-endpoint"); at != std::string::npos; at = text.find("/CANARY-endpoint"))
      text.erase(at, std::string("/CANARY-endpoint").size());
    CAPTURE(name);
    CHECK_FALSE(contains(text, "CANARY"));
  }
}

TEST_CASE("case 158: a secret that the service repeats in its log stays hidden") {
  const TemporaryFolder folder;
  folder.write("burstgate.yaml",
               "service: {command: [sh, -c, 'echo told $0 and $1; exit 3', \"${TOKEN}\", CANARY-header],"
               " url: \"http://127.0.0.1:9\"}\n"
               "workload:\n"
               "  headers: {Authorization: Bearer CANARY-header}\n"
               "  scenarios: [{name: s, steps: [{get: /a}]}]\n");
  const auto run = run_binary({quick({"run"}), folder.path(), {{"TOKEN", "CANARY-environment"}}});
  INFO(run.err);
  CHECK(run.exit_code == 4);
  CHECK(contains(run.err, "| told *** and ***"));
  CHECK_FALSE(contains(run.out + run.err, "CANARY"));
}

TEST_CASE("case 155: secrets appear in no artefact") {
  const Serve serve({"--endpoint", "path=/a time=4ms"});
  const TemporaryFolder folder;
  folder.write("burstgate.yaml", "service: " + serve.url() +
                                     "\nworkload:\n"
                                     "  headers: {Authorization: \"Bearer ${TOKEN}\", Cookie: sid=CANARY-cookie}\n"
                                     "  scenarios: [{name: s, steps: [{get: \"/a?token=CANARY-query\", name: q},"
                                     " {post: /a, name: p, json: {password: CANARY-body}}]}]\n");
  const std::vector<std::string> reports = {"--junit",       "j.xml",  "--markdown",   "m.md",   "--output", "r.json",
                                            "--html",        "h.html", "--comment",    "c.md",   "--csv",    "f.csv",
                                            "--openmetrics", "o.txt",  "--k6-summary", "k.json", "--badge",  "b.json"};
  const auto written = {"j.xml", "m.md", "r.json", "h.html", "c.md", "f.csv", "o.txt", "k.json", "b.json"};
  auto arguments = quick({"gate"});
  arguments.insert(arguments.end(), reports.begin(), reports.end());
  const auto from_file = run_calmly({arguments, folder.path(), {{"TOKEN", "CANARY-environment"}}});
  CHECK(from_file.exit_code == 0);
  CHECK_FALSE(contains(from_file.out + from_file.err, "CANARY"));
  for (const char* name : written) CHECK_FALSE(contains(folder.read(name), "CANARY"));

  const TemporaryFolder elsewhere;
  arguments = quick({"gate", serve.url() + "a?token=CANARY-url&b=1"});
  arguments.insert(arguments.end(), reports.begin(), reports.end());
  const auto from_url = run_calmly({arguments, elsewhere.path()});
  INFO(from_url.out << from_url.err);
  CHECK(from_url.exit_code == 0);
  CHECK_FALSE(contains(from_url.out + from_url.err, "CANARY"));
  for (const char* name : written) CHECK_FALSE(contains(elsewhere.read(name), "CANARY"));
  CHECK(contains(from_url.out, "token=***"));
  CHECK(contains(from_url.err, "warning: a secret in a URL on the command line"));
}
