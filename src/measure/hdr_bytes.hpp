// The outer parts of HdrHistogram's V2 compressed form: base64, zlib, headers. histogram_codec.cpp describes the form.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace burstgate::measure {

inline constexpr std::uint32_t hdr_outer_cookie = 0x1c849304 | 0x10;
inline constexpr std::uint32_t hdr_inner_cookie = 0x1c849303 | 0x10;

// Throws std::invalid_argument with the reason.
[[noreturn]] void refuse_hdr(const std::string& reason);

// base64 -> the decompressed inner part. Neither the input nor the result may be larger than these, whatever lengths
// the input announces.
std::string hdr_inner(std::string_view base64, std::size_t largest_outer, std::size_t largest_inner);

struct HdrHeader {
  std::uint32_t normalizing_offset = 0;
  std::uint32_t significant_digits = 0;
  std::uint64_t lowest = 0, highest = 0;
  double conversion_ratio = 0;
};
// Takes the header from the front of the inner part; what is left is the whole payload.
HdrHeader take_hdr_header(std::string_view& inner);

}  // namespace burstgate::measure
