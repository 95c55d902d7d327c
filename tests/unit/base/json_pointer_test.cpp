#include "base/json_pointer.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace burstgate;

namespace {

// The value as it stands, "-" for none.
std::string at(std::string_view document, std::string_view pointer) {
  const auto parsed = parse_json_pointer(pointer);
  REQUIRE(parsed);
  return std::string(find_json(document, *parsed).value_or("-"));
}

}  // namespace

TEST_CASE("pointers are those of RFC 6901") {
  CHECK(*parse_json_pointer("") == JsonPointer{});
  CHECK(*parse_json_pointer("/a/0/") == JsonPointer{"a", "0", ""});
  CHECK(*parse_json_pointer("/a~1b/m~0n") == JsonPointer{"a/b", "m~n"});
  for (const char* bad : {"a", "a/b", "/~", "/~2", "/a~"}) CHECK_FALSE(parse_json_pointer(bad));
}

TEST_CASE("values are found where RFC 6901 says") {
  const std::string document =
      R"( {"foo": ["bar", "baz", [1, 2]], "": 0, "a/b": 1, "c%d": 2, " ": 7, "m~n": 8, "q\"s": "x", "\u00e9": true,)"
      R"( "o": {"deep": {"n": null, "list": [{"id": -1.5e+3}]}}} )";
  CHECK(at(document, "/foo") == R"(["bar", "baz", [1, 2]])");
  CHECK(at(document, "/foo/0") == R"("bar")");
  CHECK(at(document, "/foo/2/1") == "2");
  CHECK(at(document, "/") == "0");
  CHECK(at(document, "/a~1b") == "1");
  CHECK(at(document, "/c%d") == "2");
  CHECK(at(document, "/ ") == "7");
  CHECK(at(document, "/m~0n") == "8");
  CHECK(at(document, "/q\"s") == R"("x")");
  CHECK(at(document, "/\xc3\xa9") == "true");
  CHECK(at(document, "/o/deep/n") == "null");
  CHECK(at(document, "/o/deep/list/0/id") == "-1.5e+3");
  CHECK(at(" [1] ", "") == "[1]");
  for (const char* missing : {"/foo/3", "/foo/01", "/foo/-", "/foo/x", "/bar", "/o/deep/n/x", "/foo/0/0", "/o/0"}) {
    CAPTURE(missing);
    CHECK(at(document, missing) == "-");
  }
  CHECK(at(R"({"a": 1, "a": 2})", "/a") == "1");
  CHECK(at("[]", "/0") == "-");
  CHECK(at("{}", "/a") == "-");
}

TEST_CASE("what is not JSON up to the value has no value") {
  for (const char* broken :
       {"", "{", "{\"a\"", "{\"a\":", "{\"a\":}", "{a: 1}", "{'a': 1}", "{\"a\": tru}", "{\"a\": 01}", "{\"a\": 1.}",
        "{\"a\": \"\n\"}", "{\"a\": \"\\x\"}", "{\"a\": \"\\u12\"}", "{\"a\": \"open", "{\"x\" 1, \"a\": 1}",
        "{\"x\": [1 2], \"a\": 1}", "{\"a\": -}", "<html>", "{\"a\": .5}"}) {
    CAPTURE(broken);
    const std::string found = at(broken, "/a");
    CHECK((found == "-" || std::string_view(broken) == "{\"a\": 01}"));
  }
  CHECK(at("{\"a\": 1, nonsense", "/a") == "1");  // what stands behind is not looked at
  const std::string deep(10'000, '[');
  CHECK(at("{\"x\": " + deep + ", \"a\": 1}", "/a") == "-");
}

TEST_CASE("strings lose their quotes and escapes, other values stay") {
  CHECK(json_text(R"("a\"b\\c\/d\n\t\u00e9\u20ac\ud83d\ude00")") ==
        "a\"b\\c/d\n\t\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  CHECK(json_text(R"("\ud83d!")") == "\xef\xbf\xbd!");
  CHECK(json_text(R"("\ude00")") == "\xef\xbf\xbd");
  CHECK(json_text("42") == "42");
  CHECK(json_text(R"({"a": "b"})") == R"({"a": "b"})");
  CHECK(json_text(R"("")") == "");
}

TEST_CASE("values are compared by what they mean") {
  CHECK(same_json("1", "1.0"));
  CHECK(same_json("1e2", "100"));
  CHECK(same_json(R"("\u0041")", R"("A")"));
  CHECK_FALSE(same_json(R"("1")", "1"));
  CHECK_FALSE(same_json("true", "false"));
  CHECK_FALSE(same_json("null", "0"));
  CHECK(same_json("[1]", "[1]"));
}

TEST_CASE("a whole value is JSON, anything beside it is not") {
  for (const char* good : {"1", " true ", "\"a\"", "[1, {}]", "null"}) CHECK(is_json(good));
  for (const char* bad : {"", "a", "1 2", "{", "01", "nul", "\"a", "[1,]"}) CHECK_FALSE(is_json(bad));
}

TEST_CASE("escaped text is what a JSON reader turns back") {
  std::string out;
  append_json_escaped(out, "a\"b\\c\n\x01\xc3\xa9");
  CHECK(out == "a\\\"b\\\\c\\u000a\\u0001\xc3\xa9");
  CHECK(json_text("\"" + out + "\"") == "a\"b\\c\n\x01\xc3\xa9");
}
