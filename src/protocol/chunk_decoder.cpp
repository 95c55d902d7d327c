// Strict where leniency has been a smuggling hole: every line ends with CRLF (RFC errata 7633), a size is one to
// sixteen hexadecimal digits, both bytes after the data are looked at. Blanks are tolerated between size and line end
// only.
#include "protocol/chunk_decoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "protocol/characters.hpp"

namespace burstgate::protocol {

namespace {

constexpr int max_size_digits = 16;

// picohttpparser's rule against chunks that cost more than they carry: once the framing exceeds 100 KiB, the body has
// to be at least a quarter of it.
constexpr std::uint64_t overhead_allowance_bytes = 100u << 10;
constexpr std::uint64_t overhead_ratio = 4;

int hex_value(unsigned char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  const unsigned char lower = byte | 0x20;
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

void ChunkDecoder::start(const ResponseLimits& limits) {
  *this = ChunkDecoder{};
  body_limit_ = limits.body_bytes;
  extension_limit_ = limits.chunk_extension_bytes;
  trailer_limit_ = limits.trailer_bytes;
  state_ = State::size_first;
}

ChunkDecoder::Step ChunkDecoder::take(const char* bytes, std::size_t size) {
  std::size_t used = 0;
  while (used < size && state_ != State::data && !done() && !failed()) {
    take_framing(static_cast<unsigned char>(bytes[used++]));
  }
  if (state_ != State::data) return {used, {}};
  const std::size_t run = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, size - used));
  remaining_ -= run;
  if (remaining_ == 0) state_ = State::data_cr;
  return {used + run, {bytes + used, run}};
}

void ChunkDecoder::take_framing(unsigned char byte) {
  ++overhead_bytes_;
  bad_byte_ = byte;
  switch (state_) {
    case State::size_first:
    case State::size:
    case State::size_blank:
      return take_size(byte);
    case State::extension:
    case State::quoted:
    case State::escaped:
      return take_extension(byte);
    case State::line_lf:
      if (byte != '\n') return fail(Cause::bad_line_end);
      return end_of_line();
    case State::data_cr:
      return expect(byte, '\r', State::data_lf, Cause::no_data_end);
    case State::data_lf:
      return expect(byte, '\n', State::size_first, Cause::no_data_end);
    case State::end_lf:
      return expect(byte, '\n', State::done, Cause::bad_line_end);
    case State::trailer_first:
    case State::trailer_name:
    case State::trailer_value:
    case State::trailer_lf:
      return take_trailer(byte);
    case State::data:
    case State::done:
      return;
  }
}

void ChunkDecoder::take_size(unsigned char byte) {
  const int digit = hex_value(byte);
  if (digit >= 0 && state_ != State::size_blank) {
    if (state_ == State::size_first) remaining_ = 0, size_digits_ = 0;
    if (++size_digits_ > max_size_digits) return fail(Cause::size_overflow);
    remaining_ = remaining_ << 4 | static_cast<std::uint64_t>(digit);
    state_ = State::size;
    return;
  }
  if (state_ == State::size_first) return fail(Cause::bad_size);
  if (byte == '\r') {
    state_ = State::line_lf;
  } else if (is_blank(byte)) {
    state_ = State::size_blank;
    if (++extension_bytes_ > extension_limit_) fail(Cause::extension_limit);
  } else if (byte == ';' && state_ == State::size) {
    state_ = State::extension;
    if (++extension_bytes_ > extension_limit_) fail(Cause::extension_limit);
  } else {
    fail(byte == '\n' ? Cause::bad_line_end : Cause::bad_size);
  }
}

// Extensions are not understood, only skipped; but a quoted string has to end on its line.
void ChunkDecoder::take_extension(unsigned char byte) {
  if (byte == '\r' && state_ == State::extension) {
    state_ = State::line_lf;
    return;
  }
  if (byte == '\n') return fail(Cause::bad_line_end);
  if (is_control(byte)) return fail(Cause::bad_extension);
  if (++extension_bytes_ > extension_limit_) return fail(Cause::extension_limit);
  if (state_ == State::escaped) {
    state_ = State::quoted;
  } else if (byte == '"') {
    state_ = state_ == State::quoted ? State::extension : State::quoted;
  } else if (byte == '\\' && state_ == State::quoted) {
    state_ = State::escaped;
  }
}

void ChunkDecoder::end_of_line() {
  if (remaining_ > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return fail(Cause::size_overflow);
  }
  if (remaining_ > body_limit_ - body_bytes_) return fail(Cause::body_limit);
  body_bytes_ += remaining_;
  if (overhead_bytes_ > overhead_allowance_bytes && body_bytes_ < overhead_bytes_ / overhead_ratio) {
    return fail(Cause::overhead_limit);
  }
  state_ = remaining_ == 0 ? State::trailer_first : State::data;
}

// Trailer fields are checked for form and thrown away.
void ChunkDecoder::take_trailer(unsigned char byte) {
  if (state_ == State::trailer_first && byte == '\r') {
    state_ = State::end_lf;
    return;
  }
  if (++trailer_bytes_ > trailer_limit_) return fail(Cause::trailer_limit);
  if (state_ == State::trailer_lf) {
    expect(byte, '\n', State::trailer_first, Cause::bad_line_end);
  } else if (state_ == State::trailer_value) {
    if (byte == '\r') {
      state_ = State::trailer_lf;
    } else if (is_control(byte)) {
      fail(byte == '\n' ? Cause::bad_line_end : Cause::bad_trailer);
    }
  } else if (byte == ':' && state_ == State::trailer_name) {
    state_ = State::trailer_value;
  } else if (is_token(byte)) {
    state_ = State::trailer_name;
  } else {
    fail(byte == '\n' ? Cause::bad_line_end : Cause::bad_trailer);
  }
}

void ChunkDecoder::expect(unsigned char byte, unsigned char wanted, State next, Cause otherwise) {
  if (byte != wanted) return fail(otherwise);
  state_ = next;
}

void ChunkDecoder::fail(Cause cause) {
  cause_ = cause;
  error_ = cause >= Cause::body_limit ? ResponseError::too_large : ResponseError::not_http;
}

ResponseFault ChunkDecoder::fault() const {
  const auto after = [&](std::string_view what) {
    return fmt::format("bad chunk: {}, byte 0x{:02x} after {} body bytes", what, bad_byte_, body_bytes_);
  };
  switch (cause_) {
    case Cause::bad_size:
      return {error_, after("no hexadecimal size")};
    case Cause::size_overflow:
      return {error_, fmt::format("bad chunk: size of 2^63 or more after {} body bytes", body_bytes_)};
    case Cause::bad_line_end:
      return {error_, after("line does not end with CRLF")};
    case Cause::bad_extension:
      return {error_, after("control character in an extension")};
    case Cause::no_data_end:
      return {error_, after("data not followed by CRLF")};
    case Cause::bad_trailer:
      return {error_, after("malformed trailer field")};
    case Cause::body_limit:
      return {error_, fmt::format("body of at least {} bytes is larger than {} bytes (limits.max_response_bytes)",
                                  body_bytes_ + remaining_, body_limit_)};
    case Cause::extension_limit:
      return {error_, fmt::format("chunk extensions larger than {} bytes", extension_limit_)};
    case Cause::overhead_limit:
      return {error_, fmt::format("{} bytes of chunk framing for {} body bytes", overhead_bytes_, body_bytes_)};
    case Cause::trailer_limit:
      return {error_, fmt::format("trailer fields larger than {} bytes", trailer_limit_)};
  }
  return {};
}

}  // namespace burstgate::protocol
