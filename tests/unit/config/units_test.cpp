#include "config/units.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"

using namespace burstgate::config;
using std::chrono::microseconds;

namespace {

template <typename T>
T good(const Parsed<T>& parsed) {
  if (const auto* error = std::get_if<UnitError>(&parsed)) FAIL(error->what);
  return std::get<T>(parsed);
}

template <typename T>
std::string refusal(const Parsed<T>& parsed) {
  const auto* error = std::get_if<UnitError>(&parsed);
  return error ? error->what + "; " + error->expected : "accepted";
}

}  // namespace

TEST_CASE("durations") {
  CHECK(good(parse_duration("250us")) == microseconds(250));
  CHECK(good(parse_duration("250ms")) == microseconds(250'000));
  CHECK(good(parse_duration("1.5s")) == microseconds(1'500'000));
  CHECK(good(parse_duration("2m")) == microseconds(120'000'000));
  CHECK(good(parse_duration("1h")) == microseconds(3'600'000'000));
  CHECK(good(parse_duration("0s")) == microseconds(0));
  CHECK(good(parse_duration("0.4us")) == microseconds(0));
  CHECK(good(parse_duration("0.0006ms")) == microseconds(1));
}

TEST_CASE("case 139: durations that are refused, and what is proposed") {
  CHECK(refusal(parse_duration("50")) == "'50' has no unit; did you mean 50ms?");
  CHECK(refusal(parse_duration("50 mss")) == "'50 mss' has the unknown unit ' mss'; did you mean 50ms?");
  CHECK(refusal(parse_duration("50MS")) == "'50MS' has the unknown unit 'MS'; did you mean 50ms?");
  CHECK(refusal(parse_duration("1.5sec")) == "'1.5sec' has the unknown unit 'sec'; did you mean 1.5s?");
  const std::string expected = "; expected a duration such as 250ms, 1.5s, 2m";
  CHECK(refusal(parse_duration("-5ms")) == "'-5ms' has a sign" + expected);
  CHECK(refusal(parse_duration("+5ms")) == "'+5ms' has a sign" + expected);
  CHECK(refusal(parse_duration("1e400s")) == "'1e400s' has the unknown unit 'e400s'" + expected);
  CHECK(refusal(parse_duration("10%")) == "'10%' has the unknown unit '%'" + expected);
  CHECK(refusal(parse_duration("")) == "'' has no number" + expected);
  CHECK(refusal(parse_duration("ms")) == "'ms' has no number" + expected);
  CHECK(refusal(parse_duration(".5s")) == "'.5s' has no number" + expected);
  CHECK(refusal(parse_duration(" 5s")) == "' 5s' has no number" + expected);
  CHECK(refusal(parse_duration("5.s")) == "'5.s' has the unknown unit '.s'; did you mean 5s?");
  CHECK(refusal(parse_duration("1,5s")) == "'1,5s' has the unknown unit ',5s'" + expected);
  CHECK(refusal(parse_duration("nan")) == "'nan' has no number" + expected);
  CHECK(refusal(parse_duration("inf")) == "'inf' has no number" + expected);
}

TEST_CASE("numbers have at most 15 digits, and durations fit") {
  CHECK(good(parse_duration("123456789012345us")) == microseconds(123456789012345));
  CHECK(refusal(parse_duration("1234567890123456us")).find("too many digits") != std::string::npos);
  CHECK(refusal(parse_duration("999999999999999h")).find("is too long") != std::string::npos);
}

TEST_CASE("rates are per second and above zero") {
  CHECK(good(parse_rate("100/s")) == 100);
  CHECK(good(parse_rate("6000/m")) == doctest::Approx(100));
  CHECK(good(parse_rate("3600/h")) == doctest::Approx(1));
  CHECK(good(parse_rate("1.5k/s")) == 1500);
  CHECK(refusal(parse_rate("0/s")) == "'0/s' is not above zero; expected a rate such as 100/s, 6000/m, 1.5k/s");
  CHECK(refusal(parse_rate("100")) == "'100' has no unit; did you mean 100/s?");
  CHECK(refusal(parse_rate("100rps")) == "'100rps' has the unknown unit 'rps'; did you mean 100/s?");
  CHECK(refusal(parse_rate("-1/s")).find("has a sign") != std::string::npos);
}

TEST_CASE("percentages keep their sign") {
  CHECK(good(parse_percent("+20%")) == doctest::Approx(0.20));
  CHECK(good(parse_percent("20%")) == doctest::Approx(0.20));
  CHECK(good(parse_percent("-15%")) == doctest::Approx(-0.15));
  CHECK(good(parse_percent("0%")) == 0);
  CHECK(refusal(parse_percent("20")) == "'20' has no unit; did you mean 20%?");
  CHECK(refusal(parse_percent("-20")) == "'-20' has no unit; did you mean -20%?");
  CHECK(refusal(parse_percent("20 %")) == "'20 %' has the unknown unit ' %'; did you mean 20%?");
  CHECK(refusal(parse_percent("+-5%")).find("has no number") != std::string::npos);
  CHECK(good(parse_percentage_points("0.5pp")) == doctest::Approx(0.005));
  CHECK(good(parse_percentage_points("+0.5pp")) == doctest::Approx(0.005));
  CHECK(refusal(parse_percentage_points("0.5%")).find("unknown unit '%'") != std::string::npos);
}

TEST_CASE("sizes: decimal and binary units") {
  CHECK(good(parse_bytes("512B")) == 512);
  CHECK(good(parse_bytes("64KiB")) == 65536);
  CHECK(good(parse_bytes("512MiB")) == 536870912);
  CHECK(good(parse_bytes("2GiB")) == 2147483648);
  CHECK(good(parse_bytes("10kB")) == 10000);
  CHECK(good(parse_bytes("10MB")) == 10'000'000);
  CHECK(refusal(parse_bytes("10")) == "'10' has no unit; did you mean 10B?");
  CHECK(refusal(parse_bytes("64kib")) == "'64kib' has the unknown unit 'kib'; did you mean 64KiB?");
  CHECK(refusal(parse_bytes("64K")) == "'64K' has the unknown unit 'K'; did you mean 64KiB?");
  CHECK(refusal(parse_bytes("99999999GiB")).find("is too large") != std::string::npos);
}

TEST_CASE("durations for people are exact") {
  CHECK(to_text(microseconds(0)) == "0 s");
  CHECK(to_text(microseconds(1)) == "1 us");
  CHECK(to_text(microseconds(999)) == "999 us");
  CHECK(to_text(microseconds(1'001)) == "1.001 ms");
  CHECK(to_text(microseconds(250'000)) == "250 ms");
  CHECK(to_text(microseconds(1'500'000)) == "1.5 s");
  CHECK(to_text(microseconds(1'000'001)) == "1.000001 s");
  CHECK(to_text(microseconds(120'000'000)) == "2 min");
  CHECK(to_text(microseconds(61'000'000)) == "61 s");
  CHECK(to_text(microseconds(90'000'000)) == "1.5 min");
  CHECK(to_text(microseconds(3'600'000'000)) == "1 h");
  CHECK(to_text(microseconds(6'000'000'000)) == "100 min");
}
