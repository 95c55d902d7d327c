// The reports byte for byte. UPDATE_GOLDEN=1 rewrites the files; the diff is reviewed.
#include <doctest/doctest.h>

#include <clocale>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "fixtures.hpp"
#include "report/annotations.hpp"
#include "report/explain.hpp"
#include "report/html.hpp"
#include "report/screen.hpp"

namespace burstgate::test {

namespace {

void check_golden(const std::string& file, const std::string& text) {
  const std::string path = std::string(BURSTGATE_SOURCE_DIR) + "/tests/golden/report/" + file;
  const char* update = std::getenv("UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1") {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  std::ifstream in(path, std::ios::binary);
  REQUIRE_MESSAGE(in.good(), "no golden file " << path << "; UPDATE_GOLDEN=1 writes it");
  std::stringstream expected;
  expected << in.rdbuf();
  CHECK_MESSAGE(expected.str() == text, "differs from " << path << "; now:\n" << text);
}

// The style sheet is looked at in a browser (html_test.sh), not here.
std::string without_style(std::string html) {
  const auto from = html.find("<style>");
  const auto to = html.find("</style>");
  REQUIRE(from < to);
  return html.erase(from, to - from);
}

// The verdict's part; the measurement's has tests of its own.
std::string verdict_json(const report::Report& report) {
  const auto json = nlohmann::ordered_json::parse(report::render_json(report));
  CHECK(json.at("schema") == "burstgate/1");
  CHECK(json.contains("totals"));
  CHECK(json.contains("verdict") == report.verdict.has_value());
  return nlohmann::ordered_json{{"verdict", json.value("verdict", nlohmann::ordered_json())}}.dump(2) + "\n";
}

std::string from_top(const std::string& file) {
  return "perf/" + file;
}

}  // namespace

TEST_CASE("reports are what the golden files say") {
  for (const ReportCase& report_case : report_cases()) {
    CAPTURE(report_case.name);
    const report::Report report = report_case.make();
    check_golden(report_case.name + ".console.txt", report::render_console(report, false, true));
    check_golden(report_case.name + ".console-ascii.txt", report::render_console(report, false, false));
    check_golden(report_case.name + ".md", report::render_markdown(report));
    check_golden(report_case.name + ".screen.txt", report::render_screen(report, false, true));
    check_golden(report_case.name + ".html", without_style(report::render_html(report)));
    check_golden(report_case.name + ".comment.md", report::render_comment(report));
    check_golden(report_case.name + ".xml", report::render_junit(report));
    check_golden(report_case.name + ".strict.xml", report::render_junit_strict(report));
    check_golden(report_case.name + ".csv", report::render_csv(report));
    check_golden(report_case.name + ".openmetrics.txt", report::render_openmetrics(report));
    check_golden(report_case.name + ".k6.json", report::render_k6_summary(report));
    check_golden(report_case.name + ".badge.json", report::render_badge(report));
    check_golden(report_case.name + ".github.txt", report::render_github_annotations(report, from_top));
    check_golden(report_case.name + ".azure.txt", report::render_azure_issues(report, from_top));
    check_golden(report_case.name + ".json", verdict_json(report));
    if (report.verdict) check_golden(report_case.name + ".explain.txt", explanation_of(report, false, true));
  }
}

TEST_CASE("an explanation says first what is not as it was saved") {
  const std::string text =
      report::render_explanation(report_cases().front().make(), {{}, {"What if: ..."}}, false, false);
  CHECK(text.find("\nWhat if: ...\n") < text.find("How it was judged"));
}

TEST_CASE("case 152: numbers do not follow the locale") {
  const report::Report report = report_cases().front().make();
  const auto all_formats = [&] {
    std::string text = report::render_console(report, false, true);
    for (const report::Format& format : report::formats()) text += format.render(report);
    return text;
  };
  const std::string before = all_formats();
  const char* old = std::setlocale(LC_ALL, nullptr);
  const std::string kept = old == nullptr ? "C" : old;
  if (std::setlocale(LC_ALL, "de_DE.UTF-8") == nullptr) MESSAGE("locale de_DE.UTF-8 is not installed");
  CHECK(all_formats() == before);
  std::setlocale(LC_ALL, kept.c_str());
}

}  // namespace burstgate::test
