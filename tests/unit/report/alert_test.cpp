// Messages about a run: what stands in them, and that nothing from outside can do more than be read.
#include "report/alert.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "support/hostile_strings.hpp"
#include "unit/report/fixtures.hpp"

using namespace burstgate;
using namespace burstgate::report;

namespace {

std::string chat_text(const Report& report, const AlertContext& context = {}) {
  return parse_json(render_alert_slack(report, context), "slack").at("text").get<std::string>();
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

}  // namespace

TEST_CASE("the JSON says who, where, what, and which checks did not pass") {
  Report report = test::report_with_endpoints({"chat", "search"});
  report.candidate.operation = "api";
  report.candidate.branch = "main";
  report.exit_code = 1;
  report.result_file = "performance/results/api.json";
  const auto json = parse_json(render_alert_json(report, {3, "https://ci.example/1"}), "alert");
  CHECK(json.at("schema") == "burstgate-alert/1");
  CHECK(json.at("outcome") == "fail");
  CHECK(json.at("headline") == "FAIL");
  CHECK(json.at("in_a_row") == 3);
  CHECK(json.at("exit_code") == 1);
  CHECK(json.at("operation") == "api");
  CHECK(json.at("branch") == "main");
  CHECK(json.at("pull_request") == nullptr);
  CHECK(json.at("job_url") == "https://ci.example/1");
  CHECK(json.at("result_file") == "performance/results/api.json");
  REQUIRE(json.at("checks").size() == 2);
  CHECK(json.at("checks")[0].at("outcome") == "fail");
  CHECK(json.at("checks")[0].at("text").get<std::string>().starts_with("fail chat: latency "));
  CHECK(json.at("checks_omitted") == 0);
}

TEST_CASE("the chat's text is a line, the reason and the checks in code, and a link") {
  Report report = test::report_with_endpoints({"chat"});
  report.candidate.operation = "api";
  report.candidate.branch = "feature/x";
  report.candidate.commit = "";
  const std::string text = chat_text(report, {2, "https://ci.example/job/1?x=y"});
  CHECK(text.starts_with("*burstgate: FAIL* (2 runs in a row)  operation `api`  branch `feature/x`\n```\n"));
  CHECK(text.find("\nfail chat: latency ") != std::string::npos);
  CHECK(text.ends_with("\n```\nhttps://ci.example/job/1?x=y"));
  CHECK(chat_text(report).starts_with("*burstgate: FAIL*  operation"));
  CHECK(chat_text(report, {1, "https://ci.example/<!channel>"}).ends_with("```"));
}

TEST_CASE("most checks are left out of a message, and it says how many") {
  const Report report = test::report_with_endpoints(200);
  const auto json = parse_json(render_alert_json(report, {}), "alert");
  CHECK(json.at("checks").size() == most_alert_checks);
  CHECK(json.at("checks_omitted") == 200 - most_alert_checks);
  CHECK(chat_text(report).find("\n192 more\n```") != std::string::npos);
  CHECK(render_alert_slack(report, {}).size() < 4000);
}

TEST_CASE("text from outside stays text: no mention, link, format or end of the code around it") {
  for (const std::string& hostile : test::hostile_strings()) {
    Report report = test::report_of(hostile);
    report.candidate.operation = report.candidate.branch = report.candidate.commit = hostile;
    const auto json = parse_json(render_alert_json(report, {1, hostile}), "alert");
    for (const auto& [key, value] : json.items()) {
      if (!value.is_string()) continue;
      const std::string text = value;
      CHECK_MESSAGE(std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }), key);
    }
    const std::string text = chat_text(report, {1, hostile});
    CHECK(text.find_first_of("<>") == std::string::npos);
    CHECK(count(text, "```") == 2);
    CHECK((count(text, "`") - 6) % 2 == 0);
    CHECK(text.size() < 40'000);  // more is cut by Slack
  }
  Report report = test::report_of("`<!channel> *bold* @here <https://evil|click>`");
  report.candidate.branch = "`<!channel>`";
  const std::string text = chat_text(report);
  CHECK(text.find("branch `'&lt;!channel&gt;'`") != std::string::npos);
}
