#include "base/json_text.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "base/assert.hpp"
#include "base/error.hpp"

namespace burstgate {
namespace {

using Json = nlohmann::ordered_json;

std::string refusal(std::string_view text) {
  try {
    parse_json(text, "f");
  } catch (const Error& error) {
    CHECK(error.trouble() == Trouble::usage);
    return error.what();
  }
  return "accepted";
}

TEST_CASE("valid documents give what the library's own reader gives") {
  for (const std::string text :
       {"null", " true ", "12", "-7", "1.5e-3", "\"a\\u00fc\\n\"", "[]", "{}", "[1,[2,{\"a\":[]}],3]",
        "{\"z\":1,\"a\":{\"b\":null,\"c\":[true,false]},\"\":18446744073709551615}", "\r\n\t[ ]\n",
        "{\"a\":[{\"a\":1},{\"a\":2}],\"b\":{\"a\":3}}"}) {
    CAPTURE(text);
    CHECK(parse_json(text, "f") == Json::parse(text));
    CHECK(parse_json(text, "f").dump() == Json::parse(text).dump());  // the order of the keys too
  }
}

TEST_CASE("places are lines and byte columns") {
  CHECK(refusal("{\n  \"a\": 1,\n  \"a\": 2\n}").starts_with("f:3:3: error[E-511]: key 'a' is there twice"));
  CHECK(refusal("[1,\n 2,\n  x]").starts_with("f:3:3: error[E-510]: not valid JSON: syntax error while parsing value"));
  CHECK(refusal("[1, 2").starts_with("f:1:6: error[E-510]"));
  CHECK(refusal("[1] 2").starts_with("f:1:5: error[E-510]"));
  CHECK(refusal("[\n\n1] []").starts_with("f:3:4: error[E-510]"));
}

TEST_CASE("case 124: duplicate keys, in small and in large objects, with escapes") {
  CHECK(refusal(R"({"a":{"b":1},"c":{"b":1,"b":1}})").starts_with("f:1:25: error[E-511]: key 'b'"));
  CHECK(refusal(R"({"\"x":1,"\"x":2})").starts_with("f:1:10: error[E-511]"));
  for (const int keys : {31, 32, 33, 34, 1000}) {
    std::string text = "{";
    for (int i = 0; i < keys; ++i) text += "\"k" + std::to_string(i) + "\":0,";
    CAPTURE(keys);
    CHECK(refusal(text + "\"other\":0}") == "accepted");
    for (const int again : {0, keys / 2, keys - 1}) {
      CHECK(refusal(text + "\"k" + std::to_string(again) + "\":0}").find("E-511") != std::string::npos);
    }
  }
}

TEST_CASE("a million keys take no longer than their size") {
  std::string text = "{";
  for (int i = 0; i < 1'000'000; ++i) text += "\"" + std::to_string(i) + "\":0,";
  CHECK(parse_json(text + "\"last\":1}", "f").size() == 1'000'001);
}

TEST_CASE("case 125: depth, at the limit and one past it") {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(refusal(nested(max_json_depth)) == "accepted");
  CHECK(refusal(nested(max_json_depth + 1)) == "f:1:65: error[E-512]: nested deeper than 64 levels");
  CHECK(refusal(std::string(100'000, '[')).find("E-512") != std::string::npos);
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  CHECK(refusal(objects).find("E-512") != std::string::npos);
}

TEST_CASE("case 125: size, at the limit and one past it") {
  std::string text(max_json_bytes, ' ');
  text[0] = '1';
  CHECK(refusal(text) == "accepted");
  text += ' ';
  CHECK(refusal(text) == "f: error[E-514]: 67108865 bytes of JSON, at most 67108864 are read");
}

TEST_CASE("case 123: other encodings and stray bytes") {
  using namespace std::string_view_literals;
  CHECK(refusal("\xef\xbb\xbf{}").find("byte order mark") != std::string::npos);
  CHECK(refusal("\xff\xfe{\0}\0"sv).find("UTF-16") != std::string::npos);
  CHECK(refusal("\xfe\xff\0{\0}"sv).find("UTF-16") != std::string::npos);
  CHECK(refusal("{\0}\0"sv).find("UTF-16") != std::string::npos);
  CHECK(refusal("\0{\0}"sv).find("UTF-16") != std::string::npos);
  CHECK(refusal("{}\0garbage"sv) == "f:1:3: error[E-513]: contains a NUL byte, expected JSON text");
  CHECK(refusal("\"\xed\xa0\x80\"").find("ill-formed UTF-8") != std::string::npos);  // a surrogate
  CHECK(refusal("\"\x1b[31m\"").find("control character") != std::string::npos);
  CHECK(refusal("\"\\ud800\"").find("surrogate") != std::string::npos);
  CHECK(refusal("") == "f: error[E-510]: is empty, expected JSON");
  CHECK(refusal(" \r\n") == "f: error[E-510]: holds nothing but blanks, expected JSON");
}

TEST_CASE("case 124: numbers") {
  for (const std::string text :
       {"NaN", "Infinity", "-Infinity", "1e999", "-1e999", "01", "+1", ".5", "1.", "0x10", "1_000"}) {
    CAPTURE(text);
    CHECK(refusal(text).find("E-510") != std::string::npos);
  }
  CHECK(std::signbit(parse_json("-0", "f").get<double>()));
  CHECK(std::signbit(parse_json("-0.0", "f").get<double>()));
  CHECK_FALSE(std::signbit(parse_json("0", "f").get<double>()));
  CHECK(parse_json("[-0]", "f")[0].is_number_float());
  CHECK(parse_json("18446744073709551615", "f").is_number_unsigned());
  CHECK(parse_json("18446744073709551616", "f").is_number_float());
}

TEST_CASE("every prefix of a document is refused") {
  const std::string whole = R"({"a": [1.5, -2e3, true, null, "x\u00e9\\"], "b": {"c": "d"}})";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK(refusal(whole.substr(0, length)) != "accepted");
  }
  CHECK(refusal(whole) == "accepted");
}

TEST_CASE("error texts stay short and harmless, whatever the file holds") {
  const std::string text = refusal("[\"" + std::string(1u << 20, 'x'));
  CHECK(text.size() < 400);
  CHECK(refusal("[\x1b]").find('\x1b') == std::string::npos);
  CHECK(refusal("{\"" + std::string(5000, 'k') + "\":1,\"" + std::string(5000, 'k') + "\":1}").size() < 300);
}

TEST_CASE("case 152: what is written can be read, bit for bit") {
  for (const double value : {0.1, 1.0 / 3, 5e-324, std::numeric_limits<double>::max(), 123456789.125, 1e21, 2.5e-7}) {
    CHECK(parse_json(dump_json(value, -1), "f").get<double>() == value);
  }
  CHECK_THROWS_AS(dump_json({{"a", {1.0, std::nan("")}}}, 2), AssertionFailed);
  CHECK_THROWS_AS(dump_json(std::numeric_limits<double>::infinity(), 2), AssertionFailed);
  CHECK(dump_json("a\xff", -1) == "\"a\xef\xbf\xbd\"");
  CHECK(dump_json({{"z", 1}, {"a", "é"}}, 1) == "{\n \"z\": 1,\n \"a\": \"é\"\n}");
}

}  // namespace
}  // namespace burstgate
