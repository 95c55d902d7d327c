// HdrHistogram's V2 compressed encoding, as its Java, C, Go, JavaScript and Python libraries read and write it
// (encodeIntoCompressedByteBuffer in org.HdrHistogram.AbstractHistogram). All numbers are big-endian:
//
//   outer   int32 cookie 0x1c849304 | 0x10   int32 length   zlib stream of the inner part
//   inner   int32 cookie 0x1c849303 | 0x10   int32 payload length   int32 normalizing index offset
//           int32 significant digits   int64 lowest   int64 highest   double integer-to-double ratio
//           payload: ZigZag LEB128 numbers; n >= 0 is the next bucket's count, n < 0 stands for -n empty buckets
#include <fmt/format.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <bit>
#include <stdexcept>
#include <string_view>

#include "base/assert.hpp"
#include "base/encodings.hpp"
#include "measure/result_json.hpp"
#include "measure/zigzag.hpp"

namespace burstgate::measure {

namespace {

constexpr std::uint32_t outer_cookie = 0x1c849304 | 0x10;
constexpr std::uint32_t inner_cookie = 0x1c849303 | 0x10;
constexpr std::size_t outer_header = 8;
constexpr std::size_t inner_header = 40;
constexpr double conversion_ratio = 1.0;

std::size_t largest_inner() {
  return inner_header + Histogram::bucket_count() * zigzag_max_bytes;
}
std::size_t largest_outer() {
  return outer_header + compressBound(static_cast<uLong>(largest_inner()));
}

[[noreturn]] void refuse(const std::string& reason) {
  throw std::invalid_argument(reason);
}

template <typename Number>
void put_number(std::string& out, Number number) {
  for (int shift = 8 * static_cast<int>(sizeof number) - 8; shift >= 0; shift -= 8) {
    out += static_cast<char>(number >> shift & 0xff);
  }
}

template <typename Number>
Number take_number(std::string_view& in) {
  if (in.size() < sizeof(Number)) refuse("truncated in its header");
  Number number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8 | static_cast<unsigned char>(in[i]);
  in.remove_prefix(sizeof number);
  return number;
}

std::string payload_of(const Histogram& histogram) {
  std::string payload;
  std::size_t end = Histogram::bucket_count();
  while (end > 1 && histogram.count_in(end - 1) == 0) --end;
  for (std::size_t i = 0; i < end;) {
    const auto count = static_cast<std::int64_t>(histogram.count_in(i++));
    std::int64_t zeros = count == 0 ? 1 : 0;
    while (zeros > 0 && i < end && histogram.count_in(i) == 0) ++zeros, ++i;
    put_zigzag(payload, zeros > 1 ? -zeros : count);
  }
  return payload;
}

std::vector<std::uint64_t> counts_of(std::string_view payload) {
  std::vector<std::uint64_t> counts;
  std::uint64_t sum = 0;
  while (!payload.empty()) {
    const std::optional<std::int64_t> number = take_zigzag(payload);
    if (!number) refuse("truncated inside a count");
    const std::size_t room = Histogram::bucket_count() - counts.size();
    const std::uint64_t buckets = *number < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(*number) : 1;
    if (buckets > room) refuse(fmt::format("too large: more than {} buckets", Histogram::bucket_count()));
    const std::uint64_t count = *number < 0 ? 0 : static_cast<std::uint64_t>(*number);
    if (count > largest_histogram_count - sum)
      refuse(fmt::format("too large: more than {} samples", largest_histogram_count));
    sum += count;
    counts.resize(counts.size() + buckets, count);
  }
  return counts;
}

std::string encode_inner(const Histogram& histogram) {
  const std::string payload = payload_of(histogram);
  std::string inner;
  put_number(inner, inner_cookie);
  put_number(inner, static_cast<std::uint32_t>(payload.size()));
  put_number(inner, std::uint32_t{0});
  put_number(inner, static_cast<std::uint32_t>(Histogram::significant_digits));
  put_number(inner, static_cast<std::uint64_t>(Histogram::lowest_us));
  put_number(inner, static_cast<std::uint64_t>(Histogram::highest_us));
  put_number(inner, std::bit_cast<std::uint64_t>(conversion_ratio));
  return inner + payload;
}

std::vector<std::uint64_t> decode_inner(std::string_view inner) {
  const auto cookie = take_number<std::uint32_t>(inner);
  if (cookie != inner_cookie) refuse(fmt::format("wrong inner cookie 0x{:x}, expected 0x{:x}", cookie, inner_cookie));
  const auto length = take_number<std::uint32_t>(inner);
  const auto offset = take_number<std::uint32_t>(inner);
  const auto digits = take_number<std::uint32_t>(inner);
  const auto lowest = take_number<std::uint64_t>(inner);
  const auto highest = take_number<std::uint64_t>(inner);
  const auto ratio = take_number<std::uint64_t>(inner);
  if (offset != 0 || digits != Histogram::significant_digits || lowest != Histogram::lowest_us ||
      highest != Histogram::highest_us || ratio != std::bit_cast<std::uint64_t>(conversion_ratio)) {
    refuse(fmt::format("other layout: {} digits from {} to {}, offset {}; expected {} digits from {} to {}", digits,
                       lowest, highest, offset, Histogram::significant_digits, Histogram::lowest_us,
                       Histogram::highest_us));
  }
  if (length != inner.size()) refuse(fmt::format("truncated: {} of {} payload bytes", inner.size(), length));
  std::vector<std::uint64_t> counts = counts_of(inner);
  // burstgate counts 0 as 1 us, so only another program can have filled this bucket.
  if (!counts.empty() && counts[0] > 0) refuse("other layout: it has samples of 0 us, the smallest is 1 us");
  return counts;
}

std::string deflated(const std::string& plain) {
  uLongf size = compressBound(static_cast<uLong>(plain.size()));
  std::string packed(size, '\0');
  const int result =
      compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(plain.data()),
                static_cast<uLong>(plain.size()), Z_BEST_COMPRESSION);
  BURSTGATE_ASSERT(result == Z_OK);
  packed.resize(size);
  return packed;
}

// Into a buffer as large as the largest histogram, whatever lengths the input announces.
std::string inflated(std::string_view packed) {
  std::string plain(largest_inner(), '\0');
  auto plain_size = static_cast<uLongf>(plain.size());
  auto packed_size = static_cast<uLong>(packed.size());
  const int result = uncompress2(reinterpret_cast<Bytef*>(plain.data()), &plain_size,
                                 reinterpret_cast<const Bytef*>(packed.data()), &packed_size);
  if (result == Z_BUF_ERROR && plain_size == plain.size()) refuse("too large when decompressed");
  if (result != Z_OK) refuse(result == Z_BUF_ERROR ? "truncated zlib stream" : "damaged zlib stream");
  if (packed_size != packed.size()) refuse("bytes after the zlib stream");
  plain.resize(plain_size);
  return plain;
}

std::string from_base64(std::string_view text) {
  if (text.size() > (largest_outer() + 2) / 3 * 4) refuse(fmt::format("too large: {} base64 characters", text.size()));
  const std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t end = std::min(text.size(), text.find_last_not_of('=') + 1);
  const std::size_t padding = text.size() - end;
  // OpenSSL alone would skip blanks and not tell how much padding there was.
  if (text.empty() || text.size() % 4 != 0 || padding > 2 ||
      text.substr(0, end).find_first_not_of(alphabet) != text.npos) {
    refuse("not base64");
  }
  std::string bytes(text.size() / 4 * 3, '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (length < 0) refuse("not base64");
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

}  // namespace

std::string encode_histogram(const Histogram& histogram) {
  const std::string packed = deflated(encode_inner(histogram));
  std::string outer;
  put_number(outer, outer_cookie);
  put_number(outer, static_cast<std::uint32_t>(packed.size()));
  return base64(outer + packed);
}

std::vector<std::uint64_t> decode_histogram_counts(const std::string& base64) {
  const std::string bytes = from_base64(base64);
  std::string_view outer = bytes;
  const auto cookie = take_number<std::uint32_t>(outer);
  if (cookie != outer_cookie) refuse(fmt::format("wrong cookie 0x{:x}, expected 0x{:x}", cookie, outer_cookie));
  const auto length = take_number<std::uint32_t>(outer);
  if (length != outer.size()) refuse(fmt::format("truncated: {} of {} compressed bytes", outer.size(), length));
  return decode_inner(inflated(outer));
}

Histogram decode_histogram(const std::string& base64) {
  return Histogram::from_counts(decode_histogram_counts(base64), 0, std::nullopt, std::nullopt);
}

}  // namespace burstgate::measure
