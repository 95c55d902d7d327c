// `feeders:`: files of rows, and how their rows are handed out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/fields.hpp"
#include "config/plan.hpp"
#include "config/template_text.hpp"

namespace burstgate::config {

struct FeederDraft {
  Feeder feeder;
  Place place;
};

std::vector<FeederDraft> read_feeders(const Value& value, const Reading& reading);

// Feeders that end: not beside a paired comparison, which goes on as long as it needs, and with a row for every user
// where each keeps one.
void check_feeders(const Plan& plan, Mistakes& mistakes);

// A table of texts, and what is wrong with it: "line 3: 2 values for 3 columns".
struct Table {
  std::vector<std::string> columns;
  Rows rows;
  std::string trouble;
};

// RFC 4180 with a line of names at the top; LF, CRLF, and a byte order mark are fine.
Table parse_csv(std::string_view text);
// A list of mappings with the same keys. Values that are no text stand as JSON. Error as parse_json().
Table parse_json_rows(std::string_view text, const std::string& path);

inline constexpr std::size_t max_feeder_bytes = 64u << 20;

}  // namespace burstgate::config
