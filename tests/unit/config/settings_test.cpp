// What a good file becomes, and how flags change it.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "config/read.hpp"
#include "unit/config/settings_file.hpp"

using namespace burstgate;
using namespace burstgate::config;
using namespace burstgate::config::test;
using namespace std::chrono_literals;

TEST_CASE("without a file, the URL is the plan") {
  const Settings settings = read_settings(std::nullopt, {{"url", "http://h:81/a?q=1&r=2", "URL"}}, no_environment);
  const Plan& plan = settings.plan;
  CHECK(plan.operation == "burst");
  CHECK(plan.service.url == "http://h:81/a?q=1&r=2");
  REQUIRE(plan.scenarios.size() == 1);
  CHECK(plan.scenarios[0].name == "default");
  REQUIRE(plan.scenarios[0].steps.size() == 1);
  const Step& step = plan.scenarios[0].steps[0];
  CHECK(step.method == "GET");
  CHECK(step.target == "/a?q=1&r=2");
  CHECK(step.target_shown == "/a?q=***&r=***");
  CHECK(step.name == "GET /a?q=***&r=***");
  CHECK(plan.profile.name == "default");
  CHECK_FALSE(plan.profile.open);
  CHECK(plan.profile.closed.users == 10);
  CHECK(plan.profile.duration == 10s);
  CHECK(plan.profile.warmup == 2s);
  CHECK(plan.baseline_file == std::nullopt);
  CHECK(settings.thresholds.source == "built-in defaults");
  CHECK(settings.config_file == "");
  CHECK(settings.notes.empty());
}

TEST_CASE("a URL without a path gets /, and one with only a query too") {
  const auto target = [](const std::string& url) {
    return read_settings(std::nullopt, {{"url", url, "URL"}}, no_environment).plan.scenarios[0].steps[0].target;
  };
  CHECK(target("http://h") == "/");
  CHECK(target("http://h/") == "/");
  CHECK(target("http://h?x=1") == "/?x=1");
}

TEST_CASE("neither file nor URL") {
  try {
    read_settings(std::nullopt, {}, no_environment);
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(std::string(error.what()) ==
          "error[E-100]: nothing to send load to: no URL and no configuration file; burstgate gate "
          "http://127.0.0.1:8080/ or --config burstgate.yaml");
  }
}

TEST_CASE("a full file") {
  const Environment environment = [](const std::string& name) -> std::optional<std::string> {
    return name == "API_TOKEN" ? std::optional<std::string>("s3cret") : std::nullopt;
  };
  const std::string file = std::string(BURSTGATE_SOURCE_DIR) + "/tests/cases/config_ok/full.yaml";
  const Settings settings = read_settings(file, {}, environment);
  const Plan& plan = settings.plan;
  CHECK(plan.operation == "chat-api_1.0");
  CHECK(plan.service.command == std::vector<std::string>{"./build/server", "--port", "{port}", "--workers", "2"});
  CHECK(plan.service.url == "http://127.0.0.1:{port}");
  CHECK(plan.service.ready.path == "/health");
  CHECK(plan.service.ready.within == 30s);
  CHECK(plan.baseline_file == std::string(BURSTGATE_SOURCE_DIR) + "/tests/cases/config_ok/perf/baseline.json");
  CHECK(plan.baseline_place.line == 8);
  CHECK(plan.limits.request_timeout == 10s);
  CHECK(plan.limits.connect_timeout == 3s);
  CHECK(plan.limits.max_response_bytes == 64u << 20);
  CHECK(plan.keep_alive);
  CHECK(plan.threads == 2);
  CHECK(plan.seed == 42);

  REQUIRE(plan.scenarios.size() == 2);
  CHECK(plan.scenarios[0].weight == 3);
  CHECK(plan.scenarios[0].wait.least == 1s);
  CHECK(plan.scenarios[0].wait.most == 3s);
  CHECK(plan.scenarios[1].wait.least == 500ms);
  CHECK(plan.scenarios[1].wait.most == 500ms);
  const Step& chat = plan.scenarios[0].steps[0];
  CHECK(chat.name == "chat");
  CHECK(chat.method == "POST");
  CHECK(chat.body.text == R"({"message":"How can I help you?","n":3,"ratio":0.5,"deep":[true,null,{"a":"b"}]})");
  REQUIRE(chat.headers.size() == 3);
  CHECK(chat.headers[0].name == "Authorization");
  CHECK(chat.headers[0].value.text == "Bearer s3cret");
  CHECK(chat.headers[0].value.shown == "Bearer ${API_TOKEN}");
  CHECK(chat.headers[2].name == "Content-Type");
  CHECK(chat.headers[2].value.text == "application/json");
  CHECK(chat.expect_status == std::vector<int>{200});
  CHECK(chat.expect_body == "ok");
  CHECK(plan.scenarios[0].steps[1].name == "GET /api/items?page=***");
  CHECK(plan.scenarios[1].steps[0].body.text == "two\nlines\n");
  CHECK(plan.scenarios[1].steps[0].expect_status == std::vector<int>{200, 201, 204});

  CHECK(plan.profile.name == "steady");
  REQUIRE(plan.profile.open);
  CHECK(plan.profile.open->rate_per_s == 200);
  CHECK(plan.profile.open->connections == 64);
  CHECK(plan.profile.duration == 60s);
  CHECK(plan.profile.warmup == 2s);
}

TEST_CASE("thresholds as values") {
  const Thresholds all = read_thresholds(
      std::string(BURSTGATE_SOURCE_DIR) + "/tests/cases/config_ok/full_thresholds.yaml", no_environment);
  REQUIRE(all.total.regression.size() == 3);
  CHECK(all.total.regression[0].metric == Metric::latency_p95);
  CHECK(all.total.regression[0].fail.value() == doctest::Approx(0.20));
  CHECK_FALSE(all.total.regression[0].warn);
  CHECK(all.total.regression[0].floor == 2000);
  CHECK(all.total.regression[0].place.line == 2);
  CHECK(all.total.regression[0].place.column == 3);
  CHECK(all.total.regression[1].metric == Metric::throughput);
  CHECK(all.total.regression[1].fail.value() == doctest::Approx(0.15));
  CHECK(all.total.regression[2].fail.value() == doctest::Approx(0.005));
  CHECK(all.total.regression[2].floor == 3);
  REQUIRE(all.total.limits.size() == 3);
  CHECK(all.total.limits[0].warn == 400'000);
  CHECK(all.total.limits[0].fail == 500'000);
  CHECK(all.total.limits[1].fail.value() == doctest::Approx(0.01));
  CHECK(all.total.limits[2].fail == 100);
  REQUIRE(all.endpoints.count("chat") == 1);
  CHECK(all.endpoints.at("chat").regression[0].warn.value() == doctest::Approx(0.25));
  CHECK(all.endpoint_places.at("chat").line == 10);
  CHECK(all.source.ends_with("full_thresholds.yaml"));
}

TEST_CASE("built-in defaults") {
  const Thresholds thresholds = default_thresholds();
  REQUIRE(thresholds.total.regression.size() == 3);
  CHECK(thresholds.total.regression[0].fail == 0.20);
  CHECK(thresholds.total.regression[1].fail == 0.15);
  CHECK(thresholds.total.regression[2].fail == 0.005);
  REQUIRE(thresholds.total.limits.size() == 1);
  CHECK(thresholds.total.limits[0].fail == 0.01);
  CHECK(default_floor(Metric::latency_p99) == 1000);
  CHECK(default_floor(Metric::error_rate) == 3);
  CHECK(default_floor(Metric::throughput) == 0);
}

TEST_CASE("thresholds/default.yaml fails where the built-in defaults do") {
  const Thresholds built_in = default_thresholds();
  const Thresholds file =
      read_thresholds(std::string(BURSTGATE_SOURCE_DIR) + "/thresholds/default.yaml", no_environment);
  REQUIRE(file.total.regression.size() == built_in.total.regression.size());
  for (std::size_t i = 0; i < built_in.total.regression.size(); ++i) {
    const RegressionRule& a = file.total.regression[i];
    const RegressionRule& b = built_in.total.regression[i];
    CHECK(a.metric == b.metric);
    CHECK(a.fail.value() == doctest::Approx(b.fail.value()));
    CHECK(a.floor.value_or(default_floor(a.metric)) == default_floor(b.metric));
  }
  REQUIRE(file.total.limits.size() == 1);
  CHECK(file.total.limits[0].metric == built_in.total.limits[0].metric);
  CHECK(file.total.limits[0].fail.value() == doctest::Approx(built_in.total.limits[0].fail.value()));
}

TEST_CASE("the first profile is the default, `profile` and --profile choose another") {
  const std::string text = shortest + "profiles:\n  a: {users: 1}\n  b: {users: 2}\n  c: {users: 3}\n";
  CHECK(read(text).plan.profile.name == "a");
  CHECK(read(text + "profile: b\n").plan.profile.closed.users == 2);
  const Settings settings = read(text + "profile: b\n", {{"profile", "c", "--profile"}});
  CHECK(settings.plan.profile.closed.users == 3);
  REQUIRE(settings.notes.size() == 1);
  CHECK(base_names(settings.notes[0]) == "profile c from --profile instead of b (gate.yaml:6:10)");
}

TEST_CASE("defaults of a profile") {
  CHECK(read(shortest + "profiles: {a: {rate: 50/s}}").plan.profile.open->connections == 256);
  const Profile brief = read(shortest + "profiles: {a: {duration: 1s}}").plan.profile;
  CHECK(brief.closed.users == 10);
  CHECK(brief.warmup == 200ms);
  CHECK(read(shortest + "profiles: {a: {duration: 1m}}").plan.profile.warmup == 2s);
  CHECK(read(shortest + "profiles: {a: {warmup: 0s}}").plan.profile.warmup == 0s);
}

TEST_CASE("case 144: flags win over the file, and say so") {
  const std::string text = shortest + "profiles:\n  pr: {users: 20, spawn_rate: 5/s, duration: 30s, warmup: 3s}\n" +
                           "seed: 7\nbaseline: b.json\n";
  const Settings settings = read(text, {{"users", "50", "--users"},
                                        {"duration", "1m", "--duration"},
                                        {"warmup", "1s", "BURSTGATE_WARMUP"},
                                        {"seed", "8", "--seed"},
                                        {"baseline", "c.json", "--baseline"}});
  CHECK(settings.plan.profile.closed.users == 50);
  CHECK(settings.plan.profile.closed.spawn_rate_per_s == 5);
  CHECK(settings.plan.profile.duration == 60s);
  CHECK(settings.plan.profile.warmup == 1s);
  CHECK(settings.plan.seed == 8);
  CHECK(settings.plan.baseline_file == "c.json");
  CHECK(settings.plan.baseline_place.text() == "--baseline");
  REQUIRE(settings.notes.size() == 5);
  CHECK(base_names(settings.notes[0]) == "users 50 from --users instead of 20 (gate.yaml:3:15)");
  CHECK(base_names(settings.notes[1]) == "duration 1 min from --duration instead of 30 s (gate.yaml:3:46)");
  CHECK(base_names(settings.notes[2]) == "warmup 1 s from BURSTGATE_WARMUP instead of 3 s (gate.yaml:3:59)");
  CHECK(base_names(settings.notes[3]) == "seed 8 from --seed instead of 7 (gate.yaml:4:7)");
}

TEST_CASE("a rate flag turns a closed profile into an open one, and the reverse") {
  const Settings open = read(shortest + "profiles: {a: {users: 5, spawn_rate: 1/s}}", {{"rate", "100/s", "--rate"}});
  REQUIRE(open.plan.profile.open);
  CHECK(open.plan.profile.open->rate_per_s == 100);
  REQUIRE(open.notes.size() == 2);
  CHECK(base_names(open.notes[0]) == "users 5 (gate.yaml:2:23) dropped because of --rate");
  const Settings closed = read(shortest + "profiles: {a: {rate: 50/s, connections: 9}}", {{"users", "3", "--users"}});
  CHECK_FALSE(closed.plan.profile.open);
  CHECK(closed.plan.profile.closed.users == 3);
  CHECK(closed.notes.size() == 2);
}

TEST_CASE("a URL flag replaces the service and its command, and hides what is secret in the note") {
  const Settings settings =
      read("service: {command: [./s, \"{port}\"]}\n", {{"url", "http://u:pw@h/?key=abc", "--url"}});
  CHECK(settings.plan.service.command.empty());
  CHECK(settings.plan.service.url == "http://u:pw@h/?key=abc");
  REQUIRE(settings.notes.size() == 1);
  CHECK(base_names(settings.notes[0]) == "service http://***@h/?key=*** from --url instead of ./s (gate.yaml:1:10)");
}

TEST_CASE("thresholds: beside the file, inline, or from a flag") {
  const Folder folder;
  folder.write("limits/a.yaml", "limits: {p95: 1s}\n");
  const std::string other = folder.write("b.yaml", "limits: {p99: 2s}\n");
  const std::string file = folder.write("gate.yaml", shortest + "thresholds: limits/a.yaml\n");
  const Settings settings = read_settings(file, {}, no_environment);
  CHECK(settings.thresholds.source == folder.at("limits/a.yaml"));
  CHECK(settings.thresholds.total.limits.at(0).metric == Metric::latency_p95);
  const Settings flag = read_settings(file, {{"thresholds", other, "--thresholds"}}, no_environment);
  CHECK(flag.thresholds.total.limits.at(0).metric == Metric::latency_p99);
  CHECK(flag.notes.size() == 1);
  const Settings inline_rules = read(shortest + "thresholds: {limits: {max: 2s}}\n");
  CHECK(inline_rules.thresholds.total.limits.at(0).metric == Metric::latency_max);
  CHECK(inline_rules.thresholds.total.limits.at(0).place.column == 23);
}

TEST_CASE("is_thresholds_file tells the two kinds of files apart, and never throws") {
  const Folder folder;
  CHECK(is_thresholds_file(folder.write("a", "limits: {p95: 1s}\n")));
  CHECK(is_thresholds_file(folder.write("b", "endpoints: {}\n")));
  CHECK_FALSE(is_thresholds_file(folder.write("c", shortest)));
  CHECK_FALSE(is_thresholds_file(folder.write("d", shortest + "limits: {}\n")));
  CHECK_FALSE(is_thresholds_file(folder.write("e", "limits: [")));
  CHECK_FALSE(is_thresholds_file(folder.at("missing")));
  CHECK_FALSE(is_thresholds_file(folder.at("")));
}

TEST_CASE("headers: a step's own takes the place of the common one; secrets are not shown") {
  const Settings settings = read(shortest + R"(workload:
  headers: {Accept: a, Cookie: "id=1", X-Common: c}
  scenarios:
    - steps:
        - post: /
          headers: {accept: b, content-type: text/json}
          json: 5
)");
  const Step& step = settings.plan.scenarios[0].steps[0];
  REQUIRE(step.headers.size() == 4);
  CHECK(step.headers[0].name == "accept");
  CHECK(step.headers[0].value.shown == "b");
  CHECK(step.headers[1].value.text == "id=1");
  CHECK(step.headers[1].value.shown == "***");
  CHECK(step.headers[3].name == "content-type");
  CHECK(step.body.text == "5");
}

TEST_CASE("case 142: values from the environment are values") {
  const std::string nasty = "a\"b\n: ${OTHER} $$ [x] 'y'";
  const Settings settings = read(shortest + R"(workload:
  scenarios:
    - steps:
        - post: /
          json: {text: "<${NASTY}>", cost: "$$5", alone: $x}
)",
                                 {}, {{"NASTY", nasty}, {"OTHER", "never"}});
  const Secretive& body = settings.plan.scenarios[0].steps[0].body;
  CHECK(body.text == R"({"text":"<a\"b\n: ${OTHER} $$ [x] 'y'>","cost":"$5","alone":"$x"})");
  CHECK(body.shown == R"({"text":"<${NASTY}>","cost":"$$5","alone":"$x"})");
}

TEST_CASE("a path from the environment is shown as written") {
  const Settings settings = read(shortest + "workload: {scenarios: [{steps: [{get: \"/u/${ID}?t=${TOKEN}\"}]}]}\n", {},
                                 {{"ID", "7"}, {"TOKEN", "t0k"}});
  const Step& step = settings.plan.scenarios[0].steps[0];
  CHECK(step.target == "/u/7?t=t0k");
  CHECK(step.target_shown == "/u/${ID}?t=***");
  CHECK(step.name == "GET /u/${ID}?t=***");
}

TEST_CASE("case 59: a line end from the environment is no second request, and is not shown") {
  const Folder folder;
  const std::string file = folder.write(
      "gate.yaml", shortest + "workload: {headers: {X-A: \"${EVIL}\"}, scenarios: [{steps: [{get: /}]}]}\n");
  try {
    read_settings(file, {}, [](const std::string&) { return std::optional<std::string>("s3cret\r\nX-B: 1"); });
    FAIL("accepted");
  } catch (const Error& error) {
    const std::string text = error.what();
    CHECK(text.find("error[E-119]: the value of header X-A contains the byte 0x0d") != std::string::npos);
    CHECK(text.find("s3cret") == std::string::npos);
  }
}

TEST_CASE("case 108: the smallest sufficient number of requests is accepted, one less is not") {
  const auto with = [](const std::string& metric, const std::string& duration) {
    return refusal(shortest + "profiles: {a: {rate: 1/s, duration: " + duration + "}}\nthresholds: {limits: {" +
                   metric + ": 1s}}\n");
  };
  CHECK(with("p95", "59s") == "accepted");
  CHECK(with("p95", "58s").find("latency_p95 needs 59 requests") != std::string::npos);
  CHECK(with("p99", "299s") == "accepted");
  CHECK(with("p99", "298s").find("latency_p99 needs 299 requests") != std::string::npos);
  CHECK(with("p99.9", "2995s") == "accepted");
  CHECK(with("p99.9", "2994s").find("latency_p99.9 needs 2995 requests") != std::string::npos);
  CHECK(with("mean", "1s") == "accepted");
}

TEST_CASE("case 120: limits of a profile, at the limit and one past it") {
  const auto with = [](const std::string& profile) {
    return refusal(shortest + "profiles: {a: {" + profile + "}}\nthresholds: {limits: {mean: 1s}}\n") == "accepted";
  };
  CHECK(with("users: 1"));
  CHECK_FALSE(with("users: 0"));
  CHECK(with("users: 100000"));
  CHECK_FALSE(with("users: 100001"));
  CHECK(with("rate: 1/s"));
  CHECK_FALSE(with("rate: 0.999/s"));
  CHECK(with("rate: 1000000/s"));
  CHECK_FALSE(with("rate: 1000001/s"));
  CHECK(with("duration: 100ms"));
  CHECK_FALSE(with("duration: 99ms"));
  CHECK(with("duration: 168h"));
  CHECK_FALSE(with("duration: 168.001h"));
  CHECK(with("rate: 5/s, connections: 100000"));
  CHECK_FALSE(with("rate: 5/s, connections: 100001"));
  CHECK_FALSE(with("rate: 5/s, connections: 0"));
  CHECK(with("duration: 10s, warmup: 9999ms"));
  CHECK_FALSE(with("duration: 10s, warmup: 10s"));
}

TEST_CASE("case 143: the config is a directory, a FIFO or a device") {
  const Folder folder;
  const std::string fifo = folder.at("fifo");
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  for (const std::string& path : {folder.at(""), fifo, std::string("/dev/zero"), folder.at("missing")}) {
    CAPTURE(path);
    CHECK_THROWS_AS(read_settings(path, {}, no_environment), Error);
    CHECK_THROWS_AS(read_thresholds(path, no_environment), Error);
  }
}
