#include "config/yaml_document.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "base/error.hpp"
#include "config/read.hpp"

using namespace burstgate;
using namespace burstgate::config;

namespace {

std::string complaint(const std::string& text) {
  Mistakes mistakes;
  parse_yaml(text, "f", mistakes);
  try {
    mistakes.throw_if_any();
  } catch (const Error& error) {
    return to_text(error.problems().front()).substr(0, 200);
  }
  return "accepted";
}

std::string repeated(const std::string& text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("a document is a tree with places, and keeps what was in quotes") {
  Mistakes mistakes;
  const auto root = parse_yaml("a: 1\nb:\n  - x\n  - \"1\"\n  - ~\n  - |\n    5\n", "f", mistakes);
  REQUIRE(root);
  REQUIRE(mistakes.empty());
  REQUIRE(root->entries.size() == 2);
  CHECK(root->entries[0].key == "a");
  CHECK_FALSE(root->entries[0].value.quoted);
  CHECK(root->entries[1].place.text() == "f:2:1");
  const Value& list = root->entries[1].value;
  REQUIRE(list.items.size() == 4);
  CHECK(list.items[0].place.text() == "f:3:5");
  CHECK(list.items[1].quoted);
  CHECK(list.items[2].kind == Value::Kind::null);
  CHECK(list.items[3].quoted);
  CHECK(list.items[3].text == "5\n");
}

TEST_CASE("columns count characters, lines may end in CRLF") {
  Mistakes mistakes;
  const auto root = parse_yaml("x: 1\r\n\"\xc3\xa4\xe6\x97\xa5\": y\r\n", "f", mistakes);
  REQUIRE(root);
  CHECK(root->entries[1].value.place.text() == "f:2:7");
  CHECK(root->entries[1].value.text == "y");
}

TEST_CASE("case 137: limits, at the limit and one past it") {
  // The list itself is a node.
  CHECK(complaint("[" + repeated("x,", max_yaml_nodes - 1) + "]") == "accepted");
  CHECK(complaint("[" + repeated("x,", max_yaml_nodes) + "]").find("more than 10000 values") != std::string::npos);
  CHECK(complaint(repeated("[", max_yaml_depth) + repeated("]", max_yaml_depth)) == "accepted");
  CHECK(complaint(repeated("[", max_yaml_depth + 1) + repeated("]", max_yaml_depth + 1))
            .find("f:1:33: error[E-113]: nested deeper than 32 levels") == 0);
  CHECK(complaint("a: " + std::string(max_yaml_scalar_bytes, 'x')) == "accepted");
  CHECK(complaint("a: " + std::string(max_yaml_scalar_bytes + 1, 'x'))
            .find("f:1:4: error[E-113]: a text of 262145 bytes; at most 262144 are allowed") == 0);
}

TEST_CASE("case 137: documents that explode elsewhere are refused quickly") {
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c <= 'i'; ++c) {
    const std::string alias = std::string("*") + static_cast<char>(c - 1);
    bomb += std::string(1, c) + ": &" + c + " [" + repeated(alias + ",", 9) + "]\n";
  }
  const std::size_t megabyte = max_yaml_bytes;
  const std::string documents[] = {bomb,
                                   "&x\n- *x",
                                   "&a [*a, *a]",
                                   "a: &a {<<: *a}",
                                   repeated("[", megabyte),
                                   repeated("{", megabyte),
                                   repeated("{a: ", megabyte / 4),
                                   repeated("- ", megabyte / 2),
                                   repeated("? ", megabyte / 2),
                                   repeated("a: ", megabyte / 3),
                                   "\"" + std::string(megabyte - 1, 'x'),
                                   repeated("!", megabyte),
                                   repeated("&a ", megabyte / 3),
                                   repeated("*a\n", megabyte / 3),
                                   repeated("a\n", megabyte / 2),
                                   repeated("---\n", megabyte / 4)};
  for (const std::string& document : documents) {
    CAPTURE(document.substr(0, 20));
    const auto start = std::chrono::steady_clock::now();
    CHECK(complaint(document) != "accepted");
    // Generous: the sanitizers and a busy machine make it slow, an explosion would take hours.
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
  }
}

TEST_CASE("no prefix of a good file crashes the reader") {
  const std::string text =
      "service: {url: \"http://h\", command: [a, 'b', \"{port}\"]}\nworkload:\n  scenarios:\n    - steps:\n        - "
      "get: "
      "/\n          body: |\n            x\n          json: {a: [1, 2, ~]}\n# \xc3\xa4\n";
  for (std::size_t length = 0; length < text.size(); ++length) {
    Mistakes mistakes;
    parse_yaml(text.substr(0, length), "f", mistakes);
  }
  CHECK(complaint(text) == "accepted");
}

TEST_CASE("no single byte anywhere crashes the reader") {
  const std::string text = "a: {b: [1, \"2\"], c: |\n  x\n";
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = text;
      changed[at] = static_cast<char>(byte);
      Mistakes mistakes;
      parse_yaml(changed, "f", mistakes);
    }
  }
}

TEST_CASE("case 141: invalid UTF-8 of every kind") {
  for (const char* bad : {"\x80", "\xc0\xaf", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
                          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
    CHECK(complaint(std::string("a: ") + bad).find("f:1:4: error[E-114]: invalid UTF-8") == 0);
  }
  for (const char* good : {"\x7e", "\xc2\xa0", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    CHECK(complaint(std::string("a: x") + good) == "accepted");
  }
}

TEST_CASE("case 138: what plain scalars mean") {
  for (const char* text : {"true", "false"}) CHECK(plain_meaning(text) == PlainMeaning::boolean);
  for (const char* text : {"0", "5", "-5", "10.25", "0.5", "123456789012345678901234567890"}) {
    CAPTURE(text);
    CHECK(plain_meaning(text) == PlainMeaning::number);
  }
  for (const char* text :
       {"yes", "No",   "ON",      "off", "True",   "FALSE", "0x10", "0o17", "0b1",  "1_000", "08",
        "-08", "1:30", "1:30:15", "1e3", "1.5e-3", ".5",    "5.",   "+5",   ".inf", "-.INF", ".nan"}) {
    CAPTURE(text);
    CHECK(plain_meaning(text) == PlainMeaning::ambiguous);
  }
  for (const char* text : {"a", "x5", "5ms", "20%", "+20%",       "10/s",     "1.2.3", "1.5k/s", "-",    "--port",
                           "",  ".",  "e",   "1e",  "2024-01-01", "./server", "0xyz",  "y",      "nano", "5 6"}) {
    CAPTURE(text);
    CHECK(plain_meaning(text) == PlainMeaning::text);
  }
}
