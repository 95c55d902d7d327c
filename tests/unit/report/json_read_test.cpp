// A saved result is a report again, and is judged as it was.
#include "report/json_read.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/json_text.hpp"
#include "fixtures.hpp"
#include "unit/measure/sample_paired.hpp"
#include "verdict/judge.hpp"

namespace burstgate::test {

using measure::Json;
using report::Report;

namespace {

Report read_back(const std::string& text) {
  return report::report_from_json(parse_json(text, "r.json"), "r.json");
}

std::string error_of(const Json& json) {
  try {
    report::report_from_json(json, "r.json");
  } catch (const Error& error) {
    CHECK(error.trouble() == Trouble::usage);
    return error.what();
  }
  return "no error";
}

bool is_paired(const Report& report) {
  return report.paired.has_value();
}

void check_same(const verdict::Check& a, const verdict::Check& b) {
  CHECK(a.kind == b.kind);
  CHECK(a.metric == b.metric);
  CHECK(a.endpoint == b.endpoint);
  CHECK(a.baseline == b.baseline);
  CHECK(a.candidate == b.candidate);
  CHECK(a.change == b.change);
  REQUIRE(a.interval.has_value() == b.interval.has_value());
  if (a.interval) CHECK(a.interval->low == b.interval->low);
  if (a.interval) CHECK(a.interval->high == b.interval->high);
  CHECK(a.limit_warn == b.limit_warn);
  CHECK(a.limit_fail == b.limit_fail);
  CHECK(a.tolerance == b.tolerance);
  CHECK(a.floor == b.floor);
  CHECK(a.smallest_visible_change == b.smallest_visible_change);
  CHECK(a.samples == b.samples);
  CHECK(a.outcome == b.outcome);
  CHECK(a.cause == b.cause);
  CHECK(a.figure == b.figure);
  CHECK(a.improved == b.improved);
  CHECK(a.already_broken == b.already_broken);
  CHECK(a.place.text() == b.place.text());
}

void check_same(const verdict::Sequence& a, const verdict::Sequence& b) {
  CHECK(a.budget_s == b.budget_s);
  CHECK(a.paired_s == b.paired_s);
  CHECK(a.wall_s == b.wall_s);
  CHECK(a.looks_s == b.looks_s);
  CHECK(a.looks_taken == b.looks_taken);
  CHECK(a.decided == b.decided);
  CHECK(a.why_stopped == b.why_stopped);
  CHECK(a.rounds == b.rounds);
  CHECK(a.rounds_set_aside == b.rounds_set_aside);
  CHECK(a.launches == b.launches);
}

void check_same(const verdict::Verdict& a, const verdict::Verdict& b) {
  CHECK(a.outcome == b.outcome);
  CHECK(a.target_failed == b.target_failed);
  CHECK(a.interrupted == b.interrupted);
  CHECK(a.comparison == b.comparison);
  CHECK(a.notes == b.notes);
  CHECK(a.baseline_runs == b.baseline_runs);
  REQUIRE(a.reasons.size() == b.reasons.size());
  for (std::size_t i = 0; i < a.reasons.size(); ++i) {
    CHECK(a.reasons[i].cause == b.reasons[i].cause);
    CHECK(a.reasons[i].figure == b.reasons[i].figure);
  }
  REQUIRE(a.checks.size() == b.checks.size());
  for (std::size_t i = 0; i < a.checks.size(); ++i) {
    CAPTURE(i);
    check_same(a.checks[i], b.checks[i]);
  }
  REQUIRE(a.sequence.has_value() == b.sequence.has_value());
  if (a.sequence) check_same(*a.sequence, *b.sequence);
}

}  // namespace

TEST_CASE("what is written is read, and written again to the byte") {
  for (const ReportCase& report_case : report_cases()) {
    if (report_case.name == "hostile-names") continue;  // broken UTF-8 does not survive
    CAPTURE(report_case.name);
    const std::string text = report::render_json(report_case.make());
    const Report again = read_back(text);
    const Json before = Json::parse(text), after = Json::parse(report::render_json(again));
    CHECK(Json::diff(before, after) == Json::array());
    CHECK(report::render_json(again) == text);
  }
}

TEST_CASE("a paired comparison is judged again from its file as it was") {
  int paired = 0;
  for (const ReportCase& report_case : report_cases()) {
    const Report report = report_case.make();
    if (!is_paired(report)) continue;
    ++paired;
    CAPTURE(report_case.name);
    const Report again = read_back(report::render_json(report));
    measure::check_same(*report.paired, *again.paired);
    const auto verdict =
        verdict::judge_paired(*again.paired, again.baseline.front(), again.candidate, paired_thresholds());
    check_same(*report.verdict, verdict);
  }
  CHECK(paired >= 3);
}

TEST_CASE("an interval with one end goes on without the other") {
  Report report = report_cases().front().make();
  report.verdict->checks[0].interval = verdict::Interval{-0.1, std::numeric_limits<double>::infinity()};
  const Report again = read_back(report::render_json(report));
  CHECK(again.verdict->checks[0].interval->low == -0.1);
  CHECK(again.verdict->checks[0].interval->high == std::numeric_limits<double>::infinity());
}

TEST_CASE("rounds stand in a line each") {
  for (const ReportCase& report_case : report_cases()) {
    const Report report = report_case.make();
    if (!is_paired(report)) continue;
    const std::string text = report::render_json(report);
    std::size_t lines = 0;
    for (std::size_t at = text.find("\n      {\"phase\":"); at != text.npos;
         at = text.find("\n      {\"phase\":", at + 1)) {
      ++lines;
    }
    CHECK(lines == report.paired->rounds.size());
  }
}

TEST_CASE("verdicts that do not fit are refused with path and value") {
  const struct {
    const char* change;
    const char* value;
    const char* error;
  } cases[] = {
      {"/outcome", "\"green\"", "$.verdict.outcome: unknown word"},
      {"/comparison", "\"other\"", "$.verdict.comparison: unknown word"},
      {"/comparison", "\"paired\"", "$.verdict: a paired comparison without its sequence"},
      {"/target_failed", "0", "$.verdict.target_failed: expected true or false, got 0"},
      {"/baseline_runs", "-1", "$.verdict.baseline_runs: expected a whole number"},
      {"/checks", "{}", "$.verdict.checks: expected an array, got an object"},
      {"/checks/0/kind", "\"rule\"", "$.verdict.checks[0].kind: expected \"regression\" or \"limit\", got \"rule\""},
      {"/checks/0/metric", "\"p42\"", "$.verdict.checks[0].metric: unknown metric"},
      {"/checks/0/cause", "\"luck\"", "$.verdict.checks[0].cause: unknown cause"},
      {"/checks/0/worse_by", "null", "$.verdict.checks[0].worse_by: expected an object, got null"},
      {"/checks/0/worse_by/fail", "-0.2", "$.verdict.checks[0].worse_by.fail: expected more than 0, got -0.2"},
      {"/checks/0/worse_by/fail", "null", "$.verdict.checks[0]: a check without a limit"},
      {"/checks/0/worse_by/change", "1e300", "$.verdict.checks[0].worse_by.change: expected a number from"},
      {"/checks/2/worse_by/fail", "1", "$.verdict.checks[2].worse_by.fail: expected a share"},
      {"/checks/4/limit_ms", "null", "$.verdict.checks[4].limit_ms: expected an object, got null"},
      {"/checks/0/samples", "1.5", "$.verdict.checks[0].samples: expected a whole number"},
      {"/checks/0/place/line", "-1", "$.verdict.checks[0].place.line: expected a whole number"},
      {"/reasons", "[{}]", "$.verdict.reasons[0]: the key 'cause' is missing"},
      {"/notes", "[1]", "$.verdict.notes[0]: expected a string, got 1"},
      {"/sequence", "{}", "$.verdict.sequence: the key 'budget_s' is missing"},
      {"/exit_code", "\"0\"", "$.verdict.exit_code: expected a whole number"},
  };
  const Json good = Json::parse(report::render_json(report_cases().front().make()));
  for (const auto& one : cases) {
    const std::string change = one.change, error = one.error;
    CAPTURE(change);
    Json json = good;
    json[Json::json_pointer("/verdict" + change)] = Json::parse(one.value);
    const std::string text = error_of(json);
    INFO(text);
    CHECK(text.find(error) != text.npos);
  }
}

TEST_CASE("a result of before there were paired comparisons is read") {
  Json json = Json::parse(report::render_json(report_cases().front().make()));
  json["verdict"].erase("sequence");
  CHECK_FALSE(report::report_from_json(json, "r.json").verdict->sequence);
  json.erase("verdict");
  CHECK_FALSE(report::report_from_json(json, "r.json").verdict);
}

}  // namespace burstgate::test
