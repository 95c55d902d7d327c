#include "base/error.hpp"

#include <doctest/doctest.h>

#include "base/assert.hpp"
#include "base/place.hpp"
#include "base/utc_time.hpp"

namespace burstgate {
namespace {

TEST_CASE("a problem's parts stand where they belong") {
  CHECK(to_text({"E-101", "gate.yaml:12:9", "unknown metric 'latncy_p95'", "did you mean 'latency_p95'?",
                 "    latncy_p95: 1", 5}) ==
        "gate.yaml:12:9: error[E-101]: unknown metric 'latncy_p95'; did you mean 'latency_p95'?\n"
        "        latncy_p95: 1\n"
        "        ^");
  CHECK(to_text({"E-001", "", "no limits", "", "", 0}) == "error[E-001]: no limits");
  CHECK(to_text({"E-002", "f", "what", "", "line", 0}) == "f: error[E-002]: what\n    line");
}

TEST_CASE("bytes that a terminal or a log acts on never stand in an error") {
  const Problem hostile{"E-1", "a\x1b[2J", "b\n::set-output", "c\xe2\x80\xae", "d\r", 1};
  CHECK(to_text(hostile) == "a\\x1b[2J: error[E-1]: b\\x0a::set-output; c\\u{202e}\n    d\\x0d\n    ^");
}

TEST_CASE("an error prints all its problems") {
  const Error error(Trouble::usage, {{"E-1", "a", "one", "", "", 0}, {"E-2", "b", "two", "", "", 0}});
  CHECK(std::string(error.what()) == "a: error[E-1]: one\nb: error[E-2]: two");
  CHECK(error.problems().size() == 2);
  CHECK(error.trouble() == Trouble::usage);
}

TEST_CASE("a broken assertion names itself") {
  bool caught = false;
  try {
    BURSTGATE_ASSERT(1 + 1 == 3);
  } catch (const AssertionFailed& failed) {
    caught = std::string(failed.what()).find("error_test.cpp") != std::string::npos &&
             std::string(failed.what()).ends_with(": assertion failed: 1 + 1 == 3");
  }
  CHECK(caught);
}

TEST_CASE("places") {
  CHECK(Place{}.text() == "built-in default");
  CHECK(Place{"gate.yaml", 0, 0}.text() == "gate.yaml");
  CHECK(Place{"gate.yaml", 12, 9}.text() == "gate.yaml:12:9");
}

TEST_CASE("UTC times") {
  CHECK(to_iso8601(0) == "1970-01-01T00:00:00Z");
  CHECK(to_iso8601(1'763'733'250) == "2025-11-21T13:54:10Z");
  CHECK(to_iso8601(951'782'400) == "2000-02-29T00:00:00Z");
  CHECK(to_iso8601(latest_unix_s) == "9999-12-31T23:59:59Z");
  CHECK_THROWS_AS(to_iso8601(latest_unix_s + 1), AssertionFailed);
  CHECK_THROWS_AS(to_iso8601(-1), AssertionFailed);
  CHECK(to_file_stamp(1'763'733'250) == "20251121_135410");
  for (const std::int64_t time :
       {std::int64_t{0}, std::int64_t{951'782'399}, std::int64_t{1'763'733'250}, latest_unix_s}) {
    CHECK(from_iso8601(to_iso8601(time)) == time);
  }
  for (const char* text :
       {"", "2025-11-21", "2025-11-21T13:54:10", "2025-11-21T13:54:10z", "2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z",
        "1969-12-31T23:59:59Z", "2025-11-21T24:00:00Z", "2025-11-21T13:60:10Z", "2025-11-21T13:54:60Z",
        "2025-11-21T13:54:10+0", "+025-11-21T13:54:10Z"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(from_iso8601(text).has_value());
  }
}

}  // namespace
}  // namespace burstgate
