// Beast decides what is well-formed (head_parser.hpp). Where RFC 9112 and this project are laxer (bare LF, a missing
// reason phrase, one leading CRLF, Content-Length beside Transfer-Encoding), the head is put in order and read again.
#include "protocol/response_head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "protocol/characters.hpp"
#include "protocol/head_parser.hpp"

namespace burstgate::protocol {

namespace {

using boost::beast::iequals;

constexpr std::string_view crlf = "\r\n";
constexpr std::string_view protocol_name = "HTTP/";
constexpr std::size_t shown_opening_bytes = 16;
constexpr std::size_t shown_line_bytes = 64;
constexpr std::size_t status_line_without_reason_bytes = 12;  // "HTTP/1.1 200"

std::size_t leading_crlf_bytes(std::string_view head) {
  return head.substr(0, crlf.size()) == crlf ? crlf.size() : 0;
}

// The status line with the reason phrase's blank that Beast insists on; without line end.
std::string orderly_status_line(std::string_view line) {
  std::string orderly(line);
  if (line.size() == status_line_without_reason_bytes) orderly += ' ';
  return orderly;
}

// The line at `at` with its end cut off; `at` moves to the next line.
std::string_view next_line(std::string_view text, std::size_t& at, bool* bare_lf = nullptr) {
  const std::size_t lf = std::min(text.find('\n', at), text.size());
  std::string_view line = text.substr(at, lf - at);
  at = std::min(lf + 1, text.size());
  const bool has_cr = !line.empty() && line.back() == '\r';
  if (has_cr) line.remove_suffix(1);
  if (bare_lf != nullptr && !has_cr) *bare_lf = true;
  return line;
}

// The head as a strict server would have written it, line for line.
std::string orderly_head(std::string_view head, std::uint32_t& anomalies) {
  std::string orderly;
  orderly.reserve(head.size() + 64);
  std::size_t at = leading_crlf_bytes(head);
  if (at > 0) anomalies |= bit(Anomaly::leading_crlf);
  bool bare_lf = false;
  orderly += orderly_status_line(next_line(head, at, &bare_lf));
  orderly += crlf;
  while (at < head.size()) {
    orderly += next_line(head, at, &bare_lf);
    orderly += crlf;
  }
  if (bare_lf) anomalies |= bit(Anomaly::bare_lf);
  return orderly;
}

// Makes every field of that name an unknown one by changing its first letter, so that lines keep their places. False
// when there is none.
bool hide_fields(std::string& head, std::string_view name) {
  bool found = false;
  for (std::size_t at = 0; at < head.size();) {
    const std::size_t start = at;
    const std::string_view line = next_line(head, at);
    if (line.size() <= name.size() || line[name.size()] != ':' || !iequals(line.substr(0, name.size()), name)) continue;
    head[start] = 'x';
    found = true;
  }
  return found;
}

// The first byte of the field at `at` that has no business there; `at` when all are fine.
std::size_t bad_byte(std::string_view head, std::size_t at) {
  std::size_t i = at;
  while (i < head.size() && is_token(static_cast<unsigned char>(head[i]))) ++i;
  if (i == at || i == head.size() || head[i] != ':') return i;
  for (++i; i < head.size(); ++i) {
    const bool ends_line = head[i] == '\n' || (head[i] == '\r' && head.substr(i, 2) == crlf);
    if (ends_line) {
      if (head[i] == '\r') ++i;
      if (i + 1 >= head.size() || !is_blank(static_cast<unsigned char>(head[i + 1]))) return at;
    } else if (is_control(static_cast<unsigned char>(head[i]))) {
      return i;
    }
  }
  return at;
}

std::string shown(std::string_view text) {
  return visible(elided(text, shown_line_bytes));
}

ResponseFault status_line_fault(std::string_view line) {
  return {ResponseError::not_http, fmt::format("malformed status line '{}'", shown(line))};
}

// Names the field only: values may be secrets. Those of framing fields are none.
ResponseFault field_fault(std::string_view head, std::size_t at, const HeadParser& parser) {
  std::size_t next = at;
  const std::string_view line = next_line(head, next);
  const std::string_view name = line.substr(0, line.find(':'));
  const auto framing = [&](std::string_view what) {
    return ResponseFault{ResponseError::not_http,
                         fmt::format("{} at byte {} of the head: '{}'", what, at, shown(line))};
  };
  switch (parser.objection()) {
    case Objection::fields:
      break;
    case Objection::folded_framing:
      return framing("framing field folded over several lines");
    case Objection::transfer_encoding:
      return framing("transfer coding does not end with one 'chunked'");
    case Objection::old_transfer_encoding:
      return framing("Transfer-Encoding in an HTTP/1.0 response");
    case Objection::length_too_large:
      return framing("Content-Length of 2^63 or more");
    case Objection::none:
      if (parser.error() == http::error::bad_content_length) return framing("bad Content-Length");
      if (parser.error() == http::error::multiple_content_length) return framing("contradictory Content-Length");
      if (parser.error() == http::error::bad_transfer_encoding) return framing("bad Transfer-Encoding");
      if (parser.error() == http::error::header_limit) {
        return {ResponseError::too_large, "folded header field larger than 4096 bytes"};
      }
      break;
  }
  return {ResponseError::not_http,
          fmt::format("malformed header field '{}', byte {} of the head", shown(name), bad_byte(head, at))};
}

// `text` is what the parser saw: the head in order, line for line.
ResponseFault describe(std::string_view head, std::string_view text, const HeadParser& parser,
                       const ResponseLimits& limits) {
  if (parser.objection() == Objection::fields) {
    return {ResponseError::too_large, fmt::format("more than {} header fields", limits.fields)};
  }
  const auto lines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(parser.bad_line()), '\n');
  std::size_t at = leading_crlf_bytes(head);
  for (auto line = lines; line > 0; --line) next_line(head, at);
  if (lines == 0) return status_line_fault(next_line(head, at));
  return field_fault(head, at, parser);
}

// Both framing fields are there, and Beast refuses the pair: each has to be right on its own, then the coding counts.
std::optional<ResponseFault> parse_with_both_framings(std::string_view head, const std::string& orderly,
                                                      const ResponseLimits& limits, ResponseHead& parsed) {
  std::string only_length = orderly;
  std::string only_coding = orderly;
  hide_fields(only_length, "Transfer-Encoding");
  hide_fields(only_coding, "Content-Length");
  for (const std::string* text : {&only_length, &only_coding}) {
    HeadParser parser(*text, limits.fields);
    if (!parser.read()) return describe(head, *text, parser, limits);
    parsed = parser.head();
  }
  parsed.anomalies |= bit(Anomaly::length_and_chunked);
  return std::nullopt;
}

bool has_both_framings(std::string orderly) {
  return hide_fields(orderly, "Transfer-Encoding") && hide_fields(orderly, "Content-Length");
}

}  // namespace

bool parse_plain_head(std::string_view bytes, const ResponseLimits& limits, ResponseHead& head) {
  HeadParser parser(bytes, limits.fields);
  if (!parser.read()) return false;
  head = parser.head();
  return head.size <= limits.head_bytes;
}

std::optional<ResponseFault> parse_head(std::string_view head, const ResponseLimits& limits, ResponseHead& parsed) {
  if (parse_plain_head(head, limits, parsed)) return std::nullopt;
  std::uint32_t anomalies = 0;
  const std::string orderly = orderly_head(head, anomalies);
  HeadParser parser(orderly, limits.fields);
  std::optional<ResponseFault> fault;
  if (parser.read()) {
    parsed = parser.head();
  } else if (parser.objection() == Objection::none && has_both_framings(orderly) &&
             (parser.error() == http::error::bad_content_length ||
              parser.error() == http::error::bad_transfer_encoding)) {
    fault = parse_with_both_framings(head, orderly, limits, parsed);
  } else {
    fault = describe(head, orderly, parser, limits);
  }
  parsed.size = head.size();
  parsed.anomalies |= anomalies;
  return fault;
}

void collect_fields(std::string_view head, FieldsWanted wanted, std::vector<Field>& fields) {
  const auto trimmed = [](std::string_view text) {
    while (!text.empty() && is_blank(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
    while (!text.empty() && is_blank(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
    return text;
  };
  std::size_t at = leading_crlf_bytes(head);
  next_line(head, at);
  bool kept = false;  // the field of the line before
  while (at < head.size()) {
    const std::string_view line = next_line(head, at);
    if (line.empty()) break;
    if (is_blank(static_cast<unsigned char>(line.front()))) {
      if (kept) fields.back().value.append(" ").append(trimmed(line));
      continue;
    }
    const std::size_t colon = std::min(line.find(':'), line.size());
    kept = wanted == FieldsWanted::all || iequals(line.substr(0, colon), "Set-Cookie");
    if (kept) fields.push_back({std::string(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))});
  }
}

std::size_t find_head_end(std::string_view bytes, std::size_t& searched) {
  for (std::size_t at = searched; (at = bytes.find('\n', at)) != std::string_view::npos; ++at) {
    const std::string_view next = bytes.substr(at + 1, 2);
    if (next.substr(0, 1) == "\n") return at + 2;
    if (next == crlf) return at + 3;
  }
  // The last line end may be the one before the empty line.
  searched = bytes.size() < 2 ? 0 : bytes.size() - 2;
  return 0;
}

std::optional<ResponseFault> judge_opening(std::string_view bytes, bool at_eof) {
  constexpr char tls_alert = 0x15;
  constexpr char tls_handshake = 0x16;
  constexpr char tls_major_version = 0x03;
  if (bytes.size() >= 2 && (bytes[0] == tls_alert || bytes[0] == tls_handshake) && bytes[1] == tls_major_version) {
    return ResponseFault{ResponseError::peer_speaks_tls, "peer speaks TLS, not plain HTTP"};
  }
  const std::size_t start = leading_crlf_bytes(bytes);
  const std::string_view opening = bytes.substr(start, shown_opening_bytes);
  const std::size_t compared = std::min(opening.size(), protocol_name.size());
  if (opening.substr(0, compared) == protocol_name.substr(0, compared)) return std::nullopt;
  if (start == 0 && opening == "\r" && !at_eof) return std::nullopt;
  const std::size_t lf = opening.find('\n');
  if (lf == std::string_view::npos && opening.size() < shown_opening_bytes && !at_eof) return std::nullopt;
  const std::size_t wanted = lf == std::string_view::npos ? shown_opening_bytes : lf + 1;
  return ResponseFault{ResponseError::not_http, fmt::format("not an HTTP response: it starts with '{}'",
                                                            visible(bytes.substr(0, start + wanted)))};
}

std::optional<ResponseFault> judge_status_line(std::string_view bytes, bool& judged) {
  const std::size_t start = leading_crlf_bytes(bytes);
  if (bytes.find('\n', start) == std::string_view::npos) return std::nullopt;
  judged = true;
  std::size_t at = start;
  const std::string_view line = next_line(bytes, at);
  const std::string alone = orderly_status_line(line).append(crlf);
  HeadParser parser(alone, 0);
  parser.read();
  if (parser.bad_line() > 0) return std::nullopt;
  return status_line_fault(line);
}

}  // namespace burstgate::protocol
