#include "report/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "base/text.hpp"
#include "report/facts.hpp"
#include "report/wording.hpp"

namespace burstgate::report {

using verdict::Check;
using verdict::CheckKind;
using verdict::Outcome;

int severity(Outcome outcome) {
  switch (outcome) {
    case Outcome::fail:
      return 0;
    case Outcome::inconclusive:
      return 1;
    case Outcome::warn:
      return 2;
    case Outcome::pass:
      return 3;
  }
  return 0;
}

std::vector<const Check*> checks_worst_first(const Report& report) {
  std::vector<const Check*> checks;
  if (!report.verdict) return checks;
  for (const Check& check : report.verdict->checks) checks.push_back(&check);
  const auto size = [](const Check& c) {
    return c.change && !std::isnan(*c.change) ? *c.change : -std::numeric_limits<double>::infinity();
  };
  std::stable_sort(checks.begin(), checks.end(), [&](const Check* a, const Check* b) {
    if (severity(a->outcome) != severity(b->outcome)) return severity(a->outcome) < severity(b->outcome);
    return severity(a->outcome) < severity(Outcome::pass) && size(*a) > size(*b);
  });
  return checks;
}

std::vector<const measure::EndpointResult*> endpoints_worst_first(const Report& report) {
  std::map<std::string, int> worst;
  if (report.verdict) {
    for (const Check& check : report.verdict->checks) {
      const auto [at, is_new] = worst.emplace(check.endpoint, severity(check.outcome));
      if (!is_new) at->second = std::min(at->second, severity(check.outcome));
    }
  }
  struct Key {
    int severity;
    std::uint64_t failures;
    const measure::EndpointResult* endpoint;
  };
  std::vector<Key> keys;
  for (const auto& endpoint : report.candidate.endpoints) {
    const auto found = worst.find(endpoint.name);
    keys.push_back({found == worst.end() ? severity(Outcome::pass) : found->second,
                    endpoint.counts.failed() + endpoint.counts.unfinished, &endpoint});
  }
  std::stable_sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) {
    return a.severity != b.severity ? a.severity < b.severity : a.failures > b.failures;
  });
  std::vector<const measure::EndpointResult*> endpoints;
  for (const Key& key : keys) endpoints.push_back(key.endpoint);
  return endpoints;
}

std::vector<std::string> endpoint_names(const Report& report) {
  std::set<std::string> names;
  for (const auto& endpoint : report.candidate.endpoints) names.insert(endpoint.name);
  if (report.verdict) {
    for (const Check& check : report.verdict->checks) names.insert(check.endpoint);
  }
  names.erase("");
  return {names.begin(), names.end()};
}

std::map<std::string, const measure::EndpointResult*> endpoints_by_name(const measure::Measurement& measurement) {
  std::map<std::string, const measure::EndpointResult*> by_name;
  for (const auto& endpoint : measurement.endpoints) by_name.emplace(endpoint.name, &endpoint);
  by_name[""] = &measurement.total;
  return by_name;
}

std::string sides_text(const Check& check, const measure::EndpointResult* measured) {
  std::string text = candidate_text(check, measured);
  if (check.kind == CheckKind::regression || check.baseline) text = baseline_text(check) + " -> " + text;
  if (check.change) text += ", " + change_text(check.metric, *check.change);
  if (check.interval) text += " (" + interval_text(check.metric, *check.interval) + ")";
  return text;
}

std::vector<std::string> further_reasons(const Report& report) {
  std::vector<std::string> texts;
  if (!report.verdict) return texts;
  const std::string said = headline(report, {}).reason;
  auto last = verdict::Cause::none;
  for (const auto& reason : report.verdict->reasons) {
    const std::string text = reason_text(reason.cause, reason.figure);
    const bool same_cause = reason.cause == last && !reason.figure.empty();
    if (text != said) texts.push_back(same_cause ? reason.figure : text);
    last = reason.cause;
  }
  return texts;
}

namespace {

std::string sequence_text(const verdict::Sequence& sequence) {
  return fmt::format(
      "both builds side by side, {} rounds in {:.1f} s of load of at most {:g} s ({:.1f} s in all, {} {}): {}",
      sequence.rounds, sequence.paired_s, sequence.budget_s, sequence.wall_s, sequence.launches,
      sequence.launches == 1 ? "launch" : "launches", sequence.why_stopped);
}

std::string tally(const verdict::Verdict& verdict) {
  std::map<Outcome, std::size_t> counts;
  for (const Check& check : verdict.checks) ++counts[check.outcome];
  std::vector<std::string> parts;
  const auto add = [&](Outcome outcome, std::string_view word) {
    if (counts[outcome] > 0) parts.push_back(fmt::format("{} {}", count_text(counts[outcome]), word));
  };
  add(Outcome::fail, "failed");
  add(Outcome::inconclusive, "undecided");
  add(Outcome::warn, "warned");
  add(Outcome::pass, "passed");
  std::string text = parts.empty() ? "nothing checked" : join(parts, ", ");
  switch (verdict.comparison) {
    case verdict::Comparison::none:
      return text + "; not compared with a baseline";
    case verdict::Comparison::point:
      return text + "; point comparison, no confidence";
    case verdict::Comparison::stored:
      return text + fmt::format("; compared with {} stored {}", verdict.baseline_runs,
                                verdict.baseline_runs == 1 ? "run" : "runs");
    case verdict::Comparison::paired:
      return text + "; " + sequence_text(*verdict.sequence);
  }
  return text;
}

std::string word_for(const verdict::Verdict& verdict) {
  if (verdict.interrupted) return "INTERRUPTED";
  if (verdict.target_failed) return "TARGET FAILED";
  switch (verdict.outcome) {
    case Outcome::pass:
      return "PASS";
    case Outcome::warn:
      return "WARN";
    case Outcome::fail:
      return "FAIL";
    case Outcome::inconclusive:
      return "INCONCLUSIVE";
  }
  return {};
}

std::string check_sentence(const Report& report, const Check& check, const std::map<std::string, std::string>& labels) {
  const auto label = labels.find(check.endpoint);
  std::string text = fmt::format("{} {}", name_of(check, label == labels.end() ? "" : label->second),
                                 sides_text(check, measure::find_endpoint(report.candidate, check.endpoint)));
  text += "; " + limit_text(check);
  if (check.cause != verdict::Cause::none) text += "; " + reason_text(check.cause, check.figure);
  return text;
}

std::string reason_for(const Report& report, const std::map<std::string, std::string>& labels) {
  const verdict::Verdict& verdict = *report.verdict;
  const auto checks = checks_worst_first(report);
  const bool bad_check = !checks.empty() && checks.front()->outcome == verdict.outcome;
  const bool reason_first = verdict.target_failed || verdict.interrupted || verdict.outcome == Outcome::inconclusive;
  if (!verdict.reasons.empty() && (reason_first || !bad_check)) {
    return reason_text(verdict.reasons.front().cause, verdict.reasons.front().figure);
  }
  if (verdict.interrupted) return "stopped by a signal; partial results are kept";
  if (verdict.outcome != Outcome::pass && bad_check) return check_sentence(report, *checks.front(), labels);
  if (verdict.outcome == Outcome::pass) return "every limit is kept";
  return std::string(exit_text(report.exit_code, report.verdict));
}

}  // namespace

Headline headline(const Report& report, const std::map<std::string, std::string>& labels) {
  if (report.verdict) {
    return {word_for(*report.verdict), reason_for(report, labels), tally(*report.verdict), report.verdict->outcome};
  }
  if (report.exit_code == 0 && !report.candidate.partial) {
    return {"MEASURED", "no limits were asked for, nothing is judged", "", std::nullopt};
  }
  const std::string reason = report.candidate.stop_reason.empty() ? std::string(exit_text(report.exit_code, {}))
                                                                  : report.candidate.stop_reason;
  return {report.candidate.target_died ? "TARGET FAILED" : "INTERRUPTED", reason, "", Outcome::inconclusive};
}

LikelyCauses::LikelyCauses(const Report& report) {
  if (!report.verdict) return;
  reasons_ = report.verdict->reasons;
  only_summaries_ = report.verdict->comparison == verdict::Comparison::point;
  for (const Check& check : report.verdict->checks) {
    if (check.metric == Metric::error_rate && check.outcome == Outcome::fail) errors_.emplace(check.endpoint, &check);
  }
  std::vector<std::string> fields;
  for (const MachineDifference& difference : machine_differences(report)) fields.push_back(difference.field);
  if (!fields.empty()) machine_ = "the machine is not the baseline's: another " + join(fields, ", ");
}

std::string LikelyCauses::of(const Check& check) const {
  if (check.outcome == Outcome::pass) return {};
  std::vector<std::string> causes;
  for (const auto& reason : reasons_) {
    if (reason.cause != check.cause) causes.push_back(reason_text(reason.cause, reason.figure));
  }
  if (check.metric != Metric::error_rate) {
    auto errors = errors_.find(check.endpoint);
    if (errors == errors_.end()) errors = errors_.find("");
    if (errors != errors_.end()) {
      causes.push_back("errors appeared as well: error rate " + sides_text(*errors->second, nullptr));
    }
  }
  if (!machine_.empty() && check.kind == CheckKind::regression) causes.push_back(machine_);
  if (!causes.empty()) return join(causes, "; ");
  if (check.outcome != Outcome::fail) return {};
  return only_summaries_ ? "not known: there are only summary numbers"
                         : "the service: neither generator nor machine shows anything unusual";
}

namespace {

std::string samples_text(const Check& check) {
  if (check.samples > 0) return count_text(check.samples);
  return check.candidate || check.cause == verdict::Cause::metric_missing ? "not known" : "no samples";
}

}  // namespace

std::vector<Fact> check_facts(const Check& check, const LikelyCauses& causes) {
  std::vector<Fact> facts;
  facts.push_back({"limit", fmt::format("{} ({})", limit_text(check), check.place.text())});
  std::string samples = samples_text(check);
  if (const std::string noise = noise_text(check); !noise.empty()) samples += "; " + noise;
  facts.push_back({"samples", samples});
  const std::string why = reason_text(check.cause, check.figure);
  if (!why.empty()) facts.push_back({"because", why});
  if (check.already_broken) facts.push_back({"note", "already broken before this change"});
  if (const std::string cause = causes.of(check); !cause.empty()) facts.push_back({"likely", cause});
  return facts;
}

}  // namespace burstgate::report
