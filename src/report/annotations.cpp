// GitHub: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands, "::error file=..::text".
// Azure: https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands, "##vso[task.logissue ..]text".
#include "report/annotations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/escape.hpp"
#include "report/rows.hpp"
#include "report/wording.hpp"

namespace burstgate::report {

using verdict::Check;
using verdict::Outcome;

namespace {

constexpr std::size_t most_annotations = 10;
constexpr std::size_t longest_label = 80;
constexpr std::size_t longest_title = 200;
constexpr std::size_t longest_message = 1'500;
constexpr std::size_t longest_path = 600;

struct Annotation {
  bool is_error = false;
  Place place;
  std::string title;
  std::string message;
};

bool is_error(const Report& report, Outcome outcome) {
  return outcome == Outcome::fail || (outcome == Outcome::inconclusive && report.exit_code != 0);
}

// What is wrong with the run as a whole; the rows that are undecided for the same cause need not say it again.
std::vector<Annotation> of_the_run(const Report& report, const Headline& head) {
  const bool told_by_check = report.verdict && report.verdict->reasons.empty() && !report.verdict->target_failed &&
                             !report.verdict->interrupted;
  if (!head.outcome || *head.outcome == Outcome::pass || told_by_check) return {};
  return {{is_error(report, *head.outcome) || report.exit_code != 0, {}, "burstgate: " + head.word, head.reason}};
}

bool is_told(const Report& report, const Check& check) {
  const auto& reasons = report.verdict->reasons;
  return check.outcome == Outcome::inconclusive &&
         std::any_of(reasons.begin(), reasons.end(), [&](const auto& reason) { return reason.cause == check.cause; });
}

std::vector<Annotation> annotations(const Report& report) {
  const auto labels =
      unique_labels(endpoint_names(report), [](std::string_view name) { return elided(visible(name), longest_label); });
  std::vector<Annotation> list = of_the_run(report, headline(report, labels));
  const auto endpoints = endpoints_by_name(report.candidate);
  for (const Check* check : checks_worst_first(report)) {
    if (check->outcome == Outcome::pass || is_told(report, *check)) continue;
    const auto label = labels.find(check->endpoint);
    const auto measured = endpoints.find(check->endpoint);
    const std::string row = name_of(*check, label == labels.end() ? "" : label->second);
    const std::string because = reason_text(check->cause, check->figure);
    list.push_back(
        {is_error(report, check->outcome), check->place, fmt::format("burstgate: {}: {}", name(check->outcome), row),
         fmt::format("{} {}; {}{}{}", row, sides_text(*check, measured == endpoints.end() ? nullptr : measured->second),
                     limit_text(*check), because.empty() ? "" : "; ", because)});
  }
  if (list.size() <= most_annotations) return list;
  const std::size_t hidden = list.size() - (most_annotations - 1);
  const bool error = list[most_annotations - 1].is_error;  // the worst of those that are hidden
  list.resize(most_annotations - 1);
  list.push_back({error, {}, "burstgate", fmt::format("and {} more, see the report", count_text(hidden))});
  return list;
}

struct Escape {
  char character;
  std::string_view code;
};

template <std::size_t count>
std::string escaped(std::string_view text, const Escape (&escapes)[count]) {
  std::string out;
  for (const char c : text) {
    const auto found = std::find_if(std::begin(escapes), std::end(escapes),
                                    [&](const Escape& escape) { return escape.character == c; });
    out += found == std::end(escapes) ? std::string(1, c) : std::string(found->code);
  }
  return out;
}

// Control characters are gone after visible(), but a percent sign would be read as the start of a code.
constexpr Escape github_data[] = {{'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}};
constexpr Escape github_property[] = {{'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}, {':', "%3A"}, {',', "%2C"}};
constexpr Escape azure_data[] = {{'%', "%AZP25"}, {'\r', "%0D"}, {'\n', "%0A"}};
constexpr Escape azure_property[] = {{'%', "%AZP25"}, {'\r', "%0D"}, {'\n', "%0A"}, {';', "%3B"}, {']', "%5D"}};

std::string one_line(std::string_view text, std::size_t most) {
  return defused(elided(visible(text), most));
}

std::string github_line(const Annotation& annotation, const RepositoryPath& repository_path) {
  std::string line = annotation.is_error ? "::error " : "::warning ";
  const Place& place = annotation.place;
  if (!place.file.empty()) {
    line += fmt::format("file={},", escaped(one_line(repository_path(place.file), longest_path), github_property));
    if (place.line > 0) line += fmt::format("line={},", place.line);
    if (place.line > 0 && place.column > 0) line += fmt::format("col={},", place.column);
  }
  return line + fmt::format("title={}::{}\n", escaped(one_line(annotation.title, longest_title), github_property),
                            escaped(one_line(annotation.message, longest_message), github_data));
}

std::string azure_line(const Annotation& annotation, const RepositoryPath& repository_path) {
  std::string line = fmt::format("##vso[task.logissue type={}", annotation.is_error ? "error" : "warning");
  const Place& place = annotation.place;
  if (!place.file.empty()) {
    line += fmt::format(";sourcepath={}", escaped(one_line(repository_path(place.file), longest_path), azure_property));
    if (place.line > 0) line += fmt::format(";linenumber={}", place.line);
    if (place.line > 0 && place.column > 0) line += fmt::format(";columnnumber={}", place.column);
  }
  return line + fmt::format("]{}\n", escaped(one_line(annotation.message, longest_message), azure_data));
}

}  // namespace

std::string render_github_annotations(const Report& report, const RepositoryPath& repository_path) {
  std::string text;
  for (const Annotation& annotation : annotations(report)) text += github_line(annotation, repository_path);
  return text;
}

std::string render_azure_issues(const Report& report, const RepositoryPath& repository_path) {
  std::string text;
  for (const Annotation& annotation : annotations(report)) text += azure_line(annotation, repository_path);
  return text;
}

}  // namespace burstgate::report
