// The judged rows of every report: their order, the headline above them and what is said below each.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "report/report.hpp"

namespace burstgate::report {

struct Fact {
  std::string label;  // "throughput"
  std::string text;   // "199.7/s"; may hold outside text
};

// Order of severity for sorting: fail, inconclusive, warn, pass.
int severity(verdict::Outcome outcome);

// Pointers into the report, worst first: by outcome, then by size of the change, then in the given order.
std::vector<const verdict::Check*> checks_worst_first(const Report& report);
// By the worst outcome of the endpoint's checks, then by its failures, then in the plan's order.
std::vector<const measure::EndpointResult*> endpoints_worst_first(const Report& report);

// Every endpoint name in the report, for unique_labels().
std::vector<std::string> endpoint_names(const Report& report);

// The candidate's endpoints by name ("" is the total), for reports with many checks.
std::map<std::string, const measure::EndpointResult*> endpoints_by_name(const measure::Measurement& measurement);

// The verdict in a word and a sentence.
struct Headline {
  std::string word;    // "PASS", "WARN", "FAIL", "INCONCLUSIVE", "TARGET FAILED", "INTERRUPTED", "MEASURED"
  std::string reason;  // one sentence
  std::string tally;   // "1 failed, 2 passed; compared with 5 stored runs", or ""
  std::optional<verdict::Outcome> outcome;  // for colour and sign; nothing when nothing was judged
};
Headline headline(const Report& report, const std::map<std::string, std::string>& labels);
std::vector<std::string> further_reasons(const Report& report);  // the verdict's reasons that the headline does not say

// "12.4 ms -> 16.2 ms, +31.2 % (+24.1 % .. +38.0 %)": both sides and the change, as far as they are known.
std::string sides_text(const verdict::Check& check, const measure::EndpointResult* measured);

// The class of cause that the verdict itself names for a row: its reasons, errors that were judged worse as well, a
// machine that is not the baseline's. Nothing is judged here.
class LikelyCauses {
 public:
  explicit LikelyCauses(const Report& report);
  std::string of(const verdict::Check& check) const;  // "" for passed rows, and where nothing is known

 private:
  std::vector<verdict::Reason> reasons_;
  bool only_summaries_ = false;
  std::map<std::string, const verdict::Check*> errors_;  // failed error rate checks by endpoint
  std::string machine_;
};

// What stands below a row: limit and its place, samples, cause.
std::vector<Fact> check_facts(const verdict::Check& check, const LikelyCauses& causes);

}  // namespace burstgate::report
