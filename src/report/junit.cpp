// JUnit XML in the dialect that GitLab, Jenkins, Azure, CircleCI and the usual GitHub actions read alike
// (schemas/junit-common.xsd describes exactly what is written here).
//
// One testcase per check, and before them one named "measurement" for the run as a whole, so that there is always one.
// Names are stable from run to run: consumers compare branches by them. A broken limit is a <failure>, what could not
// be judged an <error>, and <skipped> when the command let it through.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.hpp"
#include "report/escape.hpp"
#include "report/facts.hpp"
#include "report/report.hpp"
#include "report/rows.hpp"
#include "report/wording.hpp"

namespace burstgate::report {

using verdict::Check;
using verdict::Outcome;

namespace {

constexpr std::size_t longest_segment = 120;    // of a class name; Azure cuts names at 512 characters
constexpr std::size_t longest_message = 1'000;  // bytes before escaping; at most 6 times as many after it
constexpr std::size_t longest_line = 600;       // of the text below
constexpr const char* total_segment = "total";  // the endpoint name in class names of the whole run

enum class Result { passed, failure, error, skipped };

struct Testcase {
  std::string class_name;
  std::string name;
  Place place;
  Result result = Result::passed;
  std::string type;     // of a failure, error or skip
  std::string message;  // of a failure, error or skip
  std::string text;     // below it, or the system-out of a passed one
};

std::string_view element_of(Result result) {
  switch (result) {
    case Result::failure:
      return "failure";
    case Result::error:
      return "error";
    case Result::skipped:
      return "skipped";
    case Result::passed:
      break;
  }
  return "";
}

// Jenkins takes what stands before the last dot as the package.
std::string class_segment(std::string_view name) {
  std::string text = elided(visible(name), longest_segment);
  std::replace(text.begin(), text.end(), '.', '_');
  return text;
}

std::string lines_text(const std::vector<Fact>& facts) {
  std::string text;
  for (const Fact& fact : facts) {
    text +=
        fmt::format("{}{}{}\n", fact.label, fact.label.empty() ? "" : ": ", elided(visible(fact.text), longest_line));
  }
  return text;
}

// An inconclusive verdict that the command let through is no error of the pipeline, and no pass either.
Result undecided(const Report& report) {
  return report.exit_code == 0 ? Result::skipped : Result::error;
}

std::string command_lines(const Report& report, bool with_advice) {
  std::string text;
  for (const NextStep& step : next_steps(report)) {
    if (!step.is_command && !with_advice) continue;
    text += fmt::format("{}{}{}\n", step.label, step.label.empty() ? "" : ": ",
                        elided(visible(step.text), longest_message));
  }
  return text;
}

void judge_run(const Report& report, Testcase& testcase) {
  const Headline head = headline(report, {});
  if (!report.verdict) {
    if (!head.outcome) return;
    testcase.result = Result::error;
    testcase.type = report.candidate.target_died ? "target_died" : "interrupted";
    testcase.message = head.reason;
    return;
  }
  const verdict::Verdict& verdict = *report.verdict;
  if (verdict.outcome == Outcome::pass || verdict.outcome == Outcome::warn) return;
  const bool told_by_check = std::any_of(verdict.checks.begin(), verdict.checks.end(),
                                         [&](const Check& check) { return check.outcome == verdict.outcome; });
  if (verdict.reasons.empty() && told_by_check && !verdict.target_failed && !verdict.interrupted) return;
  const bool failed = verdict.outcome == Outcome::fail || verdict.target_failed || verdict.interrupted;
  testcase.result = failed ? Result::error : undecided(report);
  testcase.type = !verdict.reasons.empty() ? std::string(name(verdict.reasons.front().cause))
                  : verdict.interrupted    ? "interrupted"
                  : verdict.target_failed  ? "target_failed"
                                           : std::string(name(verdict.outcome));
  testcase.message = verdict.reasons.empty()
                         ? std::string(exit_text(report.exit_code, report.verdict))
                         : reason_text(verdict.reasons.front().cause, verdict.reasons.front().figure);
}

Testcase run_testcase(const Report& report, const std::string& prefix) {
  Testcase testcase;
  testcase.class_name = prefix + total_segment;
  testcase.name = "measurement";
  judge_run(report, testcase);
  if (report.verdict) {
    for (const auto& reason : report.verdict->reasons) {
      testcase.text += elided(visible(reason_text(reason.cause, reason.figure)), longest_line) + "\n";
    }
  }
  if (const std::string tally = headline(report, {}).tally; !tally.empty()) testcase.text += tally + "\n";
  testcase.text += lines_text(run_facts(report)) + lines_text(environment_facts(report));
  for (const std::string& note : all_notes(report))
    testcase.text += "note: " + elided(visible(note), longest_line) + "\n";
  testcase.text += command_lines(report, true);
  testcase.text += fmt::format("exit code {}: {}\n", report.exit_code, exit_text(report.exit_code, report.verdict));
  return testcase;
}

Testcase check_testcase(const Report& report, const Check& check, const LikelyCauses& causes, const std::string& prefix,
                        const std::string& segment, const measure::EndpointResult* measured) {
  Testcase testcase;
  testcase.class_name = prefix + segment;
  testcase.name = name_of(check, "");
  testcase.place = check.place;
  const bool regression = check.kind == verdict::CheckKind::regression;
  if (check.outcome == Outcome::fail) {
    testcase.result = Result::failure;
    testcase.type = regression ? "regression" : "limit";
  } else if (check.outcome == Outcome::inconclusive) {
    testcase.result = undecided(report);
    testcase.type = name(check.cause);
  }
  const std::string sides = sides_text(check, measured);
  testcase.message =
      fmt::format("{} {}; {}", name_of(check, check.endpoint.empty() ? "" : segment), sides, limit_text(check));
  if (check.outcome == Outcome::inconclusive) testcase.message += "; " + reason_text(check.cause, check.figure);
  testcase.text = (check.outcome == Outcome::warn ? "warning: " : "") + sides + "\n";
  if (check.improved) testcase.text += "improved\n";
  testcase.text += lines_text(check_facts(check, causes));
  if (check.outcome == Outcome::fail || check.outcome == Outcome::inconclusive)
    testcase.text += command_lines(report, false);
  return testcase;
}

std::vector<Testcase> testcases(const Report& report, const std::string& prefix) {
  std::vector<Testcase> list = {run_testcase(report, prefix)};
  if (!report.verdict) return list;
  const auto segments = unique_labels(endpoint_names(report), class_segment, {total_segment});
  const auto endpoints = endpoints_by_name(report.candidate);
  const LikelyCauses causes(report);
  for (const Check& check : report.verdict->checks) {
    const auto measured = endpoints.find(check.endpoint);
    list.push_back(check_testcase(report, check, causes, prefix,
                                  check.endpoint.empty() ? total_segment : segments.at(check.endpoint),
                                  measured == endpoints.end() ? nullptr : measured->second));
  }
  std::set<std::pair<std::string, std::string>> used;
  for (Testcase& testcase : list) {
    const std::string name = testcase.name;
    for (int n = 2; !used.emplace(testcase.class_name, testcase.name).second; ++n)
      testcase.name = fmt::format("{} #{}", name, n);
  }
  return list;
}

std::string location(const Place& place) {
  if (place.file.empty()) return {};
  std::string text = fmt::format(" file=\"{}\"", xml_attribute(elided(visible(place.file), longest_line)));
  if (place.line > 0) text += fmt::format(" line=\"{}\"", place.line);
  return text;
}

std::string to_xml(const Testcase& testcase, double seconds) {
  std::string xml =
      fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.6f}\"{}>\n", xml_attribute(testcase.class_name),
                  xml_attribute(testcase.name), seconds, location(testcase.place));
  const std::string text = xml_text(defused(testcase.text));
  if (testcase.result == Result::passed) {
    xml += fmt::format("      <system-out>{}</system-out>\n", text);
  } else {
    xml += fmt::format("      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n", element_of(testcase.result),
                       xml_attribute(testcase.type),
                       xml_attribute(defused(elided(visible(testcase.message), longest_message))), text);
  }
  return xml + "    </testcase>\n";
}

}  // namespace

std::string render_junit(const Report& report) {
  const std::string operation =
      report.candidate.operation.empty() ? "burst" : class_segment(report.candidate.operation);
  const std::string suite = "burstgate." + operation;
  const std::vector<Testcase> cases = testcases(report, suite + ".");
  const auto count = [&](Result result) {
    return std::count_if(cases.begin(), cases.end(),
                         [&](const Testcase& testcase) { return testcase.result == result; });
  };
  // Consumers add the times of the cases up: each gets its share of the burst, never a metric's value.
  const double duration_s = report.paired ? report.paired->wall_s : report.candidate.duration_s;
  const double seconds = std::isfinite(duration_s) && duration_s > 0 ? duration_s : 0;
  const std::string totals =
      fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\"", cases.size(),
                  count(Result::failure), count(Result::error), count(Result::skipped), seconds);
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  xml += fmt::format("<testsuites name=\"burstgate\" {}>\n", totals);
  xml += fmt::format("  <testsuite name=\"{}\" {} timestamp=\"{}\" hostname=\"localhost\">\n", xml_attribute(suite),
                     totals, utc_text(report.candidate.started_at_unix_s));
  for (const Testcase& testcase : cases) xml += to_xml(testcase, seconds / static_cast<double>(cases.size()));
  return xml + "  </testsuite>\n</testsuites>\n";
}

}  // namespace burstgate::report
