// The summary of a CI step: the comment's parts with more room, and a chart. Below 900 KB, for GitHub throws away what
// is above 1 MiB.
#include "report/escape.hpp"
#include "report/markdown_parts.hpp"

namespace burstgate::report {

namespace {

constexpr MarkdownRoom room = {.reasons = 20'000,
                               .table = 320'000,
                               .pictures = 60'000,
                               .why = 250'000,
                               .endpoints = 120'000,
                               .notes = 40'000,
                               .facts = 20'000,
                               .next = 10'000};

}  // namespace

std::string render_markdown(const Report& report) {
  const MarkdownParts parts(report, room);
  return defused(parts.verdict_lines() + parts.check_table() + parts.pictures() + parts.next_steps() +
                 parts.latency_chart() + parts.sensitivity_line() + parts.notes() + parts.why() + parts.run_numbers() +
                 parts.endpoint_table() + parts.environment() + parts.exit_line());
}

}  // namespace burstgate::report
