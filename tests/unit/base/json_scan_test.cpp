#include "base/json_scan.hpp"

#include <doctest/doctest.h>

using namespace burstgate;

TEST_CASE("members of an object are views of their text") {
  const auto members = json_members(R"( {"a": 1.5, "b" : {"x": [1, "}"]}, "c":"q\"]{", "d":null} )");
  REQUIRE(members);
  REQUIRE(members->size() == 4);
  CHECK(member_named(*members, "a") == "1.5");
  CHECK(member_named(*members, "b") == R"({"x": [1, "}"]})");
  CHECK(member_named(*members, "c") == R"("q\"]{")");
  CHECK(member_named(*members, "d") == "null");
  CHECK(member_named(*members, "e").empty());
  CHECK(json_members("{}")->empty());
}

TEST_CASE("elements of an array") {
  const auto elements = json_elements(R"([1, "a,b", [2, 3], {"k": "]"}])");
  REQUIRE(elements);
  CHECK(*elements == std::vector<std::string_view>{"1", R"("a,b")", "[2, 3]", R"({"k": "]"})"});
  CHECK(json_elements(" [ ] ")->empty());
}

TEST_CASE("what is cut off, or no object, is refused") {
  const std::string whole = R"({"a": {"b": [1, "two"]}, "c": "d"})";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO(whole.substr(0, length));
    CHECK(!json_members(std::string_view(whole).substr(0, length)));
  }
  CHECK(json_members(whole));
  for (const char* text : {"", "[]", "12", "\"{}\"", "{} {}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\" 1}",
                           "{\"a\":1 \"b\":2}", "{\"a\":\"\\\"}", "null"}) {
    INFO(text);
    CHECK(!json_members(text));
  }
  for (const char* text : {"", "{}", "[", "[1,]", "[1 2]", "[1]]", "[\"a]"}) {
    INFO(text);
    CHECK(!json_elements(text));
  }
}

TEST_CASE("an escaped backslash before a quote ends the string") {
  const auto members = json_members(R"({"a": "x\\", "b": "y\\\"z"})");
  REQUIRE(members);
  CHECK(json_string(member_named(*members, "a")) == "x\\");
  CHECK(json_string(member_named(*members, "b")) == "y\\\"z");
}

TEST_CASE("scalars are read exactly or not at all") {
  CHECK(json_string(R"("é\u00e9\n")") == "éé\n");
  CHECK(!json_string("12"));
  CHECK(!json_string("\""));
  CHECK(!json_string(R"("\x")"));
  CHECK(json_number("0.30000000000000004") == 0.30000000000000004);
  CHECK(json_number("-1e3") == -1000);
  for (const char* text : {"", "1.5x", "\"1\"", "nan", "inf", "1e999", "null", " 1"}) {
    INFO(text);
    CHECK(!json_number(text));
  }
  CHECK(json_boolean("true") == true);
  CHECK(json_boolean("false") == false);
  CHECK(!json_boolean("1"));
}
