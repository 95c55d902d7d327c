// The report for a terminal: the verdict first, then every row that is not a clear pass with all that is known about
// it, the passed ones in a line each, the numbers of the run, and at the end what to do now.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/check_line.hpp"
#include "report/escape.hpp"
#include "report/facts.hpp"
#include "report/marks.hpp"
#include "report/page.hpp"
#include "report/picture.hpp"
#include "report/report.hpp"
#include "report/rows.hpp"
#include "report/wording.hpp"

namespace burstgate::report {

using verdict::Check;
using verdict::CheckKind;
using verdict::Outcome;

namespace {

constexpr std::size_t longest_label = 40;
constexpr std::size_t most_detailed_rows = 12;
constexpr std::size_t most_passed_rows = 20;
constexpr std::size_t most_endpoints = 15;
constexpr std::size_t most_notes = 20;
constexpr std::size_t strip_columns = 52;        // of a detailed row
constexpr std::size_t small_strip_columns = 22;  // of a passed row

using Labels = std::map<std::string, std::string>;
using Endpoints = std::map<std::string, const measure::EndpointResult*>;

std::string omitted(std::size_t count, std::string_view what) {
  return fmt::format("{} {} omitted, worst first", count_text(count), what);
}

const measure::EndpointResult* measured(const Endpoints& endpoints, const std::string& name) {
  const auto found = endpoints.find(name);
  return found == endpoints.end() ? nullptr : found->second;
}

struct Writer {
  const Report& report;
  Page page;
  Labels labels;
  Endpoints endpoints;
  std::vector<const Check*> checks;
  LikelyCauses causes;
  std::map<std::string, std::string> said_before = {};  // by the label of the fact

  std::string row_name(const Check& check) const {
    const auto label = labels.find(check.endpoint);
    return name_of(check, label == labels.end() ? "" : label->second);
  }
  std::string sign(Outcome outcome) const { return page.inked(ink_of(outcome), sign_of(outcome, page.unicode())); }

  void verdict();
  void detailed(const Check& check);
  void detailed_section(std::string_view title, Outcome outcome);
  void passed(const Check& check);
  void passed_section();
  void facts_section(std::string_view title, const std::vector<Fact>& facts);
  void endpoint_section();
  void notes_section();
  void next_section();
};

void Writer::verdict() {
  const Headline head = headline(report, labels);
  const std::string lead = (head.outcome ? sign_of(*head.outcome, page.unicode()) : "-") + " " + head.word + "  ";
  const Ink ink = head.outcome ? ink_of(*head.outcome) : Ink::bold;
  const std::string operation = report.candidate.operation.empty() ? "" : elided(report.candidate.operation, 60) + ": ";
  page.paragraph(page.inked(ink, lead), columns(lead), operation + head.reason);
  for (const std::string& reason : further_reasons(report)) {
    page.paragraph(std::string(columns(lead), ' '), columns(lead), "also: " + reason);
  }
  if (!head.tally.empty()) page.paragraph(std::string(columns(lead), ' '), columns(lead), head.tally);
}

void Writer::detailed(const Check& check) {
  const std::string name = row_name(check);
  const std::string sides = sides_text(check, measured(endpoints, check.endpoint));
  const bool in_one_line = 4 + columns(name) + 3 + columns(sides) <= page_columns;
  if (in_one_line) {
    page.line("  " + sign(check.outcome) + " " + name + "   " + sides);
  } else {
    page.paragraph("  " + sign(check.outcome) + " ", 4, name);
    page.paragraph("      ", 6, sides);
  }
  if (const std::string strip = picture(check, strip_columns, 3, page.unicode()); !strip.empty()) {
    page.line("      better " + strip + " worse");
  }
  for (const Fact& fact : check_facts(check, causes)) {
    const bool repeated = fact.label != "limit" && said_before[fact.label] == fact.text && columns(fact.text) > 40;
    page.fact(6, fact.label, repeated ? "as above" : fact.text);
    said_before[fact.label] = fact.text;
  }
}

void Writer::detailed_section(std::string_view title, Outcome outcome) {
  std::size_t shown = 0, hidden = 0;
  for (const Check* check : checks) {
    if (check->outcome != outcome) continue;
    if (shown == most_detailed_rows) {
      ++hidden;
      continue;
    }
    if (shown++ == 0) page.title(title);
    detailed(*check);
  }
  if (hidden > 0) page.line("  " + omitted(hidden, "rows"));
}

// How certain a passed check is, and why it passed.
std::string span(const Check& check) {
  std::string text = interval_text(check.metric, *check.interval);
  if (const std::string noise = noise_text(check); !noise.empty()) text += ", " + noise;
  return text + (check.figure.empty() ? "" : ": " + check.figure);
}

void Writer::passed(const Check& check) {
  const CheckLine line = check_line(check, measured(endpoints, check.endpoint), page.unicode());
  std::string lead = "  " + sign(check.outcome) + " ";
  const std::string name = row_name(check);
  const bool fits = columns(name) <= check_name_columns;
  if (!fits) {
    page.paragraph(lead, 4, name);
    lead = "    ";
  }
  lead += left(fits ? name : "", check_name_columns) + line.values;
  if (!line.picture.empty()) {
    page.line(lead + line.picture);
  } else {
    page.paragraph(lead, 4 + check_name_columns + columns(line.values), line.limit);
  }
  if (report.paired && check.interval)
    page.paragraph(std::string(4 + check_name_columns, ' '), 4 + check_name_columns, span(check));
}

void Writer::passed_section() {
  std::vector<const Check*> rows;
  for (const Check* check : checks) {
    if (check->outcome == Outcome::pass) rows.push_back(check);
  }
  if (!rows.empty()) page.title("Passed");
  for (std::size_t i = 0; i < std::min(rows.size(), most_passed_rows); ++i) passed(*rows[i]);
  if (rows.size() > most_passed_rows) page.line("  " + omitted(rows.size() - most_passed_rows, "passed rows"));
  for (const Check* check : rows) {
    if (!check->improved) continue;
    page.paragraph("    ", 4, "improved: " + row_name(*check) + " " + sides_text(*check, nullptr));
  }
  const bool warned = std::any_of(checks.begin(), checks.end(), [](const Check* check) {
    return check->kind == CheckKind::regression && check->limit_warn && check->limit_fail;
  });
  const bool drawn = std::any_of(checks.begin(), checks.end(), [&](const Check* check) {
    return !picture(*check, small_strip_columns, 2, page.unicode()).empty();
  });
  if (drawn) page.line("\n  " + page.inked(Ink::faint, picture_legend(page.unicode(), warned)));
}

void Writer::facts_section(std::string_view title, const std::vector<Fact>& facts) {
  page.title(title);
  for (const Fact& fact : facts) page.fact(2, fact.label, fact.text);
}

void Writer::endpoint_section() {
  const auto rows = endpoints_worst_first(report);
  if (rows.size() < 2) return;  // the only one is the total
  constexpr std::size_t name_columns = 27, count_columns = 9, value_columns = 10;
  const double duration_s = report.candidate.duration_s;
  page.title(report.paired ? "Endpoints at the fixed rate, worst first" : "Endpoints, worst first");
  page.line("  " + left("", name_columns) + right("requests", count_columns) + right("failed", count_columns) +
            right("p50", value_columns) + right("p95", value_columns) + right("p99", value_columns));
  for (std::size_t i = 0; i < std::min(rows.size(), most_endpoints); ++i) {
    const auto& endpoint = *rows[i];
    std::string text = right(count_text(endpoint.counts.started), count_columns) +
                       right(count_text(endpoint.counts.failed() + endpoint.counts.unfinished), count_columns);
    if (!endpoint.point && endpoint.latencies.judged().empty()) {
      text += "  no samples";
    } else {
      for (const Metric metric : {Metric::latency_p50, Metric::latency_p95, Metric::latency_p99}) {
        text += right(value_text(endpoint, metric, duration_s), value_columns);
      }
    }
    const std::string& label = labels.at(endpoint.name);
    if (columns(label) > name_columns) page.line("  " + label);
    page.line("  " + left(columns(label) > name_columns ? "" : label, name_columns) + text);
  }
  if (rows.size() > most_endpoints) page.line("  " + omitted(rows.size() - most_endpoints, "endpoints"));
}

void Writer::notes_section() {
  const auto notes = all_notes(report);
  if (notes.empty()) return;
  page.title("Notes");
  for (std::size_t i = 0; i < std::min(notes.size(), most_notes); ++i) page.paragraph("  - ", 4, notes[i]);
  if (notes.size() > most_notes) page.line(fmt::format("  {} more notes", notes.size() - most_notes));
}

void Writer::next_section() {
  const auto steps = next_steps(report);
  if (steps.empty()) return;
  page.title("Next");
  for (const NextStep& step : steps) {
    if (step.is_command) {
      page.line("  " + step.label + ":");
      page.command(4, step.text);
    } else {
      page.paragraph("  ", 2, step.label.empty() ? step.text : step.label + ": " + step.text);
    }
  }
}

}  // namespace

std::string render_console(const Report& report, bool color, bool unicode) {
  const auto shorten = [&](std::string_view name) { return elided(terminal_text(name, unicode), longest_label); };
  Writer writer{report,
                Page(color, unicode),
                unique_labels(endpoint_names(report), shorten),
                endpoints_by_name(report.candidate),
                checks_worst_first(report),
                LikelyCauses(report)};
  writer.verdict();
  writer.detailed_section("Failed", Outcome::fail);
  writer.detailed_section("Undecided", Outcome::inconclusive);
  writer.detailed_section("Warnings", Outcome::warn);
  writer.passed_section();
  writer.facts_section("This run", run_facts(report));
  writer.endpoint_section();
  writer.facts_section("Environment", environment_facts(report));
  writer.notes_section();
  writer.next_section();
  writer.page.blank();
  writer.page.line(fmt::format("exit code {}: {}", report.exit_code, exit_text(report.exit_code, report.verdict)));
  return writer.page.text();
}

}  // namespace burstgate::report
