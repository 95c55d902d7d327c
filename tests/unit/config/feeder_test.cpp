#include "config/feeder_reader.hpp"

#include <doctest/doctest.h>

#include "unit/config/settings_file.hpp"

using namespace burstgate::config;
using namespace burstgate::config::test;

TEST_CASE("CSV as RFC 4180 writes it") {
  const Table table = parse_csv("user,password\r\nann,\"a,b\"\r\n\"b\"\"c\",\"two\nlines\"\n\nlast,\n");
  CHECK(table.trouble == "");
  CHECK(table.columns == std::vector<std::string>{"user", "password"});
  REQUIRE(table.rows.size() == 3);
  CHECK(table.rows[0] == std::vector<std::string>{"ann", "a,b"});
  CHECK(table.rows[1] == std::vector<std::string>{"b\"c", "two\nlines"});
  CHECK(table.rows[2] == std::vector<std::string>{"last", ""});
  CHECK(parse_csv("\xef\xbb\xbfname\nx").columns == std::vector<std::string>{"name"});
  CHECK(parse_csv("name\nx").rows.size() == 1);
  CHECK(parse_csv("a,b\n,\n").rows.front() == std::vector<std::string>{"", ""});
}

TEST_CASE("broken CSV is refused by line") {
  CHECK(parse_csv("a,b\n1,2\n3\n").trouble == "line 3: 1 values for 2 columns");
  CHECK(parse_csv("a\n\"x\ny\"\n\"open\n").trouble == "line 4: a quote that is not closed");
  CHECK(parse_csv("a\nx\"y\n").trouble == "line 2: a quote inside a value without quotes");
  CHECK(parse_csv("a\n\"x\"y\n").trouble == "line 2: text after a value in quotes");
}

TEST_CASE("JSON rows are mappings with the same keys") {
  const Table table =
      parse_json_rows(R"([{"a": "x", "n": 1.50, "o": {"k": true}}, {"o": null, "n": 2, "a": "y"}])", "f");
  CHECK(table.trouble == "");
  CHECK(table.columns == std::vector<std::string>{"a", "n", "o"});
  CHECK(table.rows[0] == std::vector<std::string>{"x", "1.5", "{\"k\":true}"});
  CHECK(table.rows[1] == std::vector<std::string>{"y", "2", "null"});
  CHECK(parse_json_rows("{}", "f").trouble == "expected a list of mappings, [{...}, ...]");
  CHECK(parse_json_rows("[{\"a\": 1}, 2]", "f").trouble == "item 1 is no mapping");
  CHECK(parse_json_rows("[{\"a\": 1}, {\"b\": 2}]", "f").trouble == "item 1 has no 'a'");
}

namespace {

std::string gate(const std::string& feeder, const std::string& profile, const std::string& more = "") {
  return "service: http://127.0.0.1:8080\n" + more + "workload:\n  feeders: [" + feeder +
         "]\n  scenarios: [{steps: [{get: \"/{user}\"}]}]\nprofiles: {p: " + profile + "}\n";
}

std::string outcome(const std::string& text) {
  const Folder folder;
  folder.write("users.csv", "user,unused\na,1\nb,2\n");
  try {
    const Settings settings = read_settings(folder.write("gate.yaml", text), {}, no_environment);
    return "read";
  } catch (const burstgate::Error& error) {
    return error.problems().front().what;
  }
}

}  // namespace

TEST_CASE("rows suffice for the users that each keep one, and a feeder that ends fits the comparison") {
  CHECK(outcome(gate("{file: users.csv}", "{users: 5}")) == "read");
  CHECK(outcome(gate("{file: users.csv, order: unique, per: user}", "{users: 2}")) == "read");
  CHECK(outcome(gate("{file: users.csv, order: unique, per: user}", "{users: 3}")) ==
        "users.csv has 2 rows for 3 users, each of which keeps one");
  CHECK(outcome(gate("{file: users.csv, order: unique, per: user}", "{rate: 10/s, connections: 3}")) ==
        "users.csv has 2 rows for 3 users, each of which keeps one");
  CHECK(outcome(gate("{file: users.csv, order: unique}", "{users: 3}")) == "read");
  CHECK(
      outcome(gate("{file: users.csv, order: unique}", "{users: 3}", "baseline: {url: \"http://127.0.0.1:8081\"}\n")) ==
      "users.csv ends, and a paired comparison takes as many rounds as it needs");
}
