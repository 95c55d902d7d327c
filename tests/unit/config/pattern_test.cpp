#include "config/pattern.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace burstgate::config;

namespace {

std::string found(const std::string& pattern, std::string_view text) {
  const auto compiled = Pattern::compile(pattern);
  REQUIRE(std::holds_alternative<Pattern>(compiled));
  return std::string(std::get<Pattern>(compiled).find(text).value_or("-"));
}

std::string trouble(const std::string& pattern) {
  const auto compiled = Pattern::compile(pattern);
  const auto* error = std::get_if<UnitError>(&compiled);
  return error == nullptr ? "" : error->what;
}

}  // namespace

TEST_CASE("the first group of the first match, or all of it") {
  CHECK(found("id=([0-9]+)", "a id=12 id=13") == "12");
  CHECK(found("id=[0-9]+", "a id=12") == "id=12");
  CHECK(found("([0-9]+)x?", "a 12 13") == "12");
  CHECK(found("value=\"(.+?)\"", "<i name=\"a\" value=\"b\" c=\"d\">") == "b");
  CHECK(found("(?:a|b)(\\d)", "c1 b2") == "2");
  CHECK(found("ab?c", "ac abc") == "ac");
  CHECK(found("^x", "ax") == "-");
  CHECK(found("\\bid", "grid id=1") == "id");
  CHECK(found("id=(\\w*)", "id=") == "");
  CHECK(found("id=([0-9]+)", "id=x id=7") == "7");
  CHECK(found("nothing", "here") == "-");
}

TEST_CASE("what is no expression is refused") {
  CHECK(trouble("([a-z") == "not a regular expression");
  CHECK(trouble("(a)\\1") == "a regular expression that refers back to a group");
  CHECK(trouble("") == "an empty regular expression");
  CHECK(trouble(std::string(max_pattern_bytes + 1, 'a')) == "a regular expression of more than 1000 bytes");
  CHECK(trouble(std::string(max_pattern_bytes, 'a')) == "");
}

TEST_CASE("an expression that others backtrack over takes no longer than its text") {
  const auto begin = std::chrono::steady_clock::now();
  CHECK(found("(a+)+b", std::string(500, 'a')) == "-");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
}

TEST_CASE("only so much of a text is looked at") {
  const std::string far(max_searched_bytes, 'x');
  CHECK(found("[y]", far.substr(1) + "y") == "y");
  CHECK(found("[y]", far + "y") == "-");
  CHECK(found("y", far + far + "y") == "y");  // plain text is found anywhere
}
