// HTTP/2 frames for tests, written byte by byte and not by the library under test.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace burstgate::test {

namespace frame {
inline constexpr std::uint8_t data = 0, headers = 1, priority = 2, rst_stream = 3, settings = 4, push_promise = 5,
                              ping = 6, goaway = 7, window_update = 8, continuation = 9;
inline constexpr std::uint8_t end_stream = 0x1, ack = 0x1, end_headers = 0x4, padded = 0x8;
}  // namespace frame

std::string big_endian(std::uint32_t number, std::size_t bytes);

std::string http2_frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream, std::string_view payload);

// Fields as literals that are not indexed (RFC 7541, section 6.2.2), without Huffman coding.
std::string http2_fields(const std::vector<std::pair<std::string, std::string>>& fields);

// A whole answer on a stream.
std::string http2_answer(std::uint32_t stream, int status, std::string_view body);

}  // namespace burstgate::test
