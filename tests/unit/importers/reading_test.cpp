// Lines, numbers, times, CSV and JSON lines: the parts that all readers share.
#include <doctest/doctest.h>

#include "base/error.hpp"
#include "importers/csv.hpp"
#include "importers/json_scan.hpp"
#include "importers/source.hpp"
#include "importers/text_report.hpp"
#include "importers/values.hpp"
#include "unit/base/temp_folder.hpp"

namespace burstgate::importers {
namespace {

std::vector<std::string> lines_of(Source source) {
  std::vector<std::string> lines;
  while (const auto line = source.next_line()) lines.emplace_back(*line);
  return lines;
}

TEST_CASE("lines: with and without an end, longer than the buffer, and a byte order mark") {
  using Lines = std::vector<std::string>;
  CHECK(lines_of(Source::of_text("f", "")) == Lines{});
  CHECK(lines_of(Source::of_text("f", "a\r\n\nb")) == Lines{"a", "", "b"});
  CHECK(lines_of(Source::of_text("f",
                                 "\xef\xbb\xbf"
                                 "a\n")) == Lines{"a"});
  const std::string longish(700'000, 'x');
  CHECK(lines_of(Source::of_text("f", longish + "\n" + longish + "\nend")) == Lines{longish, longish, "end"});
  TempFolder folder;
  write_plain(folder / "f", "a\n" + longish + "\nb\n");
  CHECK(lines_of(Source::open(folder / "f")) == Lines{"a", longish, "b"});
}

TEST_CASE("the longest line, and one byte more") {
  const std::string longest(Source::longest_line, 'x');
  CHECK(lines_of(Source::of_text("f", longest)).size() == 1);
  CHECK_THROWS_WITH_AS(lines_of(Source::of_text("f", "a\n" + longest + "x")),
                       "f:2: error[E-552]: the line is longer than 16 MiB", Error);
}

TEST_CASE("what is no file that can be read") {
  TempFolder folder;
  CHECK_THROWS_WITH_AS(Source::open(folder / "none"),
                       (folder / "none: error[E-500]: cannot open: No such file or directory").c_str(), Error);
  CHECK_THROWS_WITH_AS(Source::open(folder.path()),
                       (folder.path() + ": error[E-500]: is a directory, expected a regular file").c_str(), Error);
}

TEST_CASE("numbers are whole texts") {
  CHECK(number_in("1.5") == 1.5);
  CHECK(number_in("5.155000e+03") == 5155);
  for (const char* text : {"", "1,5", "1.5 ", " 1", "nan", "-nan", "inf", "1e999", "0x10", "1.5ms"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(number_in(text).has_value());
  }
  CHECK(count_in("18446744073709551615").has_value());
  for (const char* text : {"", "-1", "1.0", "+1", "18446744073709551616"}) CHECK_FALSE(count_in(text).has_value());
}

TEST_CASE("times with their units") {
  CHECK(time_with_unit_us("635.91us") == doctest::Approx(635.91));
  CHECK(time_with_unit_us("0.85ms") == doctest::Approx(850));
  CHECK(time_with_unit_us("0.97s") == doctest::Approx(970'000));
  CHECK(time_with_unit_us("1.20m") == doctest::Approx(72e6));
  CHECK(time_with_unit_us("111.331\xc2\xb5s") == doctest::Approx(111.331));
  CHECK(time_with_unit_us("12 ms") == 12'000);
  for (const char* text : {"", "12", "ms", "548,88us", "1.2x", "-1ms"})
    CHECK_FALSE(time_with_unit_us(text).has_value());
}

TEST_CASE("points in time") {
  CHECK(rfc3339_us("2024-01-01T12:00:00Z") == 1'704'110'400'000'000);
  CHECK(rfc3339_us("2024-01-01T14:00:00.102493433+02:00") == 1'704'110'400'102'493);
  CHECK(rfc3339_us("2024-01-01T09:30:00.5-02:30") == 1'704'110'400'500'000);
  for (const char* text : {"", "2024-01-01", "2024-01-01T12:00:00", "2024-13-01T12:00:00Z", "2024-01-01T12:00:00.Z"}) {
    CHECK_FALSE(rfc3339_us(text).has_value());
  }
  CHECK(epoch_in("1704110400")->us == 1'704'110'400'000'000);
  CHECK(epoch_in("1704110400")->whole_seconds);
  CHECK(epoch_in("1704110400.25")->us == 1'704'110'400'250'000);
  CHECK(epoch_in("1704110400123")->us == 1'704'110'400'123'000);
  CHECK(epoch_in("1704110400123456")->us == 1'704'110'400'123'456);
  CHECK(epoch_in("1704110400123456789")->us == 1'704'110'400'123'456);
  CHECK_FALSE(epoch_in("1704110400123456").value().whole_seconds);
  for (const char* text : {"", "x", "-5", "1704110400,25", "99999999999999999999"})
    CHECK_FALSE(epoch_in(text).has_value());
}

TEST_CASE("CSV: quotes, doubled quotes, delimiters and line breaks inside") {
  Source source = Source::of_text("f", "a;\"b;\"\"c\"\"\";\"two\nlines\"\n\nd;;\"\"\r\n");
  CsvReader csv(source, ';');
  REQUIRE(csv.next());
  CHECK(csv.fields() == std::vector<std::string_view>{"a", "b;\"c\"", "two\nlines"});
  REQUIRE(csv.next());
  CHECK(csv.fields() == std::vector<std::string_view>{"d", "", ""});
  CHECK(source.line_number() == 4);
  CHECK_FALSE(csv.next());
}

TEST_CASE("JSON objects, member by member") {
  std::vector<std::string> seen;
  JsonScan scan(R"( { "a" : 1.5 , "b":{"c":["}",{"d":"\"]"}]}, "e":"x\\" ,"f":true} )");
  while (scan.next()) seen.push_back(std::string(scan.key()) + "=" + std::string(scan.value()));
  CHECK(scan.complete());
  CHECK(seen == std::vector<std::string>{"a=1.5", R"(b={"c":["}",{"d":"\"]"}]})", R"(e="x\\")", "f=true"});
  for (const char* text : {"", "[]", "{", "{\"a\":1", "{\"a\":1,}", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":\"x}",
                           "{\"a\":[}", "{\"a\":1} x", "{\"a\":1 \"b\":2}", "{,\"a\":1}"}) {
    CAPTURE(std::string(text));
    JsonScan broken(text);
    while (broken.next()) {
    }
    CHECK_FALSE(broken.complete());
  }
  std::string scratch;
  CHECK(unquoted(R"("a\"\u00e9")", scratch) == "a\"\xc3\xa9");
  CHECK(unquoted("\"plain\"", scratch) == "plain");
  CHECK_FALSE(unquoted("1", scratch).has_value());
  CHECK(member(R"({"a":1,"b":[2]})", "b") == "[2]");
  CHECK_FALSE(member(R"({"a":1})", "b").has_value());
}

TEST_CASE("texts: figures that are not what they look like") {
  Source source = Source::of_text("f", "Count: 482,317 total\nShare: 0.00%\nTime: 548,88us\nEnd:\n");
  const TextReport report(source);
  CHECK_THROWS_WITH_AS(
      report.need("Count:").count(),
      "f:1: error[E-552]: count: expected a whole number, got \"482,317\"; a decimal comma? run the tool with LC_ALL=C",
      Error);
  CHECK(report.need("Share:").number() == 0);
  CHECK_THROWS_WITH_AS(
      report.need("Time:").time_us(),
      "f:3: error[E-552]: expected a time with its unit, got \"548,88us\"; a decimal comma? run the tool with LC_ALL=C",
      Error);
  CHECK_THROWS_WITH_AS(report.need("End:").word(0), "f:4: error[E-552]: the line ends early; is the file cut off here?",
                       Error);
  CHECK_THROWS_WITH_AS(report.need("None:"),
                       "f: error[E-553]: there is no line 'None:'; did the tool end as it should?", Error);
}

}  // namespace
}  // namespace burstgate::importers
