// What stands in a JUnit file, before it is written in one dialect or the other.
//
// One testcase per check, and before them one named "measurement" for the run as a whole, so that there is always one.
// Names are stable from run to run: consumers compare branches by them. A broken limit is a failure, what could not be
// judged an error, and skipped when the command let it through.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/report.hpp"

namespace burstgate::report {

enum class CaseResult { passed, failure, error, skipped };
std::string_view element_of(CaseResult result);  // "failure", "error", "skipped", "" for passed

// Texts are visible() and short, but not yet escaped for XML.
struct Testcase {
  std::string class_name;  // "burstgate.api_load.chat"
  std::string name;        // "latency p95"; unique within the class
  Place place;
  CaseResult result = CaseResult::passed;
  std::string type;     // of a failure, error or skip
  std::string message;  // of a failure, error or skip; one line
  std::string text;     // below it, or what a passed one has to say; lines
};

struct Testsuite {
  std::string name;  // "burstgate.api_load"
  std::vector<Testcase> cases;
  std::string started_at;  // UTC, without zone and fraction
  double seconds = 0;      // that were measured, or all of a paired comparison

  std::size_t count(CaseResult result) const;
  // Consumers add the times of the cases up: each gets its share of the burst, never a metric's value.
  double seconds_of_one() const { return seconds / static_cast<double>(cases.size()); }
};

Testsuite testsuite(const Report& report);

}  // namespace burstgate::report
