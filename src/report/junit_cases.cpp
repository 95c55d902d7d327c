// See the header. Jenkins shows what stands before the last dot of a class name as the package.
#include "report/junit_cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.hpp"
#include "report/escape.hpp"
#include "report/facts.hpp"
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

// Jenkins takes what stands before the last dot as the package.
std::string class_segment(std::string_view name) {
  std::string text = defused(elided(visible(name), longest_segment));
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
CaseResult undecided(const Report& report) {
  return report.exit_code == 0 ? CaseResult::skipped : CaseResult::error;
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
    testcase.result = CaseResult::error;
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
  testcase.result = failed ? CaseResult::error : undecided(report);
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
    testcase.result = CaseResult::failure;
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

}  // namespace

std::string_view element_of(CaseResult result) {
  switch (result) {
    case CaseResult::failure:
      return "failure";
    case CaseResult::error:
      return "error";
    case CaseResult::skipped:
      return "skipped";
    case CaseResult::passed:
      break;
  }
  return "";
}

std::size_t Testsuite::count(CaseResult result) const {
  return static_cast<std::size_t>(
      std::count_if(cases.begin(), cases.end(), [&](const Testcase& testcase) { return testcase.result == result; }));
}

Testsuite testsuite(const Report& report) {
  const std::string operation =
      report.candidate.operation.empty() ? "burst" : class_segment(report.candidate.operation);
  Testsuite suite;
  suite.name = "burstgate." + operation;
  suite.cases = testcases(report, suite.name + ".");
  for (Testcase& testcase : suite.cases) {
    testcase.message = defused(elided(visible(testcase.message), longest_message));
    testcase.text = defused(testcase.text);
  }
  suite.started_at = utc_text(report.candidate.started_at_unix_s);
  const double seconds = report.paired ? report.paired->wall_s : report.candidate.duration_s;
  suite.seconds = std::isfinite(seconds) && seconds > 0 ? seconds : 0;
  return suite;
}

}  // namespace burstgate::report
