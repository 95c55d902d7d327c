// An HTTP/1.x response, from bytes: strict framing, nothing kept but what load needs. No sockets, no clock.
// The framing decisions are those of cases 1-34 of docs/reliability.md; each is a file in tests/cases/http1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/chunk_decoder.hpp"
#include "protocol/head_cache.hpp"
#include "protocol/response.hpp"
#include "protocol/response_head.hpp"

namespace burstgate::protocol {

// Reads one response after another from the same connection. A few hundred bytes; the normal case (the whole head in
// one feed(), the body not kept) allocates nothing and copies nothing.
class ResponseReader {
 public:
  // `cache`: heads read before, shared with other readers of the same limits and thread; may be absent.
  explicit ResponseReader(const ResponseLimits& limits, HeadCache* cache = nullptr);

  // Prepares for the next response. `to_head`: the request was HEAD, so the answer has no body.
  // `keep_body`: body() holds the body afterwards (for body checks); otherwise it is only counted.
  void start(bool to_head, bool keep_body = false);
  // From the next start() on.
  void keep_fields(FieldsWanted wanted) { fields_wanted_ = wanted; }

  // Takes bytes from the connection. Returns how many were used: fewer than given only when the response is complete
  // (the rest was not asked for, and Anomaly::extra_bytes is noted) or broken. Bytes of an incomplete head are kept
  // inside. A head is judged when its last byte is there; only its first bytes, for a peer that does not speak HTTP,
  // and its status line are judged earlier. The result does not depend on how the bytes are cut.
  std::size_t feed(const char* data, std::size_t size);
  // The peer closed its side.
  void feed_eof();

  bool complete() const { return state_ == State::complete; }
  bool failed() const { return state_ == State::failed; }
  bool started() const { return received_ > 0; }  // at least one byte of this response was seen
  ResponseError error() const { return error_; }
  const std::string& error_text() const { return error_text_; }  // "received 5 of 100 body bytes"; already made visible
  int status() const { return status_; }  // of the final response, 0 to 999; 0 before the head is complete
  bool keep_alive() const;                // complete, and the connection may carry another request
  std::uint64_t body_bytes() const { return body_bytes_; }      // on the wire, without chunk framing
  std::string_view body() const { return body_; }               // with keep_body
  const std::vector<Field>& fields() const { return fields_; }  // of the final response, as wanted
  std::uint32_t anomalies() const { return anomalies_; }        // bit set over Anomaly: 1 << value
  void note(Anomaly anomaly) { anomalies_ |= bit(anomaly); }

 private:
  enum class State : std::uint8_t { head, body_of_length, body_until_eof, chunked_body, complete, failed };

  std::size_t feed_head(const char* data, std::size_t size);
  std::size_t feed_head_slowly(const char* data, std::size_t size);
  std::size_t feed_body(const char* data, std::size_t size);
  std::size_t feed_chunks(const char* data, std::size_t size);
  void await_more_of_head(std::string_view head, std::string_view piece);
  void accept(const ResponseHead& head, std::string_view bytes);
  void accept_interim(const ResponseHead& head);
  void start_body(const ResponseHead& head);
  void add_body(std::string_view piece);
  void forget_kept_head();
  void fail(ResponseFault fault);

  ResponseLimits limits_;
  HeadCache* cache_;
  State state_ = State::head;
  ResponseError error_ = ResponseError::none;
  bool to_head_ = false;
  bool keep_body_ = false;
  bool persistent_ = false;           // as the head says
  bool status_line_checked_ = false;  // of the head in kept_head_
  int status_ = 0;
  int interim_responses_ = 0;
  std::uint32_t anomalies_ = 0;
  std::uint64_t received_ = 0;     // bytes used since start()
  std::uint64_t body_bytes_ = 0;   // received so far
  std::uint64_t body_length_ = 0;  // announced, in State::body_of_length
  std::size_t head_searched_ = 0;  // bytes of kept_head_ without the head's end
  std::string kept_head_;          // an incomplete head; empty and without storage otherwise
  std::string body_;
  FieldsWanted fields_wanted_ = FieldsWanted::none;
  std::vector<Field> fields_;
  std::string error_text_;
  ChunkDecoder chunks_;
};

}  // namespace burstgate::protocol
