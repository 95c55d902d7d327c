// The chunked transfer coding (RFC 9112 section 7.1), byte by byte, without a buffer.
//
// Beast's own chunk parser wants each chunk line and all trailers in one contiguous buffer, and knows no cap on them;
// ten thousand connections are better served by a state machine that keeps nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "protocol/response.hpp"

namespace burstgate::protocol {

class ChunkDecoder {
 public:
  struct Step {
    std::size_t used = 0;
    std::string_view data;  // body bytes among those used
  };

  void start(const ResponseLimits& limits);

  // Takes framing up to the next body byte, and then a run of body bytes. Call it until everything is used, or until
  // done() or failed().
  Step take(const char* bytes, std::size_t size);

  bool done() const { return state_ == State::done; }
  bool failed() const { return error_ != ResponseError::none; }
  ResponseError error() const { return error_; }
  ResponseFault fault() const;  // when failed()

 private:
  enum class State : std::uint8_t {
    size_first,
    size,
    size_blank,
    extension,
    quoted,
    escaped,
    line_lf,
    data,
    data_cr,
    data_lf,
    trailer_first,
    trailer_name,
    trailer_value,
    trailer_lf,
    end_lf,
    done,
  };
  enum class Cause : std::uint8_t {
    bad_size,
    size_overflow,
    bad_line_end,
    bad_extension,
    no_data_end,
    bad_trailer,
    body_limit,
    extension_limit,
    overhead_limit,
    trailer_limit,
  };

  void take_framing(unsigned char byte);
  void take_size(unsigned char byte);
  void take_extension(unsigned char byte);
  void take_trailer(unsigned char byte);
  void expect(unsigned char byte, unsigned char wanted, State next, Cause otherwise);
  void end_of_line();
  void fail(Cause cause);

  std::uint64_t remaining_ = 0;   // of the current chunk
  std::uint64_t body_bytes_ = 0;  // of all chunk headers so far
  std::uint64_t overhead_bytes_ = 0;
  std::uint64_t body_limit_ = 0;
  std::uint32_t extension_limit_ = 0;
  std::uint32_t trailer_limit_ = 0;
  std::uint32_t extension_bytes_ = 0;
  std::uint32_t trailer_bytes_ = 0;
  State state_ = State::done;
  Cause cause_ = Cause::bad_size;
  ResponseError error_ = ResponseError::none;
  std::uint8_t size_digits_ = 0;
  unsigned char bad_byte_ = 0;
};

}  // namespace burstgate::protocol
