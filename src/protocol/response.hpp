// The words for an HTTP/1.x response: its limits, its tolerated oddities, its faults.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace burstgate::protocol {

struct ResponseLimits {
  std::uint64_t head_bytes = 64u << 10;
  std::uint32_t fields = 256;
  std::uint64_t body_bytes = 64u << 20;
  std::uint32_t chunk_extension_bytes = 4096;  // per message
  std::uint32_t trailer_bytes = 4096;
  int interim_responses = 32;  // 1xx before the final one
};

// Oddities that are tolerated and counted.
enum class Anomaly : std::uint8_t {
  bare_lf,             // line ends without CR in the head
  length_and_chunked,  // Content-Length and Transfer-Encoding together: framed by the latter, not reused
  leading_crlf,        // one empty line before the status line
  extra_bytes,         // bytes after the complete response: connection not reused
  unsolicited,         // bytes on an idle connection: connection not reused
};
inline constexpr std::size_t anomaly_count = 5;
constexpr std::uint32_t bit(Anomaly anomaly) {
  return 1u << static_cast<unsigned>(anomaly);
}
std::string_view name(Anomaly anomaly);

enum class ResponseError : std::uint8_t {
  none,
  closed_before_response,  // end of stream before the first byte
  truncated_head,          // end of stream inside the head
  truncated_body,          // end of stream inside a body with a known end
  not_http,                // malformed status line, header, framing
  peer_speaks_tls,
  too_large,  // head, body or field limits
};

// Which fields of the final head are kept. Cookies: those of the name Set-Cookie.
enum class FieldsWanted : std::uint8_t { none, cookies, all };

struct ResponseFault {
  ResponseError error = ResponseError::none;
  std::string text;  // made visible
};

}  // namespace burstgate::protocol
