// The JSON that shields.io's endpoint badge reads (https://shields.io/badges/endpoint-badge): a word, a figure and a
// colour. Nothing from outside stands in it.
#include <fmt/format.h>

#include "base/json_text.hpp"
#include "report/report.hpp"
#include "report/rows.hpp"
#include "report/wording.hpp"

namespace burstgate::report {

using verdict::Outcome;

namespace {

std::string color_of(const Headline& head) {
  if (!head.outcome) return "blue";
  switch (*head.outcome) {
    case Outcome::pass:
      return "brightgreen";
    case Outcome::warn:
      return "yellow";
    case Outcome::fail:
      return "red";
    case Outcome::inconclusive:
      break;
  }
  return "lightgrey";
}

std::string message_of(const Report& report, const Headline& head) {
  std::string word = head.word;
  for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::string p95 = value_text(report.candidate.total, Metric::latency_p95, report.candidate.duration_s);
  const bool known = p95.find_first_of("0123456789") != std::string::npos;
  return known ? fmt::format("{}, p95 {}", word, p95) : word;
}

}  // namespace

std::string render_badge(const Report& report) {
  const Headline head = headline(report, {});
  return dump_json({{"schemaVersion", 1},
                    {"label", "performance"},
                    {"message", message_of(report, head)},
                    {"color", color_of(head)}},
                   2) +
         "\n";
}

}  // namespace burstgate::report
