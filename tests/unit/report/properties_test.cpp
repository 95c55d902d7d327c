// What every report must hold whatever the names in it are.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.hpp"
#include "complaints.hpp"
#include "fixtures.hpp"
#include "report/annotations.hpp"
#include "report/escape.hpp"
#include "report/page.hpp"
#include "support/binary.hpp"
#include "support/hostile_strings.hpp"

namespace burstgate::test {

using report::Report;

namespace {

std::string same_path(const std::string& file) {
  return file;
}

bool have(const std::string& tool, const std::string& package) {
  static std::map<std::string, bool> known;
  const auto [at, is_new] = known.emplace(tool, false);
  if (is_new) {
    at->second = std::system(("command -v " + tool + " >/dev/null 2>&1").c_str()) == 0;
    if (!at->second) MESSAGE(tool << " is missing (package " << package << "): its part is not tested here");
  }
  return at->second;
}

// XML files in a folder, and one xmllint over all of them.
class XmlDocuments {
 public:
  explicit XmlDocuments(const std::string& schema)
      : schema_(std::string(BURSTGATE_SOURCE_DIR) + "/schemas/" + schema) {}
  void add(const std::string& xml) {
    if (seen_.insert(xml).second) folder_.write(std::to_string(seen_.size()) + ".xml", xml);
  }
  // What xmllint says about the documents that are not valid; "" when all of them are.
  std::string complaint() const {
    if (!have("xmllint", "libxml2-utils")) return {};
    const std::string out = folder_.file("out");
    const std::string command = "cd '" + folder_.path().string() +
                                "' && find . -name '*.xml' | xargs xmllint --noout --huge" + " --schema '" + schema_ +
                                "' >'" + out + "' 2>&1";
    return std::system(command.c_str()) == 0 ? "" : folder_.read("out");
  }

 private:
  std::string schema_;
  TemporaryFolder folder_;
  std::set<std::string> seen_;
};

void check_xml(const Report& report) {
  XmlDocuments common("junit-common.xsd"), strict("junit-strict.xsd");
  common.add(report::render_junit(report));
  strict.add(report::render_junit_strict(report));
  CHECK(common.complaint() == "");
  CHECK(strict.complaint() == "");
}

void check_console(const Report& report, bool color, bool unicode) {
  CHECK(terminal_complaint(report::render_console(report, color, unicode), color, unicode) == "");
  if (report.verdict) CHECK(terminal_complaint(explanation_of(report, color, unicode), color, unicode) == "");
}

void check_markdown(const Report& report) {
  const std::string comment = report::render_comment(report);
  CHECK(comment.size() < 60'000);
  CHECK(comment.starts_with("<!-- burstgate:"));
  CHECK(lines_of(comment).front().ends_with(" -->"));
  CHECK(comment.find("-->") == comment.find(" -->\n") + 1);
  CHECK(markdown_complaint(comment) == "");
  const std::string summary = report::render_markdown(report);
  CHECK(summary.size() < 900'000);
  CHECK(summary.starts_with("**"));  // the verdict before anything else
  CHECK(markdown_complaint(summary) == "");
}

void check_data(const Report& report) {
  CHECK(csv_complaint(report::render_csv(report)) == "");
  CHECK(openmetrics_complaint(report::render_openmetrics(report)) == "");
  for (const std::string& json :
       {report::render_json(report), report::render_k6_summary(report), report::render_badge(report)}) {
    CHECK(nlohmann::json::accept(json));
    CHECK(ci_command_complaint(json) == "");
  }
}

void check_all(const Report& report) {
  check_console(report, false, true);
  check_console(report, true, false);
  check_markdown(report);
  check_data(report);
  CHECK(ci_command_complaint(report::render_junit(report)) == "");
  CHECK(ci_command_complaint(report::render_junit_strict(report)) == "");
  CHECK(github_complaint(report::render_github_annotations(report, same_path)) == "");
  CHECK(azure_complaint(report::render_azure_issues(report, same_path)) == "");
}

bool says_no_number(std::string line) {
  const auto is_letter = [&](std::size_t at) {
    return at < line.size() && std::isalpha(static_cast<unsigned char>(line[at])) != 0;
  };
  std::transform(line.begin(), line.end(), line.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const std::string word : {"nan", "inf"}) {
    for (std::size_t at = line.find(word); at != std::string::npos; at = line.find(word, at + 1)) {
      if ((at == 0 || !is_letter(at - 1)) && !is_letter(at + word.size())) return true;
    }
  }
  return false;
}

// The exit code of a command that reads `text`.
int piped(const std::string& command, const std::string& text) {
  std::FILE* pipe = popen(command.c_str(), "w");
  REQUIRE(pipe != nullptr);
  std::fwrite(text.data(), 1, text.size(), pipe);
  const int status = pclose(pipe);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void check_promtool(const Report& report) {
  if (!have("promtool", "prometheus")) return;
  const std::string text = report::render_openmetrics(report);
  CHECK_MESSAGE(piped("promtool check metrics", text) == 0, text.substr(0, 3000));
}

}  // namespace

TEST_CASE("every report of the golden files holds the properties") {
  for (const ReportCase& report_case : report_cases()) {
    CAPTURE(report_case.name);
    const Report report = report_case.make();
    check_all(report);
    check_xml(report);
    check_promtool(report);
  }
}

TEST_CASE("the console fits 80 columns, except words to copy that are longer") {
  for (const ReportCase& report_case : report_cases()) {
    if (report_case.name == "hostile-names") continue;
    CAPTURE(report_case.name);
    for (const bool unicode : {false, true}) {
      const Report report = report_case.make();
      std::string text = report::render_console(report, false, unicode);
      if (report.verdict) text += explanation_of(report, false, unicode);
      for (const std::string& line : lines_of(text)) {
        CHECK_MESSAGE(report::columns(line) <= report::page_columns, line);
      }
    }
  }
}

TEST_CASE("colour is only added: without it the text is the same") {
  for (const ReportCase& report_case : report_cases()) {
    const Report report = report_case.make();
    const std::string colored = report::render_console(report, true, true);
    CHECK(colored.find("\x1b[") != std::string::npos);
    CHECK(without_our_colors(colored) == report::render_console(report, false, true));
  }
}

TEST_CASE("no report says NaN or infinity, whatever the values are") {
  const double bad[] = {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                        -std::numeric_limits<double>::infinity()};
  for (const double value : bad) {
    Report report = report_of("x");
    for (auto& check : report.verdict->checks) {
      check.baseline = check.candidate = check.change = check.smallest_visible_change = value;
      check.interval = verdict::Interval{value, value};
      check.limit_fail = check.limit_warn = value;
      check.tolerance = check.floor = value;
    }
    report.candidate.duration_s = value;
    for (const std::string& text :
         {report::render_console(report, false, true), report::render_markdown(report), report::render_junit(report),
          report::render_csv(report), report::render_openmetrics(report), report::render_badge(report),
          report::render_github_annotations(report, same_path)}) {
      for (const std::string& line : lines_of(text)) CHECK_MESSAGE(!says_no_number(line), line);
    }
    report.candidate.duration_s = 30;
    CHECK(nlohmann::json::accept(report::render_json(report)));
  }
}

TEST_CASE("case 145-149, 151: hostile texts in every place of every format") {
  REQUIRE(hostile_strings().size() > 516);
  XmlDocuments common("junit-common.xsd"), strict("junit-strict.xsd");
  for (const std::string& text : hostile_strings()) {
    // All bytes together are one of the texts; each by itself is a name below.
    if (text.size() == 3 && text.starts_with('a') && text.ends_with('b')) continue;
    CAPTURE(visible(elided(text, 60)));
    const Report report = report_of(text);
    check_all(report);
    common.add(report::render_junit(report));
    strict.add(report::render_junit_strict(report));
  }
  CHECK(common.complaint() == "");
  CHECK(strict.complaint() == "");
}

TEST_CASE("case 145-151: hostile names beside each other stay different") {
  const Report report = report_with_endpoints(hostile_strings());
  check_all(report);
  check_xml(report);  // asks for unique names
  check_promtool(report);
  const auto rows = csv_rows(report::render_csv(report));
  std::set<std::string> names;
  for (const auto& row : rows) {
    if (row[5] == "regression") CHECK(names.insert(row[6]).second);
  }
  CHECK(names.size() == hostile_strings().size());
}

TEST_CASE("case 150, 151: 3,000 endpoints") {
  const Report report = report_with_endpoints(3'000);
  check_markdown(report);
  CHECK(terminal_complaint(report::render_console(report, false, true), false, true) == "");
  CHECK(report::render_console(report, false, true).size() < 20'000);
  CHECK(report::render_comment(report).find("rows omitted, worst first") != std::string::npos);
  CHECK(report::render_markdown(report).find("rows omitted, worst first") != std::string::npos);
  CHECK(csv_rows(report::render_csv(report)).back().size() == 21);
  CHECK(lines_of(report::render_github_annotations(report, same_path)).size() == 10);
  const std::string xml = report::render_junit(report);
  CHECK(xml.size() < 9'000'000);  // GitLab reads 30 MB of one file: 10,000 endpoints
  XmlDocuments common("junit-common.xsd");
  common.add(xml);
  CHECK(common.complaint() == "");
}

TEST_CASE("case 150: long names everywhere stay within Markdown's limit") {
  for (const char* filling : {"#", "`"}) {
    Report report = report_with_endpoints(40);
    for (std::size_t i = 0; i < 40; ++i) {
      std::string name;
      while (name.size() < 3'000) name += filling;
      name += std::to_string(i);
      report.candidate.endpoints[i].name = name;
      report.verdict->checks[i].endpoint = report.verdict->checks[i].place.file = name;
      report.verdict->notes.push_back(name);
      if (i < 10) report.verdict->reasons.push_back({verdict::Cause::not_the_same_work, name});
    }
    report.reproduce = report.accept = report.result_file = std::string(20'000, filling[0]);
    report.candidate.operation = report.candidate.profile = std::string(20'000, filling[0]);
    check_markdown(report);
    check_xml(report);
  }
}

TEST_CASE("a verdict that is not a pass is never all green in JUnit") {
  for (const ReportCase& report_case : report_cases()) {
    CAPTURE(report_case.name);
    const Report report = report_case.make();
    const std::string xml = report::render_junit(report);
    const bool green = xml.find("failures=\"0\" errors=\"0\" skipped=\"0\"") != std::string::npos;
    const bool passed = !report.verdict || report.verdict->outcome == verdict::Outcome::pass ||
                        report.verdict->outcome == verdict::Outcome::warn;
    CHECK(green == passed);
  }
  Report bare = report_cases().front().make();
  bare.verdict->checks.clear();
  for (const auto outcome : {verdict::Outcome::fail, verdict::Outcome::inconclusive}) {
    bare.verdict->outcome = outcome;
    bare.exit_code = outcome == verdict::Outcome::fail ? 1 : 3;
    CHECK(report::render_junit(bare).find("failures=\"0\" errors=\"1\"") != std::string::npos);
    check_xml(bare);
  }
  bare.exit_code = 0;  // let through as asked: neither an error nor a pass
  CHECK(report::render_junit(bare).find("errors=\"0\" skipped=\"1\"") != std::string::npos);
  check_xml(bare);
}

TEST_CASE("the same check twice has two names in JUnit") {
  Report report = report_cases().front().make();
  report.verdict->checks.push_back(report.verdict->checks.front());
  check_xml(report);  // the schema asks for unique names
  CHECK(report::render_junit(report).find("name=\"latency p95 #2\"") != std::string::npos);
}

TEST_CASE("an interrupted run without limits is no pass") {
  Report report = report_cases()[8].make();
  REQUIRE(!report.verdict);
  report.candidate.partial = true;
  report.exit_code = 130;
  CHECK(report::render_console(report, false, false).starts_with("? INTERRUPTED"));
  CHECK(report::render_junit(report).find("<error type=\"interrupted\"") != std::string::npos);
}

TEST_CASE("the formats that are written to files") {
  std::set<std::string_view> flags;
  for (const report::Format& format : report::formats()) {
    CHECK(flags.insert(format.flag).second);
    CHECK(!format.render(report_cases().front().make()).empty());
  }
  CHECK(flags == std::set<std::string_view>{"--html", "--junit", "--markdown", "--comment", "--csv", "--openmetrics",
                                            "--k6-summary", "--badge", "--output"});
}

}  // namespace burstgate::test
