// A comment on a pull request. Its first line is a hidden marker by which a script finds its own comment again; the
// whole stays below 60,000 characters, for GitHub refuses more than 65,536.
#include <fmt/format.h>

#include "base/text.hpp"
#include "report/escape.hpp"
#include "report/markdown_parts.hpp"

namespace burstgate::report {

namespace {

constexpr MarkdownRoom room = {.reasons = 2'000,
                               .table = 19'000,
                               .pictures = 4'000,
                               .why = 10'000,
                               .endpoints = 7'000,
                               .notes = 3'000,
                               .facts = 3'000,
                               .next = 4'000};

std::string marker(const std::string& operation) {
  std::string name;
  for (const char c : operation) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    name += plain || (c == '-' && !name.ends_with('-')) ? c : '_';  // "--" may not stand in a comment
  }
  return fmt::format("<!-- burstgate:{} -->\n", elided(name, 100));
}

}  // namespace

std::string render_comment(const Report& report) {
  const MarkdownParts parts(report, room);
  return defused(marker(report.candidate.operation) + parts.verdict_lines() + parts.check_table() + parts.pictures() +
                 parts.next_steps() + parts.sensitivity_line() + parts.notes() + parts.why() + parts.run_numbers() +
                 parts.endpoint_table() + parts.environment() + parts.exit_line());
}

}  // namespace burstgate::report
