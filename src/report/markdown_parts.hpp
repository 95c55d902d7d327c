// What the two Markdown reports, the step summary and the comment, are put together from. Every list has a share of the
// room, and says how much it left out: the whole stays below the limit of the place where it is shown.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "report/rows.hpp"

namespace burstgate::report {

// Bytes of finished text, each for one list with its omission line left aside.
struct MarkdownRoom {
  std::size_t reasons = 0;
  std::size_t table = 0;
  std::size_t pictures = 0;
  std::size_t why = 0;
  std::size_t endpoints = 0;
  std::size_t notes = 0;
  std::size_t facts = 0;  // each of two lists
  std::size_t next = 0;
};

class MarkdownParts {
 public:
  MarkdownParts(const Report& report, const MarkdownRoom& room);

  std::string verdict_lines() const;     // the verdict in a line, further reasons, how many checks came out how
  std::string check_table() const;       // worst first
  std::string pictures() const;          // the intervals as strips of text, worst first; "" when none can be drawn
  std::string latency_chart() const;     // a Mermaid chart of both sides; "" when there are not two latencies to show
  std::string sensitivity_line() const;  // the changes that this burst could see
  std::string notes() const;
  std::string why() const;  // folded: below every row that did not pass
  std::string run_numbers() const;
  std::string endpoint_table() const;
  std::string environment() const;
  std::string next_steps() const;
  std::string exit_line() const;

 private:
  using Labels = std::map<std::string, std::string>;

  std::string row_name(const verdict::Check& check) const;  // as it stands, not escaped
  std::string picture_name(const verdict::Check& check) const;
  const measure::EndpointResult* measured(const verdict::Check& check) const;
  std::string table_row(const verdict::Check& check) const;

  const Report& report_;
  MarkdownRoom room_;
  Labels labels_;
  std::vector<const verdict::Check*> checks_;
  std::map<std::string, const measure::EndpointResult*> endpoints_;
};

}  // namespace burstgate::report
