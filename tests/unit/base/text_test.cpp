#include "base/text.hpp"

#include <doctest/doctest.h>

namespace burstgate {
namespace {

TEST_CASE("visible() leaves printable text and writes out the rest") {
  using namespace std::string_view_literals;
  const struct {
    std::string_view text, shown;
  } cases[] = {
      {"", ""},
      {"GET /a?x=1", "GET /a?x=1"},
      {"Grüße, 世界 🚀", "Grüße, 世界 🚀"},
      {"a\nb\r\t\0"sv, "a\\x0ab\\x0d\\x09\\x00"},
      {"\x1b[31mred\x7f", "\\x1b[31mred\\x7f"},
      {"\xc2\x85", "\\u{85}"},  // a C1 control
      {"\xe2\x80\xae"
       "abc",
       "\\u{202e}abc"},  // right-to-left override
      {"a\xe2\x80\x8b"
       "b\xef\xbb\xbf",
       "a\\u{200b}b\\u{feff}"},  // zero width
      {"\xe2\x81\xa6", "\\u{2066}"},
      {"\xff\xfe", "\\xff\\xfe"},
      {"\xc3", "\\xc3"},  // cut off
      {"\xe2\x82", "\\xe2\\x82"},
      {"\xc0\xaf", "\\xc0\\xaf"},                    // overlong
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},           // a surrogate
      {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // above U+10FFFF
      {"\xf4\x8f\xbf\xbd", "\xf4\x8f\xbf\xbd"},
  };
  for (const auto& [text, shown] : cases) CHECK(visible(text) == shown);
}

TEST_CASE("visible() never lets a control byte through") {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string shown = visible(std::string{static_cast<char>(first), static_cast<char>(second)});
      for (const char c : shown) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) FAIL(first << " " << second);
      }
    }
  }
}

TEST_CASE("elided() cuts at characters") {
  CHECK(elided("12345678", 8) == "12345678");
  CHECK(elided("123456789", 8) == "12345...");
  CHECK(elided("1234üüüü", 9) == "1234ü...");
  CHECK(elided("1234üüüü", 8) == "1234...");
  CHECK(elided("abcdef", 3) == "...");
  CHECK(elided("abcdef", 0) == "...");
}

TEST_CASE("the word that was meant") {
  const std::vector<std::string> known = {"latency_p95", "latency_p99", "throughput", "error_rate", "users"};
  CHECK(nearest_word("latncy_p95", known) == "latency_p95");
  CHECK(nearest_word("latency_p59", known) == "latency_p95");  // a transposition counts once
  CHECK(nearest_word("troughput", known) == "throughput");
  CHECK(nearest_word("user", known) == "users");
  CHECK(nearest_word("usres", known) == "users");
  CHECK(nearest_word("banana", known) == "");
  CHECK(nearest_word("", known) == "");
  CHECK(nearest_word(std::string(10'000, 'a'), known) == "");
  CHECK(nearest_word("x", {}) == "");
  CHECK(did_you_mean("eror_rate", known) == "did you mean 'error_rate'?");
  CHECK(did_you_mean("banana", known) == "");
}

TEST_CASE("join") {
  CHECK(join({}, ", ") == "");
  CHECK(join({"a"}, ", ") == "a");
  CHECK(join({"a", "b", "c"}, ", ") == "a, b, c");
}

}  // namespace
}  // namespace burstgate
