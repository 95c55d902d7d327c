// Values in texts.
#include "load/text.hpp"

#include <doctest/doctest.h>

#include <set>

#include "base/json_pointer.hpp"

using namespace burstgate;
using namespace burstgate::load;
using config::Encoding;
using config::Random;

namespace {

std::mt19937_64 engine{1};

Text one(Encoding encoding) {
  config::Placeholder placeholder;
  placeholder.at = 1;
  placeholder.name = "v";
  placeholder.encoding = encoding;
  return {"<>", {placeholder}};
}

std::string put(const std::string& value, Encoding encoding) {
  const std::vector<std::string> slots = {value};
  std::string out;
  const auto misfit = append_filled(out, one(encoding), {slots, engine});
  return misfit ? "misfit " + *misfit : out;
}

std::string drawn(const Random& random, Encoding encoding = Encoding::verbatim) {
  Text text = one(encoding);
  text.placeholders.front().random = random;
  std::string out;
  append_filled(out, text, {{}, engine});
  return out.substr(1, out.size() - 2);
}

}  // namespace

TEST_CASE("a value fits the place where it is put in") {
  const std::string odd = "a/b c\"&\n";
  CHECK(put(odd, Encoding::verbatim) == "<a/b c\"&\n>");
  CHECK(put(odd, Encoding::segment) == "<a%2Fb%20c%22%26%0A>");
  CHECK(put(odd, Encoding::target) == "<a/b%20c%22&%0A>");
  CHECK(put(odd, Encoding::form) == "<a%2Fb+c%22%26%0A>");
  CHECK(put(odd, Encoding::json_text) == "<a/b c\\\"&\\u000a>");
  CHECK(put("a/b c\"&\t", Encoding::header) == "<a/b c\"&\t>");
  for (const char* bad : {"a\r", "a\nb", "\x7f", "\x01"}) CHECK(put(bad, Encoding::header) == "misfit v");
}

TEST_CASE("a JSON value stands as it is, anything else becomes a text") {
  CHECK(put("42", Encoding::json_value) == "<42>");
  CHECK(put("{\"a\": [1]}", Encoding::json_value) == "<{\"a\": [1]}>");
  CHECK(put("true", Encoding::json_value) == "<true>");
  CHECK(put("007", Encoding::json_value) == "<\"007\">");
  CHECK(put("", Encoding::json_value) == "<\"\">");
  CHECK(put("a\"b", Encoding::json_value) == "<\"a\\\"b\">");
}

TEST_CASE("random values are of their kind") {
  Random integer;
  integer.kind = Random::Kind::integer;
  integer.low = -1;
  integer.high = 2;
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) seen.insert(drawn(integer));
  CHECK(seen == std::set<std::string>{"-1", "0", "1", "2"});
  CHECK(is_json(drawn(integer, Encoding::json_value)));

  Random hex;
  hex.kind = Random::Kind::hex;
  hex.digits = 33;
  CHECK(drawn(hex).size() == 33);
  CHECK(drawn(hex).find_first_not_of("0123456789abcdef") == std::string::npos);

  const std::string uuid = drawn(Random{});
  CHECK(uuid.size() == 36);
  CHECK(uuid[14] == '4');
  CHECK(std::string("89ab").find(uuid[19]) != std::string::npos);
  for (const std::size_t at : {8u, 13u, 18u, 23u}) CHECK(uuid[at] == '-');
  CHECK(drawn(Random{}) != uuid);
  CHECK(drawn(Random{}, Encoding::json_value).front() == '"');

  Random choice;
  choice.kind = Random::Kind::choice;
  choice.choices = {"a b", "c"};
  seen.clear();
  for (int i = 0; i < 50; ++i) seen.insert(drawn(choice, Encoding::segment));
  CHECK(seen == std::set<std::string>{"a%20b", "c"});
}
