#include "support/http2_frames.hpp"

namespace burstgate::test {

std::string big_endian(std::uint32_t number, std::size_t bytes) {
  std::string text;
  for (std::size_t i = bytes; i-- > 0;) text += static_cast<char>(number >> (8 * i) & 0xff);
  return text;
}

std::string http2_frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream, std::string_view payload) {
  return big_endian(static_cast<std::uint32_t>(payload.size()), 3) + static_cast<char>(type) +
         static_cast<char>(flags) + big_endian(stream, 4) + std::string(payload);
}

namespace {

// A length of 7 bits, and more where they do not suffice (RFC 7541, section 5.1).
std::string hpack_length(std::size_t length) {
  constexpr std::size_t most = 127;
  if (length < most) return std::string(1, static_cast<char>(length));
  std::string text(1, static_cast<char>(most));
  for (length -= most; length >= 128; length /= 128) text += static_cast<char>(length % 128 + 128);
  return text + static_cast<char>(length);
}

}  // namespace

std::string http2_fields(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string block;
  for (const auto& [name, value] : fields) {
    block += '\0';
    block += hpack_length(name.size()) + name + hpack_length(value.size()) + value;
  }
  return block;
}

std::string http2_answer(std::uint32_t stream, int status, std::string_view body) {
  return http2_frame(frame::headers, frame::end_headers, stream, http2_fields({{":status", std::to_string(status)}})) +
         http2_frame(frame::data, frame::end_stream, stream, body);
}

}  // namespace burstgate::test
