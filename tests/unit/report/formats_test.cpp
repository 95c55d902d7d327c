// What each format says, where a golden file would not say why.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "complaints.hpp"
#include "fixtures.hpp"
#include "report/annotations.hpp"
#include "report/escape.hpp"
#include "report/mermaid.hpp"
#include "report/rounded.hpp"

namespace burstgate::test {

using nlohmann::json;
using report::Report;
using verdict::Outcome;

namespace {

Report case_named(const std::string& name) {
  for (const ReportCase& report_case : report_cases()) {
    if (report_case.name == name) return report_case.make();
  }
  FAIL("no case " << name);
  return {};
}

std::string as_it_is(const std::string& file) {
  return file;
}

std::string github(const Report& report) {
  return report::render_github_annotations(report, as_it_is);
}

}  // namespace

TEST_CASE("rounding to three significant digits, without exponent where people read it") {
  CHECK(report::rounded(0) == 0);
  CHECK(report::rounded(1234.5) == 1230);
  CHECK(report::rounded(0.0123456) == 0.0123);
  CHECK(report::rounded(-0.30000000000000004) == -0.3);
  CHECK(report::rounded_text(999.6) == "1000");
  CHECK(report::rounded_text(16.799) == "16.8");
  CHECK(report::rounded_text(-1e-320 * 0) == "0");
}

TEST_CASE("a chart needs two rows that can be drawn, and shows plain labels only") {
  using report::mermaid_chart;
  const report::ChartRow plain{1, "chat: latency p95", 12.4, 16.26}, hostile{2, "a\"] --> [b", 1, 2};
  CHECK(mermaid_chart("t", "ms", {}) == "");
  CHECK(mermaid_chart("t", "ms", {plain}) == "");
  CHECK(mermaid_chart("t", "ms", {plain, {3, "x", 0, 5}}) == "");
  CHECK(mermaid_chart("t", "ms", {plain, {3, "x", 1e13, 5}}) == "");
  CHECK(mermaid_chart("t", "ms", {plain, {7, std::string(25, 'x'), 1, 2}}).find("\"row 7\"") != std::string::npos);
  CHECK(mermaid_chart("Title", "ms", {plain, hostile}) ==
        "```mermaid\nxychart-beta\n  title \"Title\"\n  x-axis [\"chat: latency p95\", \"row 2\"]\n"
        "  y-axis \"ms\" 0 --> 17.9\n  bar [16.3, 2]\n  line [12.4, 1]\n```\n");
  const std::string most = mermaid_chart("t", "ms", std::vector<report::ChartRow>(20, plain));
  CHECK(most.find("bar [16.3, 16.3, 16.3, 16.3, 16.3, 16.3, 16.3, 16.3]") != std::string::npos);
}

TEST_CASE("annotations: what was let through is a warning, what passed is nothing") {
  Report undecided = case_named("inconclusive-undecided");
  CHECK(github(undecided).starts_with("::error "));
  undecided.exit_code = 0;
  CHECK(github(undecided).find("::error") == std::string::npos);
  CHECK(github(undecided).starts_with("::warning "));
  CHECK(github(case_named("pass")) == "");
  CHECK(github(case_named("measured-only")) == "");
  CHECK(report::render_azure_issues(case_named("pass"), as_it_is) == "");
}

TEST_CASE("annotations: ten are ten, eleven are nine and a line that says two more") {
  for (const auto& [count, last] :
       {std::pair{10, "things/9"}, std::pair{11, "title=burstgate::and 2 more, see the report"}}) {
    const auto lines = lines_of(github(report_with_endpoints(static_cast<std::size_t>(count))));
    REQUIRE(lines.size() == 10);
    CHECK_MESSAGE(lines.back().find(last) != std::string::npos, lines.back());
  }
}

TEST_CASE("annotations: a measurement that nobody judged and that was cut short is an error") {
  Report report = case_named("measured-only");
  report.candidate.partial = true;
  report.candidate.stop_reason = "100 % | a,b:c";
  report.exit_code = 130;
  CHECK(github(report) == "::error title=burstgate%3A INTERRUPTED::100 %25 | a,b:c\n");
}

TEST_CASE("annotations: separators of the command stay out of its values") {
  Report report = case_named("fail-with-endpoints");
  report.verdict->checks = {report.verdict->checks[1]};
  report.verdict->checks[0].place = {"a,b:c%;]d.yaml", 3, 0};
  CHECK(github(report).starts_with("::error file=a%2Cb%3Ac%25;]d.yaml,line=3,title="));
  CHECK(report::render_azure_issues(report, as_it_is)
            .starts_with("##vso[task.logissue type=error;sourcepath=a,b:c%AZP25%3B%5Dd.yaml;linenumber=3]throughput "));
}

TEST_CASE("CSV: quotes, blanks and formulas") {
  Report report = case_named("fail-with-endpoints");
  report.candidate.commit = "=1+1";
  report.candidate.profile = "a \"b\", c";
  report.candidate.operation = "-x";
  const auto rows = csv_rows(report::render_csv(report));
  REQUIRE(rows.size() > 2);
  CHECK(rows[1][1] == "'-x");
  CHECK(rows[1][2] == "a \"b\", c");
  CHECK(rows[1][3] == "'=1+1");
  CHECK(rows[8][12] == "-19");  // a number below zero is no formula
}

TEST_CASE("case 149: JSON on stdout holds no command, and is the same document") {
  Report report = case_named("pass");
  report.candidate.commit = "##[error]x ##vso[y] \\##[z";
  const std::string text = report::render_json(report);
  CHECK(ci_command_complaint(text) == "");
  CHECK(json::parse(text)["commit"] == report.candidate.commit);
}

TEST_CASE("k6 summary: what GitLab reads, and nothing where nothing is known") {
  const json full = json::parse(report::render_k6_summary(case_named("fail-with-endpoints")))["metrics"];
  CHECK(full["http_reqs"]["rate"] == 200);
  CHECK(full["http_req_waiting"]["p(90)"] == 15.6);
  CHECK(full["http_req_waiting"]["p(95)"] == 16.8);
  CHECK(full["checks"]["passes"] == 3);  // of them a warning
  CHECK(full["checks"]["fails"] == 5);   // of them an undecided one
  const json none = json::parse(report::render_k6_summary(case_named("target-failed")))["metrics"];
  CHECK(!none.contains("http_req_waiting"));
  CHECK(none["http_req_failed"]["value"] == 1);
  CHECK(!json::parse(report::render_k6_summary(case_named("measured-only")))["metrics"].contains("checks"));
}

TEST_CASE("OpenMetrics: an endpoint called total is not the total") {
  const std::string text = report::render_openmetrics(case_named("hostile-names"));
  CHECK(text.find("burstgate_http_requests{endpoint=\"total\",result=\"ok\"} 1800\n") != std::string::npos);
  CHECK(text.find("burstgate_http_requests{endpoint=\"total~04d092fd\",result=\"ok\"} 100\n") != std::string::npos);
  CHECK(text.find("burstgate_verdict{outcome=\"fail\"} 1\n") != std::string::npos);
}

TEST_CASE("badge: a word and a colour for every end") {
  const std::pair<const char*, const char*> colors[] = {
      {"pass", "brightgreen"},        {"pass-with-warning", "yellow"},
      {"fail-with-endpoints", "red"}, {"inconclusive-undecided", "lightgrey"},
      {"target-failed", "red"},       {"measured-only", "blue"}};
  for (const auto& entry : colors) {
    const std::string name = entry.first;  // clang 14: no captures of structured bindings
    const std::string color = entry.second;
    CAPTURE(name);
    const json badge = json::parse(report::render_badge(case_named(name)));
    CHECK(badge["schemaVersion"] == 1);
    CHECK(badge["color"] == color);
  }
}

TEST_CASE("the strict readers of these tests find what they look for") {
  CHECK(ci_command_complaint("x\n \u00a0::error::y") != "");
  CHECK(ci_command_complaint("x ##vso[y]") != "");
  CHECK(ci_command_complaint("a::b") == "");
  CHECK(csv_rows("a,\"b\"\"c\"\r\n") == std::vector<std::vector<std::string>>{{"a", "b\"c"}});
  CHECK(csv_rows("a\n")[1][0].starts_with("broken"));
  CHECK(openmetrics_complaint("# TYPE a gauge\n# HELP a x\na{b=\"c d\"} 1\n# EOF\n") != "");
  CHECK(openmetrics_complaint("# TYPE a gauge\n# HELP a x\na{b=\"c\"} 1\n# EOF\n") == "");
  CHECK(openmetrics_complaint("# TYPE a gauge\n# HELP a x\na{b=\"c\"} 1\n") != "");
  CHECK(markdown_complaint("| a | b | c | d | e | f |\n") == "");
  CHECK(markdown_complaint("| a | b | c | d | e |\n") != "");
  CHECK(markdown_complaint("<b>") != "");
  CHECK(markdown_complaint("```\n<b>\n```\n") == "");
  CHECK(github_complaint("::error title=x::100 %") != "");
  CHECK(azure_complaint("##vso[task.complete]x") != "");
}

}  // namespace burstgate::test
