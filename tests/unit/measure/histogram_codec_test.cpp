#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <limits>
#include <random>
#include <stdexcept>

#include "measure/result_json.hpp"
#include "measure/zigzag.hpp"
#include "unit/measure/same_measurement.hpp"

namespace burstgate::measure {
namespace {

std::string base64(const std::string& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  text.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                                       reinterpret_cast<const unsigned char*>(bytes.data()),
                                                       static_cast<int>(bytes.size()))));
  return text;
}

std::string big_endian(std::uint64_t number, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(number >> (8 * i) & 0xff);
  return text;
}

std::string packed(const std::string& plain) {
  uLongf size = compressBound(static_cast<uLong>(plain.size()));
  std::string out(size, '\0');
  compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(plain.data()),
            static_cast<uLong>(plain.size()), 6);
  out.resize(size);
  return out;
}

// The documented format by hand; every part can be replaced.
struct Handmade {
  std::uint64_t outer_cookie = 0x1c849314, inner_cookie = 0x1c849313, offset = 0, digits = 3, lowest = 1;
  std::uint64_t highest = 3'600'000'000, ratio = 0x3ff0000000000000;
  std::string payload = std::string("\x01\x04\x03\x02", 4);  // -1: one zero; 2; -2: two zeros; 1
  std::int64_t payload_length_off = 0, outer_length_off = 0;
  std::string after_stream;

  std::string inner() const {
    return big_endian(inner_cookie, 4) +
           big_endian(payload.size() + static_cast<std::uint64_t>(payload_length_off), 4) + big_endian(offset, 4) +
           big_endian(digits, 4) + big_endian(lowest, 8) + big_endian(highest, 8) + big_endian(ratio, 8) + payload;
  }
  std::string text() const {
    const std::string stream = packed(inner()) + after_stream;
    return base64(big_endian(outer_cookie, 4) +
                  big_endian(stream.size() + static_cast<std::uint64_t>(outer_length_off), 4) + stream);
  }
};

std::string refusal(const std::string& text) {
  try {
    decode_histogram(text);
  } catch (const std::invalid_argument& reason) {
    return reason.what();
  }
  return "accepted";
}

Histogram random_histogram(std::mt19937_64& random, int samples) {
  Histogram h;
  for (int i = 0; i < samples; ++i) {
    const int bits = static_cast<int>(random() % 32);
    h.record(static_cast<std::int64_t>(random() % (std::uint64_t{1} << bits)),
             1 + random() % (std::uint64_t{1} << random() % 40));
  }
  return h;
}

TEST_CASE("zigzag LEB128: known bytes, and every length") {
  const struct {
    std::int64_t number;
    std::string bytes;
  } known[] = {{0, std::string(1, '\0')}, {-1, "\x01"},  {1, "\x02"},      {63, "\x7e"},
               {64, "\x80\x01"},          {-64, "\x7f"}, {-65, "\x81\x01"}};
  for (const auto& [number, bytes] : known) {
    std::string out;
    put_zigzag(out, number);
    CHECK(out == bytes);
  }
  std::vector<std::int64_t> numbers = {std::numeric_limits<std::int64_t>::max(),
                                       std::numeric_limits<std::int64_t>::min()};
  for (int bit = 0; bit < 63; ++bit) {
    for (const std::int64_t d : {-1, 0, 1}) {
      numbers.push_back((std::int64_t{1} << bit) + d);
      numbers.push_back(-(std::int64_t{1} << bit) + d);
    }
  }
  for (const std::int64_t number : numbers) {
    std::string out;
    put_zigzag(out, number);
    CHECK(out.size() <= zigzag_max_bytes);
    for (std::size_t cut = 0; cut < out.size(); ++cut) {
      std::string_view part = std::string_view(out).substr(0, cut);
      CHECK_FALSE(take_zigzag(part).has_value());
    }
    std::string_view in = out;
    CHECK(take_zigzag(in) == number);
    CHECK(in.empty());
  }
}

TEST_CASE("a histogram comes back from its encoding") {
  std::mt19937_64 random(11);
  for (int round = 0; round < 200; ++round) {
    const Histogram h = random_histogram(random, static_cast<int>(random() % 200));
    const Histogram again = decode_histogram(encode_histogram(h));
    CHECK(again.count() == h.count());
    for (std::size_t i = 0; i < Histogram::bucket_count(); ++i) {
      if (again.count_in(i) != h.count_in(i)) FAIL(i);
    }
  }
  CHECK(decode_histogram(encode_histogram(Histogram{})).empty());
  CHECK(encode_histogram(Histogram{}).substr(0, 8) == "HISTFAAA");  // as in every HdrHistogram log
}

TEST_CASE("the documented V2 bytes are understood") {
  const Histogram h = decode_histogram(Handmade{}.text());
  CHECK(h.count() == 3);
  CHECK(h.count_in(1) == 2);
  CHECK(h.count_in(4) == 1);
}

TEST_CASE("other histograms and damaged ones are refused with the reason") {
  const auto with = [](auto change) {
    Handmade handmade;
    change(handmade);
    return refusal(handmade.text());
  };
  CHECK(with([](Handmade&) {}) == "accepted");
  CHECK(with([](Handmade& h) { h.outer_cookie = 0x1c849304; }) == "wrong cookie 0x1c849304, expected 0x1c849314");
  CHECK(with([](Handmade& h) { h.outer_cookie = 0x1c849302; }) ==
        "wrong cookie 0x1c849302, expected 0x1c849314");  // V1
  CHECK(with([](Handmade& h) { h.inner_cookie = 0x1c849303; }).starts_with("wrong inner cookie"));
  CHECK(with([](Handmade& h) { h.digits = 2; }).starts_with("other layout: 2 digits from 1 to 3600000000"));
  CHECK(with([](Handmade& h) { h.lowest = 2; }).starts_with("other layout"));
  CHECK(with([](Handmade& h) { h.highest = 3'600'000'001; }).starts_with("other layout"));
  CHECK(with([](Handmade& h) { h.offset = 1; }).starts_with("other layout"));
  CHECK(with([](Handmade& h) { h.ratio = 0; }).starts_with("other layout"));
  CHECK(with([](Handmade& h) { h.payload = "\x02"; }) == "other layout: it has samples of 0 us, the smallest is 1 us");
  CHECK(with([](Handmade& h) { h.payload = "\x01\x80"; }) == "truncated inside a count");
  CHECK(with([](Handmade& h) { h.payload_length_off = 1; }) == "truncated: 4 of 5 payload bytes");
  CHECK(with([](Handmade& h) { h.payload_length_off = -1; }) == "truncated: 4 of 3 payload bytes");
  CHECK(with([](Handmade& h) { h.outer_length_off = 1; }).starts_with("truncated: "));
  CHECK(with([](Handmade& h) { h.outer_length_off = 0xffffff00; }).starts_with("truncated: "));
  CHECK(with([](Handmade& h) { h.after_stream = "x"; }) == "bytes after the zlib stream");
  CHECK(refusal("") == "not base64");
  CHECK(refusal("HISTF AA") == "not base64");
  CHECK(refusal("HIST=AAA") == "not base64");
  CHECK(refusal("HIST====") == "not base64");
  CHECK(refusal("HIS") == "not base64");
}

TEST_CASE("hostile lengths cost nothing") {
  const auto payload_of = [](std::int64_t number) {
    Handmade handmade;
    handmade.payload.clear();
    put_zigzag(handmade.payload, number);
    return refusal(handmade.text());
  };
  const auto buckets = static_cast<std::int64_t>(Histogram::bucket_count());
  CHECK(payload_of(-buckets) == "accepted");
  CHECK(payload_of(-buckets - 1) == "too large: more than 23552 buckets");
  CHECK(payload_of(std::numeric_limits<std::int64_t>::min()) == "too large: more than 23552 buckets");
  Handmade many;
  many.payload.assign(Histogram::bucket_count(), '\0');
  CHECK(refusal(many.text()) == "accepted");
  many.payload += '\0';
  CHECK(refusal(many.text()) == "too large: more than 23552 buckets");

  Handmade full;
  full.payload = std::string(1, '\0');
  put_zigzag(full.payload, static_cast<std::int64_t>(largest_histogram_count));
  CHECK(refusal(full.text()) == "accepted");
  put_zigzag(full.payload, 1);
  CHECK(refusal(full.text()) == "too large: more than 9007199254740992 samples");

  Handmade bomb;
  bomb.payload.assign(100u << 20, '\0');
  const std::string text = bomb.text();
  CHECK(text.size() < 200'000);
  CHECK(refusal(text) == "too large when decompressed");
  CHECK(refusal(std::string(1u << 20, 'A')) == "too large: 1048576 base64 characters");
}

TEST_CASE("truncated anywhere: refused") {
  std::mt19937_64 random(5);
  const std::string whole = encode_histogram(random_histogram(random, 60));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK(refusal(whole.substr(0, length)) != "accepted");
  }
  const std::string inner = Handmade{}.inner();
  for (std::size_t length = 0; length < inner.size(); ++length) {
    const std::string stream = packed(inner.substr(0, length));
    CHECK(refusal(base64(big_endian(0x1c849314, 4) + big_endian(stream.size(), 4) + stream)).starts_with("truncated"));
  }
}

TEST_CASE("changed bytes never crash the decoder") {
  std::mt19937_64 random(6);
  const std::string whole = encode_histogram(random_histogram(random, 60));
  const std::string inner = Handmade{}.inner();
  for (int round = 0; round < 5000; ++round) {
    std::string text = whole;
    text[random() % text.size()] = "AZaz09+/="[random() % 9];
    refusal(text);
    std::string other = inner;
    other[random() % other.size()] = static_cast<char>(random());
    const std::string stream = packed(other);
    refusal(base64(big_endian(0x1c849314, 4) + big_endian(stream.size(), 4) + stream));
  }
}

}  // namespace
}  // namespace burstgate::measure
