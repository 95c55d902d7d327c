// Other people's YAML: aliases, merge keys and tags are read; what explodes or never ends is not.
#include "config/foreign_yaml.hpp"

#include <doctest/doctest.h>

using namespace burstgate::config;

TEST_CASE("scalars stand as they are written, whatever their type") {
  const auto json = parse_foreign_yaml("{a: 1, b: yes, c: !!str 0x10, d: ~, e: '', f: [x, 2.50]}");
  REQUIRE(json);
  CHECK(json->dump() == R"({"a":"1","b":"yes","c":"0x10","d":null,"e":"","f":["x","2.50"]})");
}

TEST_CASE("aliases and merge keys are filled in; what is written itself holds") {
  const auto json = parse_foreign_yaml("a: &a {x: 1, y: 2}\nb: {<<: *a, x: 3}\nc: {<<: [*a, {z: 4}]}\nd: *a");
  REQUIRE(json);
  CHECK(json->at("b").dump() == R"({"x":"3","y":"2"})");
  CHECK(json->at("c").dump() == R"({"x":"1","y":"2","z":"4"})");
  CHECK(json->at("d").dump() == R"({"x":"1","y":"2"})");
}

TEST_CASE("of several documents the first, of equal keys the last") {
  CHECK(parse_foreign_yaml("a: 1\na: 2\n---\nb: 3\n")->dump() == R"({"a":"2"})");
}

TEST_CASE("JSON is YAML") {
  CHECK(parse_foreign_yaml(R"({"a": ["\u00e4\/", {"b": null}]})")->dump() == "{\"a\":[\"\u00e4/\",{\"b\":null}]}");
}

TEST_CASE("what is no YAML or goes beyond the bounds is nothing") {
  CHECK_FALSE(parse_foreign_yaml(""));
  CHECK_FALSE(parse_foreign_yaml("a: ["));
  CHECK_FALSE(parse_foreign_yaml("a: *nobody"));
  CHECK_FALSE(parse_foreign_yaml(std::string(100'000, '[')));
  CHECK_FALSE(parse_foreign_yaml(std::string(max_foreign_yaml_bytes + 1, ' ')));
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(parse_foreign_yaml(nested(max_foreign_yaml_depth)));
  CHECK_FALSE(parse_foreign_yaml(nested(max_foreign_yaml_depth + 1)));
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) laughs += std::string(j == 0 ? "" : ", ") + "*a" + std::to_string(i - 1);
    laughs += "]\n";
  }
  CHECK_FALSE(parse_foreign_yaml(laughs));
}

TEST_CASE("an alias inside of what it stands for ends") {
  const auto json = parse_foreign_yaml("a: &a [1, *a]");
  if (json) CHECK(json->dump() == R"({"a":["1",null]})");
}
