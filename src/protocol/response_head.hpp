// The head of one HTTP/1.x response: status line and fields, read by Boost.Beast's basic_parser.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "protocol/field.hpp"
#include "protocol/response.hpp"

namespace burstgate::protocol {

// What load needs to know of a head.
struct ResponseHead {
  std::size_t size = 0;     // bytes on the wire, the empty line included
  int status = 0;           // three digits, not necessarily 100 to 599
  bool persistent = false;  // by version and Connection fields alone
  bool chunked = false;
  bool sets_cookie = false;
  std::optional<std::uint64_t> content_length;
  std::uint32_t anomalies = 0;
};

// The fast road: the head at the start of `bytes` when it is complete there and beyond any doubt. Nothing otherwise;
// then look for its end and ask parse_head().
bool parse_plain_head(std::string_view bytes, const ResponseLimits& limits, ResponseHead& head);

// The thorough road, for exactly one complete head: what is merely odd is put in order and noted as an anomaly.
std::optional<ResponseFault> parse_head(std::string_view head, const ResponseLimits& limits, ResponseHead& parsed);

// The fields of a complete head that one of the two above has accepted; folded lines are joined by a blank. Keeps what
// is in `fields` already.
void collect_fields(std::string_view head, FieldsWanted wanted, std::vector<Field>& fields);

// The size of the head at the start of `bytes` including its empty line, or 0 when its end is not there yet.
// `searched`: that many bytes were seen before; updated. Judge the opening first: a second empty line before the status
// line would be taken for the end.
std::size_t find_head_end(std::string_view bytes, std::size_t& searched);

// Judges the first bytes of a head that is incomplete: does the peer speak TLS, or something else? `at_eof`: there will
// be no more.
std::optional<ResponseFault> judge_opening(std::string_view bytes, bool at_eof);

// Judges the status line of an incomplete head; nothing when it is not complete either. `judged` is set when it was.
std::optional<ResponseFault> judge_status_line(std::string_view bytes, bool& judged);

}  // namespace burstgate::protocol
