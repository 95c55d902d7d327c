// What alerts, export and waivers of a file become, and what is never shown of them.
#include "config/alert.hpp"

#include <doctest/doctest.h>

#include "config/alert_reader.hpp"
#include "config/effective.hpp"
#include "config/source_mask.hpp"
#include "unit/config/settings_file.hpp"

using namespace burstgate;
using namespace burstgate::config;
using namespace burstgate::config::test;

namespace {

const std::string service = "service: http://h\n";

std::string shown(const Settings& settings, const std::string& key) {
  for (const Setting& setting : effective_settings(settings)) {
    if (setting.key == key) return setting.value;
  }
  return "-";
}

}  // namespace

TEST_CASE("alerts as they are read") {
  const Settings settings = read(service +
                                     "alerts:\n"
                                     "  - {when: fail, webhook: \"${URL}\", format: slack}\n"
                                     "  - {when: [warn, fail], sustained: 3, command: [./n.sh, 2], environment: [A]}\n",
                                 {}, {{"URL", "https://hooks.example/s3cret"}});
  REQUIRE(settings.alerts.size() == 2);
  const Alert& chat = settings.alerts[0];
  CHECK(chat.when == std::vector<std::string>{"fail"});
  CHECK(chat.sustained == 1);
  CHECK(chat.webhook->text == "https://hooks.example/s3cret");
  CHECK(chat.webhook->shown == "${URL}");
  CHECK(chat.format == Alert::Format::slack);
  CHECK(chat.command.empty());
  CHECK(chat.place.line == 3);
  const Alert& script = settings.alerts[1];
  CHECK(script.when == std::vector<std::string>{"warn", "fail"});
  CHECK(script.sustained == 3);
  CHECK_FALSE(script.webhook);
  CHECK(script.command == std::vector<std::string>{"./n.sh", "2"});
  CHECK(script.environment == std::vector<std::string>{"A"});
}

TEST_CASE("the Pushgateway, in short and in full") {
  const Settings brief = read(service + "export: {pushgateway: \"http://127.0.0.1:9091//\"}\n");
  REQUIRE(brief.push_gateway);
  CHECK(brief.push_gateway->url.text == "http://127.0.0.1:9091");
  CHECK(brief.push_gateway->job == "burstgate");
  CHECK(brief.push_gateway->labels.empty());
  const Settings full =
      read(service + "export: {pushgateway: {url: http://h/p, job: nightly, labels: {branch: \"${B}\", a: b}}}\n", {},
           {{"B", "feature/x"}});
  CHECK(full.push_gateway->job == "nightly");
  CHECK(full.push_gateway->labels ==
        std::vector<std::pair<std::string, std::string>>{{"branch", "feature/x"}, {"a", "b"}});
  CHECK_FALSE(read(service).push_gateway);
}

TEST_CASE("of a receiver's URL only the host is shown") {
  const Settings settings = read(service +
                                 "alerts: [{when: [fail], webhook: \"https://hooks.example/services/s3cret\"}]\n"
                                 "export: {pushgateway: {url: \"https://gateway.example/s3cret\"}}\n");
  CHECK(shown(settings, "alerts[0].webhook") == "https://hooks.example/***");
  CHECK(shown(settings, "alerts[0].when") == "fail");
  CHECK(shown(settings, "export.pushgateway.url") == "https://gateway.example/***");
  for (const Setting& setting : effective_settings(settings)) {
    CHECK(setting.value.find("s3cret") == std::string::npos);
  }
  CHECK(without_secrets("  - {when: [fail], webhook: https://h/s3cret, format: slack}").find("s3cret") ==
        std::string::npos);
  CHECK(push_gateway_url("http://h:1/", "--push-gateway").text == "http://h:1");
}

TEST_CASE("waivers stand in the file, or beside it") {
  const Settings listed =
      read(service + "waivers: [{metric: p95, regression: +40%, reason: why, until: 2999-12-31}]\n");
  REQUIRE(listed.waivers.size() == 1);
  CHECK(listed.waivers[0].metric == Metric::latency_p95);
  CHECK(listed.waivers[0].place.line == 2);
  CHECK(read(service + "waivers: []\n").waivers.empty());
  const Folder folder;
  folder.write("perf/w.yaml", "- {metric: p99, limit: 1s, reason: why, until: 2999-12-31}\n");
  const Settings named =
      read_settings(folder.write("gate.yaml", service + "waivers: perf/w.yaml\n"), {}, no_environment);
  REQUIRE(named.waivers.size() == 1);
  CHECK(named.waivers[0].place.file == folder.at("perf/w.yaml"));
}
