// ZigZag LEB128 as HdrHistogram uses it (org.HdrHistogram.ZigZagEncoding, "LEB128-64b9B"): the sign moves to the lowest
// bit, then seven bits per byte, least significant first; a ninth byte carries eight bits, so 64 bits fit into nine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace burstgate::measure {

inline constexpr std::size_t zigzag_max_bytes = 9;

inline void put_zigzag(std::string& out, std::int64_t number) {
  auto bits = static_cast<std::uint64_t>(number) << 1 ^ static_cast<std::uint64_t>(number >> 63);
  for (std::size_t i = 1; i < zigzag_max_bytes && bits >= 0x80; ++i, bits >>= 7) {
    out += static_cast<char>((bits & 0x7f) | 0x80);
  }
  out += static_cast<char>(bits);
}

// Takes one number from the front; nothing when the text ends inside it.
inline std::optional<std::int64_t> take_zigzag(std::string_view& in) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < zigzag_max_bytes && i < in.size(); ++i) {
    const auto byte = static_cast<unsigned char>(in[i]);
    const bool ninth = i + 1 == zigzag_max_bytes;
    bits |= static_cast<std::uint64_t>(ninth ? byte : byte & 0x7f) << (7 * i);
    if (!ninth && (byte & 0x80) != 0) continue;
    in.remove_prefix(i + 1);
    return static_cast<std::int64_t>(bits >> 1 ^ (std::uint64_t{0} - (bits & 1)));
  }
  return std::nullopt;
}

}  // namespace burstgate::measure
