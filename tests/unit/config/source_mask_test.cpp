#include "config/source_mask.hpp"

#include <doctest/doctest.h>

using burstgate::config::without_secrets;

TEST_CASE("secrets in quoted lines are masked, character by character") {
  CHECK(without_secrets("headers: {Authorization: \"Bearer abc\", X: y}") ==
        "headers: {Authorization: \"**********\", X: y}");
  CHECK(without_secrets("authorization: Bearer abc") == "authorization: **********");
  CHECK(without_secrets("{\"Cookie\": id=1, X: y}") == "{\"Cookie\": ****, X: y}");
  CHECK(without_secrets("X-Api-Key: \xc3\xa4\xc3\xb6") == "X-Api-Key: **");
  CHECK(without_secrets("url: http://user:pw@h/a?k=v&l=w&m") == "url: http://*******@h/a?k=*&l=*&m");
  CHECK(without_secrets("- get: \"/a?k=v\"") == "- get: \"/a?k=*\"");
}

TEST_CASE("what is no secret stays") {
  for (const char* line :
       {"headers: {Authorization: \"${TOKEN}\", X: y}", "Authorization: ${TOKEN}", "url: http://h:80/a",
        "- get: /a?k=${V}&b", "text: How can I help you?", "Cookie", "Cookie:", "a: b@c", "authorizations: x", ""}) {
    CAPTURE(line);
    CHECK(without_secrets(line) == line);
  }
}

TEST_CASE("beside a variable, literal parts of a header stay and those of a query do not") {
  CHECK(without_secrets("{Authorization: Bearer ${B}, X: y}") == "{Authorization: Bearer ${B}, X: y}");
  CHECK(without_secrets("{Authorization: Bearer ${B}, Cookie: y}") == "{Authorization: Bearer ${B}, Cookie: *}");
  CHECK(without_secrets("get: /a?k=x${V}y&l=z") == "get: /a?k=*${V}*&l=*");
}
