// The report as GitHub-flavoured Markdown, for step summaries and comments. The first line is a hidden marker by which
// a script finds its own comment again. The whole stays below GitHub's limit of 65,536 characters: every list has a
// share of the room, and says how much it left out.
#include <fmt/format.h>

#include <algorithm>

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

// Bytes; their sum with the fixed texts and omission lines is below 60,000.
constexpr std::size_t table_room = 24'000;
constexpr std::size_t details_room = 14'000;
constexpr std::size_t endpoints_room = 9'000;
constexpr std::size_t notes_room = 4'000;
constexpr std::size_t facts_room = 4'000;    // each of two
constexpr std::size_t command_room = 1'000;  // each of two at most
constexpr std::size_t longest_label = 80;
constexpr std::size_t longest_text = 500;

using Labels = std::map<std::string, std::string>;

std::string safe(std::string_view text) {
  return markdown_text(elided(visible(text), longest_text));
}

std::string marker(const std::string& operation) {
  std::string name;
  for (const char c : operation) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    name += plain || (c == '-' && !name.ends_with('-')) ? c : '_';  // "--" may not stand in a comment
  }
  return fmt::format("<!-- burstgate:{} -->\n", elided(name, 100));
}

std::string sign_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "✅";
    case Outcome::warn:
      return "⚠️";
    case Outcome::fail:
      return "❌";
    case Outcome::inconclusive:
      return "❔";
  }
  return {};
}

// Rows as long as there is room, then a line that says how many were left out.
std::string within(std::size_t room, const std::vector<std::string>& rows, std::string_view omission) {
  std::string text;
  std::size_t shown = 0;
  while (shown < rows.size() && text.size() + rows[shown].size() <= room) text += rows[shown++];
  if (shown < rows.size()) text += fmt::format(fmt::runtime(omission), count_text(rows.size() - shown));
  return text;
}

std::string details(std::string_view summary, std::string_view body) {
  return fmt::format("\n<details><summary>{}</summary>\n\n{}\n</details>\n", summary, body);
}

std::string row_name(const Check& check, const Labels& labels) {
  const auto label = labels.find(check.endpoint);
  return markdown_text(name_of(check, label == labels.end() ? "" : label->second));
}

std::string verdict_cell(const Check& check) {
  std::string text = fmt::format("{} {}", sign_of(check.outcome), verdict::name(check.outcome));
  if (check.improved) text += ", improved";
  if (check.already_broken) text += ", already broken";
  return text;
}

std::string table_row(const Check& check, const Labels& labels, const measure::EndpointResult* measured) {
  std::string change = check.change ? change_text(check.metric, *check.change) : "";
  if (check.interval) change += " (" + interval_text(check.metric, *check.interval) + ")";
  const bool has_baseline = check.kind == verdict::CheckKind::regression || check.baseline;
  return fmt::format("| {} | {} | {} | {} | {} | {} |\n", row_name(check, labels),
                     has_baseline ? baseline_text(check) : "", candidate_text(check, measured), change,
                     limit_text(check), verdict_cell(check));
}

std::string check_table(const std::vector<const Check*>& checks, const Labels& labels, const Report& report) {
  if (checks.empty()) return {};
  const auto endpoints = endpoints_by_name(report.candidate);
  std::vector<std::string> rows;
  std::size_t bytes = 0;
  for (const Check* check : checks) {
    const auto measured = endpoints.find(check->endpoint);
    rows.push_back(
        bytes > table_room ? "" : table_row(*check, labels, measured == endpoints.end() ? nullptr : measured->second));
    bytes += rows.back().size();
  }
  return "\n| Metric | Baseline | Now | Change | Limit | Verdict |\n| --- | ---: | ---: | ---: | --- | --- |\n" +
         within(table_room, rows, "\n{} rows omitted, worst first\n");
}

std::string fact_line(const Fact& fact) {
  return fact.label.empty() ? fmt::format("- {}\n", safe(fact.text))
                            : fmt::format("- **{}**: {}\n", fact.label, safe(fact.text));
}

std::string fact_list(const std::vector<Fact>& facts) {
  std::vector<std::string> rows;
  for (const Fact& fact : facts) rows.push_back(fact_line(fact));
  return within(facts_room, rows, "- {} lines omitted\n");
}

std::string troubled_rows(const std::vector<const Check*>& checks, const Labels& labels, const Report& report) {
  const LikelyCauses causes(report);
  constexpr std::size_t most_rows = 50;  // more do not fit in any case
  std::vector<std::string> rows;
  for (const Check* check : checks) {
    if (check->outcome == Outcome::pass) continue;
    rows.emplace_back();
    if (rows.size() > most_rows) continue;
    rows.back() = fmt::format("{} **{}**\n\n", sign_of(check->outcome), row_name(*check, labels));
    for (const Fact& fact : check_facts(*check, causes)) rows.back() += fact_line(fact);
    rows.back() += "\n";
  }
  if (rows.size() > most_rows) rows[most_rows] = std::string(details_room, ' ');  // never shown, stops the list
  return rows.empty() ? ""
                      : details("Why, and where the limits are written",
                                within(details_room, rows, "{} rows omitted, worst first\n"));
}

std::string endpoint_table(const Report& report, const Labels& labels) {
  constexpr std::size_t most_rows = 120;
  const auto endpoints = endpoints_worst_first(report);
  if (endpoints.size() < 2) return {};
  std::vector<std::string> rows;
  for (const auto* endpoint : endpoints) {
    rows.emplace_back();
    if (rows.size() > most_rows) continue;
    const auto value = [&](Metric metric) { return value_text(*endpoint, metric, report.candidate.duration_s); };
    rows.back() = fmt::format("| {} | {} | {} | {} | {} | {} |\n", markdown_text(labels.at(endpoint->name)),
                              count_text(endpoint->counts.started),
                              count_text(endpoint->counts.failed() + endpoint->counts.unfinished),
                              value(Metric::latency_p50), value(Metric::latency_p95), value(Metric::latency_p99));
  }
  if (rows.size() > most_rows) rows[most_rows] = std::string(endpoints_room, ' ');
  return details(report.paired ? "Endpoints at the fixed rate, worst first" : "Endpoints, worst first",
                 "| Endpoint | Requests | Failed | p50 | p95 | p99 |\n| --- | ---: | ---: | ---: | ---: | ---: |\n" +
                     within(endpoints_room, rows, "\n{} rows omitted, worst first\n"));
}

std::string noise_summary(const std::vector<const Check*>& checks) {
  std::vector<std::string> seen;
  for (const Check* check : checks) {
    const std::string noise = noise_text(*check);
    if (check->endpoint.empty() && !noise.empty()) seen.push_back(metric_text(check->metric) + " " + noise);
  }
  return seen.empty() ? "" : "\nOn this machine this burst: " + safe(join(seen, "; ")) + ".\n";
}

std::string notes_list(const Report& report) {
  std::vector<std::string> rows;
  for (const std::string& note : all_notes(report)) rows.push_back(fmt::format("> - {}\n", safe(note)));
  return rows.empty() ? "" : "\n" + within(notes_room, rows, "> - {} notes omitted\n");
}

std::string next_list(const Report& report) {
  std::string text;
  for (const NextStep& step : next_steps(report)) {
    if (step.is_command && step.text.size() <= command_room) {
      text += fmt::format("\n{}:\n\n{}", step.label, markdown_code_block(step.text, "sh"));
    } else {
      text += fmt::format("\n{}{}{}\n", step.label, step.label.empty() ? "" : ": ", safe(step.text));
    }
  }
  return text.empty() ? "" : details("What to do now", text);
}

}  // namespace

std::string render_markdown(const Report& report) {
  const auto shorten = [](std::string_view name) { return elided(visible(name), longest_label); };
  const Labels labels = unique_labels(endpoint_names(report), shorten);
  const auto checks = checks_worst_first(report);
  const Headline head = headline(report, labels);
  const std::string operation =
      report.candidate.operation.empty() ? "" : elided(report.candidate.operation, 100) + ": ";
  std::string text = marker(report.candidate.operation);
  text += fmt::format("**{} {}** {}\n", head.outcome ? sign_of(*head.outcome) : "ℹ️", head.word,
                      safe(operation + head.reason));
  for (const std::string& reason : further_reasons(report)) text += "\nAlso: " + safe(reason) + "\n";
  if (!head.tally.empty()) text += "\n" + safe(head.tally) + "\n";
  text += check_table(checks, labels, report);
  text += noise_summary(checks);
  text += notes_list(report);
  text += troubled_rows(checks, labels, report);
  text += details("Numbers of the run", fact_list(run_facts(report)));
  text += endpoint_table(report, labels);
  text += details("Environment", fact_list(environment_facts(report)));
  text += next_list(report);
  text += fmt::format("\nexit code {}: {}\n", report.exit_code, exit_text(report.exit_code, report.verdict));
  return defused(text);
}

}  // namespace burstgate::report
