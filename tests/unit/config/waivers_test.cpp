#include "config/waivers.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "unit/config/settings_file.hpp"

namespace burstgate::config {
namespace {

using test::Folder;

Thresholds rules() {
  Thresholds thresholds = default_thresholds();  // p95 +20 %, throughput -15 %, errors +0.5 pp and at most 1 %
  RegressionRule chat;
  chat.metric = Metric::latency_p95;
  chat.warn = 0.1;
  chat.fail = 0.25;
  thresholds.endpoints["chat"].regression.push_back(chat);
  AbsoluteRule rate;
  rate.metric = Metric::throughput;
  rate.fail = 100;
  thresholds.total.limits.push_back(rate);
  return thresholds;
}

std::vector<Waiver> waivers(const std::string& text) {
  const Folder folder;
  return read_waivers(folder.write("w.yaml", text));
}

Waived applied(const std::string& text, std::string_view today = "2026-06-01") {
  return with_waivers(rules(), waivers(text), today);
}

std::string complaint(const std::string& text) {
  const Folder folder;
  const std::string path = folder.write("w.yaml", text);
  try {
    read_waivers(path);
  } catch (const Error& error) {
    std::string what = error.what();
    for (auto at = what.find(path); at != what.npos; at = what.find(path)) what.replace(at, path.size(), "w.yaml");
    return what.substr(0, what.find("\n"));
  }
  return "read";
}

constexpr const char* chat_waiver =
    "- metric: latency_p95\n  endpoint: chat\n  regression: +40%\n  reason: new index\n  until: 2026-12-31\n";

TEST_CASE("a waived rule warns at its own limit and fails at the waiver's") {
  const Waived waived = applied(chat_waiver);
  const RegressionRule& rule = waived.thresholds.endpoints.at("chat").regression[0];
  CHECK(*rule.warn == 0.25);
  CHECK(*rule.fail == 0.4);
  CHECK(rule.place.line == 1);
  CHECK(waived.warnings.empty());
  REQUIRE(waived.in_force.size() == 1);
  const std::string text = text_of(waived.in_force[0]);
  CHECK(text.find("WAIVED until 2026-12-31: chat latency_p95 fails only at +40 % against the baseline: new index (") ==
        0);
  CHECK(*waived.thresholds.total.regression[0].fail == 0.2);  // of the whole run, untouched
}

TEST_CASE("absolute limits: at most, and at least") {
  const Waived waived = applied(
      "- {metric: error_rate, limit: 2%, reason: a, until: 2026-12-31}\n"
      "- {metric: throughput, limit: 80/s, regression: -30%, reason: b, until: 2026-12-31}\n");
  CHECK(waived.warnings.empty());
  CHECK(*waived.thresholds.total.limits[0].fail == 0.02);
  CHECK(*waived.thresholds.total.limits[0].warn == 0.01);
  CHECK(*waived.thresholds.total.limits[1].fail == 80);
  CHECK(*waived.thresholds.total.limits[1].warn == 100);
  CHECK(*waived.thresholds.total.regression[1].fail == 0.3);
  CHECK(text_of(waived.in_force[1]).find("throughput fails only at -30 % against the baseline and 80.0/s: b") !=
        std::string::npos);
}

TEST_CASE("the last day counts, the one after is too late") {
  CHECK(applied(chat_waiver, "2026-12-31").in_force.size() == 1);
  const Waived late = applied(chat_waiver, "2027-01-01");
  CHECK(late.in_force.empty());
  CHECK(*late.thresholds.endpoints.at("chat").regression[0].fail == 0.25);
  REQUIRE(late.warnings.size() == 1);
  CHECK(late.warnings[0].find("expired on 2026-12-31: its limit holds again") != std::string::npos);
}

TEST_CASE("a waiver that changes nothing warns") {
  const auto warning = [](const std::string& text) {
    const Waived waived = applied(text);
    CHECK(waived.in_force.empty());
    REQUIRE(waived.warnings.size() == 1);
    return waived.warnings[0];
  };
  CHECK(warning("- {metric: latency_p99, regression: +40%, reason: a, until: 2026-12-31}\n")
            .find("is not used: there is no such limit") != std::string::npos);
  CHECK(warning("- {metric: latency_p95, endpoint: cart, regression: +40%, reason: a, until: 2026-12-31}\n")
            .find("waiver of cart latency_p95") != std::string::npos);
  CHECK(warning("- {metric: latency_p95, regression: +20%, reason: a, until: 2026-12-31}\n")
            .find("no wider than the rule's") != std::string::npos);
  CHECK(warning("- {metric: throughput, limit: 100/s, reason: a, until: 2026-12-31}\n")
            .find("no wider than the rule's") != std::string::npos);
}

TEST_CASE("an empty file holds no waivers") {
  CHECK(waivers("").empty());
  CHECK(waivers("# none at the moment\n").empty());
  CHECK(waivers("[]\n").empty());
}

TEST_CASE("mistakes, to the letter") {
  CHECK(complaint("- {metric: latency_p95, regression: +40%, until: 2026-12-31}\n") ==
        "w.yaml:1:3: error[E-107]: a waiver without reason");
  CHECK(complaint("- {metric: latency_p95, regression: +40%, reason: a}\n") ==
        "w.yaml:1:3: error[E-107]: a waiver without until");
  CHECK(complaint("- {metric: latency_p95, reason: a, until: 2026-12-31}\n") ==
        "w.yaml:1:3: error[E-107]: a waiver without a limit; write regression: +40%, or limit: 700ms");
  CHECK(complaint("- {metric: latncy_p95, regression: +40%, reason: a, until: 2026-12-31}\n") ==
        "w.yaml:1:12: error[E-117]: unknown metric 'latncy_p95'; did you mean 'latency_p95'?");
  CHECK(complaint("- {metric: latency_p95, regression: +40%, reason: a, until: 2026-02-30}\n") ==
        "w.yaml:1:61: error[E-104]: until: expected a day such as 2026-12-31, got '2026-02-30'");
  CHECK(complaint("- {metric: latency_p95, regression: -40%, reason: a, until: 2026-12-31}\n").find("error[E-124]") !=
        std::string::npos);
  CHECK(complaint("- {metric: latency_p95, limit: 700ms, regresion: +40%, reason: a, until: 2026-12-31}\n")
            .find("did you mean 'regression'?") != std::string::npos);
  CHECK(complaint("metric: latency_p95\n").find("error[E-102]") != std::string::npos);
  CHECK(complaint("- {metric: latency_p95, regression: +40%, reason: " + std::string(501, 'x') +
                  ", until: 2026-12-31}\n") == "w.yaml:1:51: error[E-105]: reason: 501 bytes long; at most 500");
}

}  // namespace
}  // namespace burstgate::config
