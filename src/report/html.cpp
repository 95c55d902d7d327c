// Verdict and reason first, then what to do, the checks with their intervals, the charts, and then what one looks up:
// errors, endpoints, load, both machines, how the verdict was reached.
#include "report/html.hpp"

#include <fmt/format.h>

#include <map>

#include "base/text.hpp"
#include "report/element.hpp"
#include "report/escape.hpp"
#include "report/explain_step.hpp"
#include "report/facts.hpp"
#include "report/html_charts.hpp"
#include "report/html_document.hpp"
#include "report/marks.hpp"
#include "report/road.hpp"
#include "report/rows.hpp"
#include "report/wording.hpp"

namespace burstgate::report {

using verdict::Check;
using verdict::Outcome;

namespace {

constexpr std::size_t checks_room = 900'000;
constexpr std::size_t endpoints_room = 250'000;
constexpr std::size_t longest_label = 120;
constexpr std::size_t most_notes = 200;

std::string role_of(const std::optional<Outcome>& outcome) {
  if (!outcome) return "none";
  return *outcome == Outcome::inconclusive ? "doubt" : std::string(verdict::name(*outcome));
}

Markup fact_list(const std::vector<Fact>& facts) {
  Markup list;
  for (const Fact& fact : facts) list += element("dt", {}, text(fact.label)) + element("dd", {}, safe_text(fact.text));
  return list.empty() ? list : element("dl", {}, list);
}

Markup cell(std::string_view label, std::string_view outside, std::string_view role) {
  return element("td", {{"class", std::string(role)}, {"data-label", outside.empty() ? "" : std::string(label)}},
                 safe_text(outside));
}

Markup header_row(std::initializer_list<std::pair<std::string_view, bool>> columns) {
  Markup cells;
  for (const auto& [title, is_number] : columns)
    cells += element("th", {{"scope", "col"}, {"class", is_number ? "number" : ""}}, text(title));
  return element("thead", {}, element("tr", {}, cells));
}

// What is needed for more than one part.
class Writer {
 public:
  explicit Writer(const Report& report)
      : report_(report),
        labels_(unique_labels(endpoint_names(report),
                              [](std::string_view name) { return elided(visible(name), longest_label); })),
        endpoints_(endpoints_by_name(report.candidate)),
        causes_(report) {}

  Markup head() const;
  Markup next() const;
  Markup checks() const;
  Markup charts() const;
  Markup errors() const;
  Markup endpoints() const;
  Markup load() const { return html_section("Load and result", fact_list(run_facts(report_))); }
  Markup environment() const;
  Markup road() const;
  Markup notes() const;
  std::string title() const {
    return head_.word + (report_.candidate.operation.empty() ? "" : ": ") + report_.candidate.operation;
  }

 private:
  std::string row_name(const Check& check) const;
  Markup check_rows(const Check& check) const;

  const Report& report_;
  std::map<std::string, std::string> labels_;
  std::map<std::string, const measure::EndpointResult*> endpoints_;
  LikelyCauses causes_;
  Headline head_ = headline(report_, labels_);
};

std::string Writer::row_name(const Check& check) const {
  const auto label = labels_.find(check.endpoint);
  return name_of(check, label == labels_.end() ? "" : label->second);
}

Markup Writer::head() const {
  const std::string sign = head_.outcome ? sign_of(*head_.outcome, true) + " " : std::string{};
  Markup lines = element("h1", {}, element("span", {{"class", "word"}}, text(sign + head_.word)));
  lines += element("p", {{"class", "reason"}}, safe_text(head_.reason));
  for (const std::string& reason : further_reasons(report_)) lines += element("p", {}, safe_text("Also: " + reason));
  if (!head_.tally.empty()) lines += element("p", {}, safe_text(head_.tally));
  const measure::Measurement& run = report_.candidate;
  std::vector<std::string> words;
  for (const std::string& word :
       {run.operation, run.profile.empty() ? "" : "profile " + run.profile,
        run.commit.empty() ? "" : "commit " + run.commit, utc_text(run.started_at_unix_s) + " UTC",
        report_.total_seconds > 0 ? seconds_text(report_.total_seconds) + " in all" : ""}) {
    if (!word.empty()) words.push_back(word);
  }
  lines += element("p", {{"class", "faint"}}, safe_text(join(words, " · ")));
  return element("header", {{"class", role_of(head_.outcome)}}, lines);
}

Markup Writer::next() const {
  Markup list;
  for (const NextStep& step : next_steps(report_)) {
    if (step.is_command) {
      list += element("p", {}, text(step.label + ":")) + element("pre", {}, text(visible(step.text)));
    } else {
      list += element("p", {}, text(step.label.empty() ? "" : step.label + ": ") + safe_text(step.text));
    }
  }
  return html_section("What to do now", list);
}

Markup Writer::check_rows(const Check& check) const {
  const auto measured = endpoints_.find(check.endpoint);
  std::string change = check.change ? change_text(check.metric, *check.change) : "";
  if (check.interval) change += " (" + interval_text(check.metric, *check.interval) + ")";
  const bool has_baseline = check.kind == verdict::CheckKind::regression || check.baseline;
  std::string outcome = sign_of(check.outcome, true) + " " + std::string(verdict::name(check.outcome));
  if (check.improved) outcome += ", improved";
  Markup cells = element("th", {{"scope", "row"}}, safe_text(row_name(check)));
  cells += cell("baseline", has_baseline ? baseline_text(check) : "", "number");
  cells += cell("now", candidate_text(check, measured == endpoints_.end() ? nullptr : measured->second), "number");
  cells += cell("change", change, "number");
  cells += element("td", {{"class", "picture"}}, interval_strip(check));
  cells += cell("limit", limit_text(check), "");
  cells += element("td", {{"class", "verdict " + role_of(check.outcome)}}, text(outcome));
  Markup rows = element("tr", {{"class", "row"}}, cells);
  if (check.outcome == Outcome::pass) return rows;
  return rows +
         element("tr", {{"class", "why"}}, element("td", {{"colspan", "7"}}, fact_list(check_facts(check, causes_))));
}

Markup Writer::checks() const {
  const auto checks = checks_worst_first(report_);
  if (checks.empty()) return {};
  Markup rows;
  std::size_t shown = 0;
  while (shown < checks.size() && rows.source().size() < checks_room) rows += check_rows(*checks[shown++]);
  Markup table = element("caption", {},
                         text("Picture: dot the change, bar its interval, left line no change, dashed "
                              "line the limit, shaded too much."));
  table += header_row({{"Check", false},
                       {"Baseline", true},
                       {"Now", true},
                       {"Change", true},
                       {"Against the limit", false},
                       {"Limit", false},
                       {"Verdict", false}});
  Markup content = element("table", {{"class", "checks"}}, table + element("tbody", {}, rows));
  if (shown < checks.size())
    content += element("p", {}, text(count_text(checks.size() - shown) + " checks omitted, worst first"));
  return html_section("Checks, worst first", content);
}

Markup Writer::charts() const {
  Markup grid;
  for (const Figure& figure : figures(report_))
    grid += element("figure", {}, element("figcaption", {}, text(figure.title)) + figure.drawing);
  return grid.empty() ? grid : html_section("Charts", element("div", {{"class", "charts"}}, grid));
}

Markup Writer::errors() const {
  measure::Counts before;
  for (const auto& run : report_.baseline) before.add(run.total.counts);
  const measure::Counts& now = report_.candidate.total.counts;
  if (before.failed() + before.unfinished + now.failed() + now.unfinished == 0) return {};
  const auto share = [](std::uint64_t count, const measure::Counts& of) {
    if (of.started == 0) return std::string("not known");
    return fmt::format("{} ({:.2f} %)", count_text(count),
                       100.0 * static_cast<double>(count) / static_cast<double>(of.started));
  };
  Markup rows;
  const auto add = [&](std::string_view name, std::uint64_t baseline, std::uint64_t candidate) {
    if (baseline + candidate == 0) return;
    rows += element("tr", {},
                    element("th", {{"scope", "row"}}, text(name)) + cell("", share(baseline, before), "number") +
                        cell("", share(candidate, now), "number"));
  };
  for (std::size_t i = 0; i < measure::failure_count; ++i) {
    const auto failure = static_cast<measure::Failure>(i);
    add(measure::name(failure), before[failure], now[failure]);
  }
  add("unfinished", before.unfinished, now.unfinished);
  constexpr int first_unsuccessful_status = 300;
  std::map<int, std::pair<std::uint64_t, std::uint64_t>> statuses;
  for (const auto& [status, count] : before.statuses) statuses[status].first = count;
  for (const auto& [status, count] : now.statuses) statuses[status].second = count;
  for (auto at = statuses.lower_bound(first_unsuccessful_status); at != statuses.end(); ++at)
    add(fmt::format("answers with status {}", at->first), at->second.first, at->second.second);
  return html_section("Errors by class", element("table", {{"class", "wide"}},
                                                 header_row({{"Class", false}, {"Baseline", true}, {"Now", true}}) +
                                                     element("tbody", {}, rows)));
}

Markup Writer::endpoints() const {
  const auto endpoints = endpoints_worst_first(report_);
  if (endpoints.size() < 2) return {};
  Markup rows;
  std::size_t shown = 0;
  for (; shown < endpoints.size() && rows.source().size() < endpoints_room; ++shown) {
    const auto& endpoint = *endpoints[shown];
    Markup cells = element("th", {{"scope", "row"}}, text(labels_.at(endpoint.name)));
    cells += cell("", count_text(endpoint.counts.started), "number");
    cells += cell("", count_text(endpoint.counts.failed() + endpoint.counts.unfinished), "number");
    for (const Metric metric : {Metric::latency_p50, Metric::latency_p95, Metric::latency_p99})
      cells += cell("", value_text(endpoint, metric, report_.candidate.duration_s), "number");
    rows += element("tr", {}, cells);
  }
  Markup table = header_row(
      {{"Endpoint", false}, {"Requests", true}, {"Failed", true}, {"p50", true}, {"p95", true}, {"p99", true}});
  Markup content = element("table", {{"class", "wide"}}, table + element("tbody", {}, rows));
  if (shown < endpoints.size())
    content += element("p", {}, text(count_text(endpoints.size() - shown) + " endpoints omitted, worst first"));
  return html_section(report_.paired ? "Endpoints at the fixed rate, worst first" : "Endpoints, worst first", content);
}

Markup Writer::environment() const {
  Markup rows;
  for (const MachineField& field : machine_fields(report_)) {
    Markup cells = element("th", {{"scope", "row"}}, text(field.label));
    cells += cell("", field.baseline, "") + cell("", field.candidate, "");
    cells += element("td", {{"class", field.differs ? "warn" : ""}}, text(field.differs ? "differs" : ""));
    rows += element("tr", {}, cells);
  }
  const Markup table = rows.empty()
                           ? rows
                           : element("table", {{"class", "wide"}},
                                     header_row({{"", false}, {"Baseline", false}, {"Now", false}, {"", false}}) +
                                         element("tbody", {}, rows));
  return html_section("Where it was measured", fact_list(environment_facts(report_)) + table);
}

Markup Writer::road() const {
  if (!report_.verdict) return {};
  return html_section("How the verdict was reached", fact_list(road_facts(report_, std::nullopt)));
}

Markup Writer::notes() const {
  Markup list;
  std::size_t shown = 0;
  const auto notes = all_notes(report_);
  for (; shown < notes.size() && shown < most_notes; ++shown) list += element("li", {}, safe_text(notes[shown]));
  if (shown < notes.size()) list += element("li", {}, text(count_text(notes.size() - shown) + " notes omitted"));
  return list.empty() ? list : html_section("Notes", element("ul", {}, list));
}

}  // namespace

std::string render_html(const Report& report) {
  const Writer writer(report);
  return html_document("burstgate " + writer.title(), writer.head() + writer.next() + writer.checks() + writer.notes() +
                                                          writer.charts() + writer.errors() + writer.endpoints() +
                                                          writer.load() + writer.road() + writer.environment());
}

}  // namespace burstgate::report
