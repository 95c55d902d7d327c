#include "report/road.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "measure/paired.hpp"
#include "report/explain_step.hpp"
#include "report/wording.hpp"
#include "verdict/paired.hpp"

namespace burstgate::report {

using verdict::Comparison;

namespace {

std::string seconds_list(const std::vector<double>& times_s) {
  std::vector<std::string> parts;
  for (const double time_s : times_s) parts.push_back(fmt::format("{:g}", time_s));
  return join(parts, ", ") + " s";
}

void add_sequence(std::vector<Fact>& facts, const verdict::Sequence& sequence, std::optional<double> alpha_spent) {
  const auto fact = [&](std::string label, std::string text) { facts.push_back({std::move(label), std::move(text)}); };
  fact("rounds", fmt::format("{} used, {} set aside because the machine took more than {} of the CPU away",
                             sequence.rounds, sequence.rounds_set_aside, level_text(measure::max_lost_cpu)));
  fact("load", fmt::format("{:.1f} s on both sides together of at most {:g} s; {:.1f} s in all, with {} {}",
                           sequence.paired_s, sequence.budget_s, sequence.wall_s, sequence.launches,
                           sequence.launches == 1 ? "launch" : "launches"));
  fact("looks", fmt::format("planned at {} of load, {} taken", seconds_list(sequence.looks_s), sequence.looks_taken));
  const std::string spent = alpha_spent ? fmt::format(", {} of it spent so far", level_text(*alpha_spent)) : "";
  fact("errors", fmt::format("an unchanged build fails with at most {} probability over all looks and checks{}; a "
                             "change by exactly the limit passes a check with at most {} (stalled "
                             "slices: {} at each look)",
                             level_text(verdict::paired_alpha), spent, level_text(verdict::paired_beta),
                             level_text(verdict::stall_level)));
  fact("stopped", sequence.why_stopped);
}

std::string comparison_text(const Report& report) {
  const verdict::Verdict& verdict = *report.verdict;
  switch (verdict.comparison) {
    case Comparison::paired:
      return "both builds side by side: every figure is a difference between the two slices of a round";
    case Comparison::stored:
      return fmt::format("with {} recorded {} ({})", verdict.baseline_runs, verdict.baseline_runs == 1 ? "run" : "runs",
                         report.baseline_file);
    case Comparison::point:
      return fmt::format("with summary numbers only ({}): the plain rule, without confidence", report.baseline_file);
    case Comparison::none:
      break;
  }
  return report.baseline_file.empty() ? "with nothing: no baseline was configured"
                                      : fmt::format("with nothing ({} could not be used)", report.baseline_file);
}

std::string_view rule_text(Comparison comparison) {
  switch (comparison) {
    case Comparison::paired:
    case Comparison::stored:
      return "pass: even the worst end of the interval is within the limit, or its change below the floor; else fail: "
             "even its best end is beyond the tolerance and the estimate reaches the floor; else undecided";
    case Comparison::point:
      return "fail: worse by more than the limit and by the floor; else pass";
    case Comparison::none:
      break;
  }
  return "";
}

}  // namespace

std::vector<Fact> road_facts(const Report& report, std::optional<double> alpha_spent) {
  const verdict::Verdict& verdict = *report.verdict;
  std::vector<Fact> facts = {{"compared", comparison_text(report)}};
  if (const auto rule = rule_text(verdict.comparison); !rule.empty()) facts.push_back({"rule", std::string(rule)});
  facts.push_back({"limits", report.thresholds_source});
  if (verdict.sequence) add_sequence(facts, *verdict.sequence, alpha_spent);
  return facts;
}

}  // namespace burstgate::report
