// What every report must hold whatever the names in it are.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/text.hpp"
#include "fixtures.hpp"
#include "report/escape.hpp"
#include "report/page.hpp"

namespace burstgate::test {

using report::Report;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// A command on text, in a pipe; its exit code.
int piped(const std::string& command, const std::string& text) {
  std::FILE* pipe = popen(command.c_str(), "w");
  REQUIRE(pipe != nullptr);
  std::fwrite(text.data(), 1, text.size(), pipe);
  const int status = pclose(pipe);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool have_xmllint() {
  static const bool found = std::system("command -v xmllint >/dev/null 2>&1") == 0;
  if (!found) MESSAGE("xmllint is missing (package libxml2-utils): XML is not validated here");
  return found;
}

void check_xml(const std::string& xml) {
  if (!have_xmllint()) return;
  const std::string schema = std::string(BURSTGATE_SOURCE_DIR) + "/schemas/junit-common.xsd";
  CHECK_MESSAGE(piped("xmllint --noout --huge --schema '" + schema + "' - 2>/dev/null", xml) == 0, xml);
}

void check_no_ci_command(const std::string& text) {
  for (const std::string& line : lines_of(text)) {
    const std::size_t start = line.find_first_not_of(" \t");
    if (start == std::string::npos) continue;
    CHECK_MESSAGE(line.compare(start, 2, "::") != 0, line);
    CHECK_MESSAGE(line.compare(start, 3, "##[") != 0, line);
    CHECK_MESSAGE(line.compare(start, 6, "##vso[") != 0, line);
  }
}

std::string without_our_colors(std::string text) {
  for (const char* code : {"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[35m"}) {
    for (std::size_t at = text.find(code); at != std::string::npos; at = text.find(code))
      text.erase(at, std::string(code).size());
  }
  return text;
}

void check_terminal(const std::string& raw, bool color, bool unicode) {
  const std::string text = without_our_colors(raw);
  if (!color) CHECK(raw == text);
  for (const std::string& line : lines_of(text)) {
    CHECK_MESSAGE(visible(line) == line, line);  // no control byte, valid UTF-8, nothing bidirectional
    if (!unicode) {
      CHECK_MESSAGE(std::all_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }),
                    line);
    }
  }
  check_no_ci_command(raw);
  check_no_ci_command(text);
}

void check_console(const Report& report, bool color, bool unicode) {
  check_terminal(report::render_console(report, color, unicode), color, unicode);
  if (report.verdict) check_terminal(explanation_of(report, color, unicode), color, unicode);
}

// Column separators of a row as GitHub counts them: a backslash escapes the next character.
std::size_t separators(const std::string& row) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == '\\')
      ++i;
    else if (row[i] == '|')
      ++count;
  }
  return count;
}

bool is_letter(const std::string& text, std::size_t at) {
  return at < text.size() && std::isalpha(static_cast<unsigned char>(text[at])) != 0;
}

// An HTML tag or comment that is not one of ours.
bool has_foreign_element(const std::string& line) {
  for (std::size_t at = line.find('<'); at != std::string::npos; at = line.find('<', at + 1)) {
    const std::string rest = line.substr(at + 1, 20);
    const bool ours = rest.starts_with("details>") || rest.starts_with("/details>") || rest.starts_with("summary>") ||
                      rest.starts_with("/summary>") || rest.starts_with("!-- burstgate:");
    if (!ours && (is_letter(rest, 0) || rest.starts_with('/') || rest.starts_with('!'))) return true;
  }
  return false;
}

bool says_no_number(std::string line) {
  std::transform(line.begin(), line.end(), line.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const std::string word : {"nan", "inf"}) {
    for (std::size_t at = line.find(word); at != std::string::npos; at = line.find(word, at + 1)) {
      if ((at == 0 || !is_letter(line, at - 1)) && !is_letter(line, at + word.size())) return true;
    }
  }
  return false;
}

void check_markdown(const Report& report) {
  const std::string text = report::render_markdown(report);
  CHECK(text.size() < 60'000);
  CHECK(text.starts_with("<!-- burstgate:"));
  CHECK(lines_of(text).front().ends_with(" -->"));
  CHECK(text.find("-->") == text.find(" -->\n") + 1);
  std::size_t rows = 0;
  bool fenced = false;
  for (const std::string& line : lines_of(text)) {
    CHECK_MESSAGE(visible(line) == line, line);
    if (line.starts_with("```")) fenced = !fenced;
    if (fenced || !line.starts_with('|')) continue;
    ++rows;
    CHECK_MESSAGE(separators(line) == 7, line);
    CHECK_MESSAGE(std::count(line.begin(), line.end(), '|') == 7, line);  // even for a reader that knows no escapes
  }
  CHECK((rows == 0 || rows >= 3));
  check_no_ci_command(text);
  bool in_code = false;
  for (const std::string& line : lines_of(text)) {
    if (line.starts_with("```"))
      in_code = !in_code;
    else if (!in_code)
      CHECK_MESSAGE(!has_foreign_element(line), line);
  }
}

void check_all(const Report& report) {
  check_console(report, false, true);
  check_console(report, true, false);
  check_markdown(report);
  check_no_ci_command(report::render_junit(report));
  const std::string json = report::render_json(report);
  CHECK(nlohmann::json::accept(json));
  check_no_ci_command(json);
}

// One document that holds every text in turn would hide which one broke it; one process per text would be slow.
// So: all documents are checked here, and xmllint sees them in batches.
void check_xml_of(const std::vector<std::string>& texts) {
  std::set<std::string> seen;
  for (const std::string& text : texts) {
    const std::string xml = report::render_junit(report_of(text));
    if (seen.insert(xml).second) check_xml(xml);
  }
}

}  // namespace

TEST_CASE("every report of the golden files holds the properties") {
  for (const ReportCase& report_case : report_cases()) {
    CAPTURE(report_case.name);
    const Report report = report_case.make();
    check_all(report);
    check_xml(report::render_junit(report));
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
         {report::render_console(report, false, true), report::render_markdown(report), report::render_junit(report)}) {
      for (const std::string& line : lines_of(text)) CHECK_MESSAGE(!says_no_number(line), line);
    }
    report.candidate.duration_s = 30;
    CHECK(nlohmann::json::accept(report::render_json(report)));
  }
}

TEST_CASE("case 145-149, 151: naughty texts in every place of every format") {
  for (const std::string& text : naughty_texts()) {
    CAPTURE(visible(elided(text, 60)));
    check_all(report_of(text));
  }
}

TEST_CASE("case 145: JUnit is well formed and valid for naughty texts") {
  check_xml_of(naughty_texts());
}

TEST_CASE("case 150, 151: 10,000 endpoints") {
  const Report report = report_with_endpoints(10'000);
  check_all(report);
  const std::string xml = report::render_junit(report);
  check_xml(xml);
  CHECK(xml.size() < 30'000'000);  // GitLab reads no more of one file
  const std::string markdown = report::render_markdown(report);
  CHECK(markdown.find("rows omitted, worst first") != std::string::npos);
  CHECK(report::render_console(report, false, true).size() < 20'000);
}

TEST_CASE("case 150: long names everywhere stay within Markdown's limit") {
  Report report = report_with_endpoints(500);
  for (std::size_t i = 0; i < 500; ++i) {
    const std::string name = std::string(10'240, '|') + std::to_string(i);
    report.candidate.endpoints[i].name = name;
    report.verdict->checks[i].endpoint = name;
    report.verdict->notes.push_back(std::string(4000, '#') + std::to_string(i));
  }
  report.reproduce = report.accept = std::string(20'000, 'x');
  report.candidate.operation = std::string(20'000, '@');
  check_all(report);
  check_xml(report::render_junit(report));
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
    check_xml(report::render_junit(bare));
  }
  bare.exit_code = 0;  // let through as asked: neither an error nor a pass
  CHECK(report::render_junit(bare).find("errors=\"0\" skipped=\"1\"") != std::string::npos);
  check_xml(report::render_junit(bare));
}

TEST_CASE("the same check twice has two names in JUnit") {
  Report report = report_cases().front().make();
  report.verdict->checks.push_back(report.verdict->checks.front());
  check_xml(report::render_junit(report));  // the schema asks for unique names
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
  CHECK(flags == std::set<std::string_view>{"--html", "--junit", "--markdown", "--output"});
}

}  // namespace burstgate::test
