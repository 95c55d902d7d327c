// JUnit XML in two dialects.
//
// common: what GitLab, Jenkins, Azure, CircleCI and the usual GitHub actions read alike; schemas/junit-common.xsd
// describes exactly what is written.
//
// strict: for consumers that validate. The older dialect of Ant's JUnitReport: no attributes on the root, none for
// files and lines, no output in testcases, and a suite has properties, output and errors even when they are empty;
// schemas/junit-strict.xsd. What the common one says in testcases that passed stands in the suite's output there.
#include <fmt/format.h>

#include "base/text.hpp"
#include "report/escape.hpp"
#include "report/junit_cases.hpp"

namespace burstgate::report {

namespace {

constexpr std::size_t longest_path = 600;

std::string location(const Place& place) {
  if (place.file.empty()) return {};
  std::string text = fmt::format(" file=\"{}\"", xml_attribute(defused(elided(visible(place.file), longest_path))));
  if (place.line > 0) text += fmt::format(" line=\"{}\"", place.line);
  return text;
}

std::string name_and_time(const Testcase& testcase, double seconds) {
  return fmt::format("classname=\"{}\" name=\"{}\" time=\"{:.6f}\"", xml_attribute(testcase.class_name),
                     xml_attribute(testcase.name), seconds);
}

std::string common_case(const Testcase& testcase, double seconds) {
  std::string xml = fmt::format("    <testcase {}{}>\n", name_and_time(testcase, seconds), location(testcase.place));
  if (testcase.result == CaseResult::passed) {
    xml += fmt::format("      <system-out>{}</system-out>\n", xml_text(testcase.text));
  } else {
    xml += fmt::format("      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n", element_of(testcase.result),
                       xml_attribute(testcase.type), xml_attribute(testcase.message), xml_text(testcase.text));
  }
  return xml + "    </testcase>\n";
}

std::string strict_case(const Testcase& testcase, double seconds) {
  const std::string head = "    <testcase " + name_and_time(testcase, seconds);
  switch (testcase.result) {
    case CaseResult::passed:
      return head + "/>\n";
    case CaseResult::skipped:
      return fmt::format("{}>\n      <skipped message=\"{}\"/>\n    </testcase>\n", head,
                         xml_attribute(testcase.message));
    case CaseResult::failure:
    case CaseResult::error:
      break;
  }
  return fmt::format("{0}>\n      <{1} message=\"{2}\" type=\"{3}\">{4}</{1}>\n    </testcase>\n", head,
                     element_of(testcase.result), xml_attribute(testcase.message), xml_attribute(testcase.type),
                     xml_text(testcase.text));
}

// What the testcases that are not failures or errors have to say.
std::string output_of(const Testsuite& suite) {
  std::string text;
  for (const Testcase& testcase : suite.cases) {
    if (testcase.result == CaseResult::failure || testcase.result == CaseResult::error) continue;
    text += fmt::format("{}: {}\n{}\n", testcase.class_name, testcase.name, testcase.text);
  }
  return xml_text(text);
}

constexpr const char* declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

}  // namespace

std::string render_junit(const Report& report) {
  const Testsuite suite = testsuite(report);
  const std::string totals =
      fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\"", suite.cases.size(),
                  suite.count(CaseResult::failure), suite.count(CaseResult::error), suite.count(CaseResult::skipped),
                  suite.seconds);
  std::string xml = declaration;
  xml += fmt::format("<testsuites name=\"burstgate\" {}>\n", totals);
  xml += fmt::format("  <testsuite name=\"{}\" {} timestamp=\"{}\" hostname=\"localhost\">\n",
                     xml_attribute(suite.name), totals, suite.started_at);
  for (const Testcase& testcase : suite.cases) xml += common_case(testcase, suite.seconds_of_one());
  return xml + "  </testsuite>\n</testsuites>\n";
}

std::string render_junit_strict(const Report& report) {
  const Testsuite suite = testsuite(report);
  std::string xml = declaration;
  xml += fmt::format(
      "<testsuites>\n  <testsuite name=\"{}\" package=\"burstgate\" id=\"0\" tests=\"{}\" failures=\"{}\" "
      "errors=\"{}\" "
      "skipped=\"{}\" time=\"{:.3f}\" timestamp=\"{}\" hostname=\"localhost\">\n    <properties/>\n",
      xml_attribute(suite.name), suite.cases.size(), suite.count(CaseResult::failure), suite.count(CaseResult::error),
      suite.count(CaseResult::skipped), suite.seconds, suite.started_at);
  for (const Testcase& testcase : suite.cases) xml += strict_case(testcase, suite.seconds_of_one());
  xml += fmt::format("    <system-out>{}</system-out>\n    <system-err></system-err>\n", output_of(suite));
  return xml + "  </testsuite>\n</testsuites>\n";
}

}  // namespace burstgate::report
