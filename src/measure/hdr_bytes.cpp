#include "measure/hdr_bytes.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace burstgate::measure {

void refuse_hdr(const std::string& reason) {
  throw std::invalid_argument(reason);
}

namespace {

template <typename Number>
Number take_number(std::string_view& in) {
  if (in.size() < sizeof(Number)) refuse_hdr("truncated in its header");
  Number number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8 | static_cast<unsigned char>(in[i]);
  in.remove_prefix(sizeof number);
  return number;
}

// Into a buffer as large as the largest result, whatever lengths the input announces.
std::string inflated(std::string_view packed, std::size_t largest) {
  std::string plain(largest, '\0');
  auto plain_size = static_cast<uLongf>(plain.size());
  auto packed_size = static_cast<uLong>(packed.size());
  const int result = uncompress2(reinterpret_cast<Bytef*>(plain.data()), &plain_size,
                                 reinterpret_cast<const Bytef*>(packed.data()), &packed_size);
  if (result == Z_BUF_ERROR && plain_size == plain.size()) refuse_hdr("too large when decompressed");
  if (result != Z_OK) refuse_hdr(result == Z_BUF_ERROR ? "truncated zlib stream" : "damaged zlib stream");
  if (packed_size != packed.size()) refuse_hdr("bytes after the zlib stream");
  plain.resize(plain_size);
  return plain;
}

std::string from_base64(std::string_view text, std::size_t largest) {
  if (text.size() > (largest + 2) / 3 * 4) refuse_hdr(fmt::format("too large: {} base64 characters", text.size()));
  const std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t end = std::min(text.size(), text.find_last_not_of('=') + 1);
  const std::size_t padding = text.size() - end;
  // OpenSSL alone would skip blanks and not tell how much padding there was.
  if (text.empty() || text.size() % 4 != 0 || padding > 2 ||
      text.substr(0, end).find_first_not_of(alphabet) != text.npos) {
    refuse_hdr("not base64");
  }
  std::string bytes(text.size() / 4 * 3, '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (length < 0) refuse_hdr("not base64");
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

}  // namespace

std::string hdr_inner(std::string_view base64, std::size_t largest_outer, std::size_t largest_inner) {
  const std::string bytes = from_base64(base64, largest_outer);
  std::string_view outer = bytes;
  const auto cookie = take_number<std::uint32_t>(outer);
  if (cookie != hdr_outer_cookie) {
    refuse_hdr(fmt::format("wrong cookie 0x{:x}, expected 0x{:x}", cookie, hdr_outer_cookie));
  }
  const auto length = take_number<std::uint32_t>(outer);
  if (length != outer.size()) refuse_hdr(fmt::format("truncated: {} of {} compressed bytes", outer.size(), length));
  return inflated(outer, largest_inner);
}

HdrHeader take_hdr_header(std::string_view& inner) {
  const auto cookie = take_number<std::uint32_t>(inner);
  if (cookie != hdr_inner_cookie) {
    refuse_hdr(fmt::format("wrong inner cookie 0x{:x}, expected 0x{:x}", cookie, hdr_inner_cookie));
  }
  const auto length = take_number<std::uint32_t>(inner);
  HdrHeader header;
  header.normalizing_offset = take_number<std::uint32_t>(inner);
  header.significant_digits = take_number<std::uint32_t>(inner);
  header.lowest = take_number<std::uint64_t>(inner);
  header.highest = take_number<std::uint64_t>(inner);
  header.conversion_ratio = std::bit_cast<double>(take_number<std::uint64_t>(inner));
  if (length != inner.size()) refuse_hdr(fmt::format("truncated: {} of {} payload bytes", inner.size(), length));
  return header;
}

}  // namespace burstgate::measure
