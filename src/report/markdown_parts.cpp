// GitHub-flavoured Markdown, part by part. Lists are cut at the end: they are sorted worst first.
#include "report/markdown_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/escape.hpp"
#include "report/facts.hpp"
#include "report/marks.hpp"
#include "report/mermaid.hpp"
#include "report/page.hpp"
#include "report/picture.hpp"
#include "report/wording.hpp"

namespace burstgate::report {

using verdict::Check;
using verdict::Outcome;

namespace {

constexpr std::size_t longest_label = 80;
constexpr std::size_t longest_text = 500;      // bytes of outside text in one place
constexpr std::size_t longest_escaped = 1500;  // and of what they become
constexpr std::size_t longest_command = 1000;  // longer ones are shown, but not to be copied
constexpr std::size_t picture_name_columns = 34;
constexpr std::size_t strip_columns = 37;
constexpr int strip_reach = 3;

// Escapes can make ten bytes out of one: a text of nothing else is shown shorter.
std::string safe(std::string_view text) {
  const std::string escaped = markdown_text(elided(visible(text), longest_text));
  return escaped.size() <= longest_escaped ? escaped : markdown_text(elided(visible(text), longest_escaped / 10));
}

std::string emoji_of(Outcome outcome) {
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

// Rows as long as there is room, then a line that says how many were left out. `row_at(i)` is asked for those only.
template <typename RowAt>
std::string within(std::size_t room, std::size_t rows, RowAt row_at, std::string_view omission) {
  std::string text;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::string row = row_at(i);
    if (text.size() + row.size() > room) return text + fmt::format(fmt::runtime(omission), count_text(rows - i));
    text += row;
  }
  return text;
}

std::string details(std::string_view summary, std::string_view body) {
  return fmt::format("\n<details><summary>{}</summary>\n\n{}\n</details>\n", summary, body);
}

std::string verdict_cell(const Check& check) {
  std::string text = fmt::format("{} {}", emoji_of(check.outcome), verdict::name(check.outcome));
  if (check.improved) text += ", improved";
  if (check.already_broken) text += ", already broken";
  return text;
}

std::string fact_line(const Fact& fact) {
  return fact.label.empty() ? fmt::format("- {}\n", safe(fact.text))
                            : fmt::format("- **{}**: {}\n", fact.label, safe(fact.text));
}

std::string fact_list(std::size_t room, const std::vector<Fact>& facts) {
  return within(
      room, facts.size(), [&](std::size_t i) { return fact_line(facts[i]); }, "- {} lines omitted\n");
}

std::string step_text(const NextStep& step) {
  if (step.is_command && step.text.size() <= longest_command) {
    return fmt::format("\n{}:\n\n{}", step.label, markdown_code_block(step.text, "sh"));
  }
  return fmt::format("\n{}{}{}\n", step.label, step.label.empty() ? "" : ": ", safe(step.text));
}

}  // namespace

MarkdownParts::MarkdownParts(const Report& report, const MarkdownRoom& room)
    : report_(report),
      room_(room),
      labels_(unique_labels(endpoint_names(report),
                            [](std::string_view name) { return elided(visible(name), longest_label); })),
      checks_(checks_worst_first(report)),
      endpoints_(endpoints_by_name(report.candidate)) {}

std::string MarkdownParts::row_name(const Check& check) const {
  const auto label = labels_.find(check.endpoint);
  return name_of(check, label == labels_.end() ? "" : label->second);
}

const measure::EndpointResult* MarkdownParts::measured(const Check& check) const {
  const auto found = endpoints_.find(check.endpoint);
  return found == endpoints_.end() ? nullptr : found->second;
}

std::string MarkdownParts::verdict_lines() const {
  const Headline head = headline(report_, labels_);
  const std::string& operation = report_.candidate.operation;
  std::string text = fmt::format("**{} {}** {}\n", head.outcome ? emoji_of(*head.outcome) : "ℹ️", head.word,
                                 safe((operation.empty() ? "" : elided(operation, 100) + ": ") + head.reason));
  const auto reasons = further_reasons(report_);
  text += within(
      room_.reasons, reasons.size(), [&](std::size_t i) { return "\nAlso: " + safe(reasons[i]) + "\n"; },
      "\n{} more reasons\n");
  if (!head.tally.empty()) text += "\n" + safe(head.tally) + "\n";
  return text;
}

std::string MarkdownParts::table_row(const Check& check) const {
  std::string change = check.change ? change_text(check.metric, *check.change) : "";
  if (check.interval) change += " (" + interval_text(check.metric, *check.interval) + ")";
  const bool has_baseline = check.kind == verdict::CheckKind::regression || check.baseline;
  return fmt::format("| {} | {} | {} | {} | {} | {} |\n", markdown_text(row_name(check)),
                     has_baseline ? baseline_text(check) : "", candidate_text(check, measured(check)), change,
                     limit_text(check), verdict_cell(check));
}

std::string MarkdownParts::check_table() const {
  if (checks_.empty()) return {};
  return "\n| Metric | Baseline | Now | Change | Limit | Verdict |\n| --- | ---: | ---: | ---: | --- | --- |\n" +
         within(
             room_.table, checks_.size(), [&](std::size_t i) { return table_row(*checks_[i]); },
             "\n{} rows omitted, worst first\n");
}

// Short, with the metric always there.
std::string MarkdownParts::picture_name(const Check& check) const {
  const auto label = labels_.find(check.endpoint);
  const std::size_t metric_columns = name_of(check, ": ").size();
  const std::string name = label == labels_.end() ? "" : defused(label->second);
  return name_of(check, elided(name, picture_name_columns - std::min(metric_columns, picture_name_columns)));
}

std::string MarkdownParts::pictures() const {
  std::vector<std::string> lines;
  std::size_t bytes = 0;
  bool with_warning = false;
  for (const Check* check : checks_) {
    const std::string strip = picture(*check, strip_columns, strip_reach, true);
    if (strip.empty()) continue;
    lines.push_back(fmt::format("{} {} {}  {}", sign_of(check->outcome, true),
                                left(picture_name(*check), picture_name_columns), strip,
                                change_text(check->metric, *check->change)));
    with_warning |= check->limit_warn && check->limit_fail;
    bytes += lines.back().size() + 1;
    if (bytes <= room_.pictures) continue;
    lines.pop_back();
    break;
  }
  if (lines.empty()) return {};
  lines.emplace_back();
  lines.push_back(picture_legend(true, with_warning));
  return "\n" + markdown_code_block(lines, "text");
}

std::string MarkdownParts::latency_chart() const {
  std::vector<ChartRow> rows;
  for (std::size_t i = 0; i < checks_.size(); ++i) {
    const Check& check = *checks_[i];
    const bool latency = kind(check.metric) == MetricKind::latency && !paired_only(check.metric);
    if (!latency || check.kind != verdict::CheckKind::regression || !check.baseline || !check.candidate) continue;
    rows.push_back({i + 1, row_name(check), *check.baseline / 1e3, *check.candidate / 1e3});
  }
  const std::string chart = mermaid_chart("Worst latency checks (bars: now, line: baseline)", "ms", rows);
  return chart.empty() ? "" : "\n" + chart;
}

std::string MarkdownParts::sensitivity_line() const {
  std::vector<std::string> seen;
  for (const Check* check : checks_) {
    const std::string noise = noise_text(*check);
    if (check->endpoint.empty() && !noise.empty()) seen.push_back(metric_text(check->metric) + " " + noise);
  }
  return seen.empty() ? "" : "\nOn this machine this burst: " + safe(join(seen, "; ")) + ".\n";
}

std::string MarkdownParts::notes() const {
  const auto list = all_notes(report_);
  return list.empty() ? ""
                      : "\n" + within(
                                   room_.notes, list.size(),
                                   [&](std::size_t i) { return fmt::format("> - {}\n", safe(list[i])); },
                                   "> - {} notes omitted\n");
}

std::string MarkdownParts::why() const {
  const LikelyCauses causes(report_);
  std::vector<const Check*> troubled;
  std::copy_if(checks_.begin(), checks_.end(), std::back_inserter(troubled),
               [](const Check* check) { return check->outcome != Outcome::pass; });
  if (troubled.empty()) return {};
  const auto row = [&](std::size_t i) {
    const Check& check = *troubled[i];
    std::string text = fmt::format("{} **{}**\n\n", emoji_of(check.outcome), markdown_text(row_name(check)));
    for (const Fact& fact : check_facts(check, causes)) text += fact_line(fact);
    return text + "\n";
  };
  return details("Why, and where the limits are written",
                 within(room_.why, troubled.size(), row, "{} rows omitted, worst first\n"));
}

std::string MarkdownParts::run_numbers() const {
  return details("Numbers of the run", fact_list(room_.facts, run_facts(report_)));
}

std::string MarkdownParts::endpoint_table() const {
  const auto endpoints = endpoints_worst_first(report_);
  if (endpoints.size() < 2) return {};
  const auto row = [&](std::size_t i) {
    const measure::EndpointResult& endpoint = *endpoints[i];
    const auto value = [&](Metric metric) { return value_text(endpoint, metric, report_.candidate.duration_s); };
    return fmt::format("| {} | {} | {} | {} | {} | {} |\n", markdown_text(labels_.at(endpoint.name)),
                       count_text(endpoint.counts.started),
                       count_text(endpoint.counts.failed() + endpoint.counts.unfinished), value(Metric::latency_p50),
                       value(Metric::latency_p95), value(Metric::latency_p99));
  };
  return details(report_.paired ? "Endpoints at the fixed rate, worst first" : "Endpoints, worst first",
                 "| Endpoint | Requests | Failed | p50 | p95 | p99 |\n| --- | ---: | ---: | ---: | ---: | ---: |\n" +
                     within(room_.endpoints, endpoints.size(), row, "\n{} rows omitted, worst first\n"));
}

std::string MarkdownParts::environment() const {
  return details("Environment", fact_list(room_.facts, environment_facts(report_)));
}

// Not folded: it is what the reader came for.
std::string MarkdownParts::next_steps() const {
  const auto steps = report::next_steps(report_);
  if (steps.empty()) return {};
  return "\n**What to do now**\n" +
         within(
             room_.next, steps.size(), [&](std::size_t i) { return step_text(steps[i]); }, "\n{} steps omitted\n");
}

std::string MarkdownParts::exit_line() const {
  return fmt::format("\nexit code {}: {}\n", report_.exit_code, exit_text(report_.exit_code, report_.verdict));
}

}  // namespace burstgate::report
