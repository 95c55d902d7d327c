#include "report/screen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "report/check_line.hpp"
#include "report/escape.hpp"
#include "report/facts.hpp"
#include "report/marks.hpp"
#include "report/page.hpp"
#include "report/picture.hpp"
#include "report/rows.hpp"
#include "report/wording.hpp"

namespace burstgate::report {

using verdict::Check;
using verdict::Outcome;

namespace {

constexpr std::size_t most_head_lines = 5;
constexpr std::size_t most_next_lines = 6;

std::vector<std::string> lines_of(const Page& page) {
  std::vector<std::string> lines;
  const std::string text = page.text();
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

class Screen {
 public:
  Screen(const Report& report, bool color, bool unicode)
      : report_(report),
        color_(color),
        unicode_(unicode),
        labels_(unique_labels(endpoint_names(report), [unicode](std::string_view name) {
          return elided(terminal_text(name, unicode), check_name_columns - 3);
        })) {}

  std::string text();

 private:
  Page page() const { return Page(color_, unicode_); }
  std::vector<std::string> head() const;
  std::vector<std::string> next() const;
  std::string row(const Check& check, const std::map<std::string, const measure::EndpointResult*>& endpoints) const;
  std::vector<std::string> likely(const Check& check) const;
  std::vector<std::string> rows(std::size_t room) const;

  const Report& report_;
  bool color_;
  bool unicode_;
  std::map<std::string, std::string> labels_;
};

std::vector<std::string> Screen::head() const {
  Page made = page();
  const Headline head = headline(report_, labels_);
  const std::string lead = (head.outcome ? sign_of(*head.outcome, unicode_) : "-") + " " + head.word + "  ";
  made.paragraph(made.inked(head.outcome ? ink_of(*head.outcome) : Ink::bold, lead), columns(lead), head.reason);
  if (!head.tally.empty()) made.paragraph(std::string(columns(lead), ' '), columns(lead), head.tally);
  auto lines = lines_of(made);
  if (lines.size() > most_head_lines) lines.resize(most_head_lines);
  return lines;
}

// Commands first cut: half a command is none.
std::vector<std::string> Screen::next() const {
  std::vector<std::string> lines;
  for (const NextStep& step : next_steps(report_)) {
    Page made = page();
    if (step.is_command) {
      made.line("  " + step.label + ":");
      made.command(4, step.text);
    } else if (step.label != "result") {  // its command stands below
      made.paragraph("  ", 2, step.label.empty() ? step.text : step.label + ": " + step.text);
    }
    const auto more = lines_of(made);
    if (lines.size() + more.size() <= most_next_lines) lines.insert(lines.end(), more.begin(), more.end());
  }
  if (!report_.result_file.empty()) {
    Page made = page();
    made.line("  all about it:");
    made.command(4, "burstgate report " + report_.result_file);
    const auto more = lines_of(made);
    lines.insert(lines.end(), more.begin(), more.end());
  }
  return lines;
}

std::string Screen::row(const Check& check,
                        const std::map<std::string, const measure::EndpointResult*>& endpoints) const {
  const auto measured = endpoints.find(check.endpoint);
  const auto label = labels_.find(check.endpoint);
  Page made = page();
  const std::string name = name_of(check, label == labels_.end() ? "" : label->second);
  const CheckLine line = check_line(check, measured == endpoints.end() ? nullptr : measured->second, unicode_);
  const std::string lead = "  " + made.inked(ink_of(check.outcome), sign_of(check.outcome, unicode_)) + " ";
  const bool fits = columns(name) <= check_name_columns;
  const std::string shown = fits ? name : elided(made.clean(name), check_name_columns);
  return lead + left(shown, check_name_columns) + line.values +
         (line.picture.empty() ? elided(line.limit, 30) : line.picture);
}

std::vector<std::string> Screen::likely(const Check& check) const {
  const std::string cause = LikelyCauses(report_).of(check);
  if (cause.empty()) return {};
  Page made = page();
  made.paragraph("      likely ", 13, elided(made.clean(cause), 120));
  return lines_of(made);
}

// The checks, worst first, with the likely cause of the worst.
std::vector<std::string> Screen::rows(std::size_t room) const {
  const auto checks = checks_worst_first(report_);
  if (checks.empty()) return {};
  const auto endpoints = endpoints_by_name(report_.candidate);
  std::vector<std::string> lines = {row(*checks.front(), endpoints)};
  for (std::string& line : likely(*checks.front())) lines.push_back(std::move(line));
  std::size_t shown = 1;
  const std::size_t legend = 1;
  while (shown < checks.size()) {
    const std::size_t rest = checks.size() - shown;
    if (lines.size() + (rest > 1 ? 2 : 1) + legend > room) break;
    lines.push_back(row(*checks[shown++], endpoints));
  }
  if (shown < checks.size()) lines.push_back(fmt::format("    {} more checks", count_text(checks.size() - shown)));
  const bool drawn = std::any_of(checks.begin(), checks.end(), [&](const Check* check) {
    return !check_line(*check, nullptr, unicode_).picture.empty();
  });
  if (drawn) lines.push_back("  " + page().inked(Ink::faint, picture_legend(unicode_, false)));
  return lines;
}

std::string Screen::text() {
  const auto above = head();
  const auto below = next();
  const std::size_t fixed = above.size() + 1 + (below.empty() ? 0 : below.size() + 1) + 2;  // blanks and the exit code
  const auto middle = rows(fixed < screen_lines ? screen_lines - fixed : 0);
  std::string made;
  const auto add = [&](const std::vector<std::string>& lines) {
    for (const std::string& line : lines) made += line + "\n";
    if (!lines.empty()) made += "\n";
  };
  add(above);
  add(middle);
  add(below);
  return made + fmt::format("exit code {}: {}\n", report_.exit_code, exit_text(report_.exit_code, report_.verdict));
}

}  // namespace

std::string render_screen(const Report& report, bool color, bool unicode) {
  return Screen(report, color, unicode).text();
}

}  // namespace burstgate::report
