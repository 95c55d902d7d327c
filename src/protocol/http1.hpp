// An HTTP/1.x response, from bytes: strict framing, nothing kept but what load needs. No sockets, no clock.
// The framing decisions are those of cases 1-35 of docs/reliability.md; each is a file in tests/cases/http1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
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
  bare_lf,                     // line ends without CR in the head
  length_and_chunked,          // Content-Length and Transfer-Encoding together: framed by the latter, not reused
  leading_crlf,                // one empty line before the status line
  extra_bytes,                 // bytes after the complete response: connection not reused
  unsolicited,                 // bytes on an idle connection: connection not reused
};
inline constexpr std::size_t anomaly_count = 5;
std::string_view name(Anomaly anomaly);

enum class ResponseError : std::uint8_t {
  none,
  closed_before_response,  // end of stream before the first byte
  truncated_head,          // end of stream inside the head
  truncated_body,          // end of stream inside a body with a known end
  not_http,                // malformed status line, header, framing
  peer_speaks_tls,
  too_large,               // head, body or field limits
};

// Reads one response after another from the same connection.
class ResponseReader {
 public:
  explicit ResponseReader(const ResponseLimits& limits);
  ~ResponseReader();
  ResponseReader(ResponseReader&&) noexcept;

  // Prepares for the next response. `to_head`: the request was HEAD, so the answer has no body.
  // `keep_body`: body() holds the body afterwards (for body checks); otherwise it is only counted.
  void start(bool to_head, bool keep_body = false);

  // Takes bytes from the connection. Returns how many were used: fewer than given only when the response is complete
  // (the rest was not asked for) or broken. Bytes of an incomplete head are kept inside.
  std::size_t feed(const char* data, std::size_t size);
  // The peer closed its side.
  void feed_eof();

  bool complete() const;
  bool failed() const;
  bool started() const;           // at least one byte of this response was seen
  ResponseError error() const;
  const std::string& error_text() const;  // "received 5 of 100 body bytes"; already made visible
  int status() const;             // of the final response; 0 before the head is complete
  bool keep_alive() const;        // whether the connection may carry another request
  std::uint64_t body_bytes() const;  // on the wire, without chunk framing
  std::string_view body() const;  // with keep_body
  std::uint32_t anomalies() const;   // bit set over Anomaly
  void note(Anomaly anomaly);

 private:
  struct Parser;
  // (implementation fills in; keep one heap object per connection, reused for every response)
  std::unique_ptr<Parser> parser_;
};

}  // namespace burstgate::protocol
