#include <doctest/doctest.h>

#include "config/exec_reader.hpp"

using namespace burstgate::config;

TEST_CASE("an argument of the tool: what it is told about the service, and nothing else, is filled in") {
  const ExecPlaces places{"http://[::1]:8080", "::1", "8080", "/tmp/{port}"};
  const auto filled = [&](const std::string& argument) { return filled_argument(argument, places); };
  CHECK(filled("{url}/a?b={port}") == "http://[::1]:8080/a?b=8080");
  CHECK(filled("{host}:{port}{port}") == "::1:80808080");
  CHECK(filled("{output}_stats.csv") == "/tmp/{port}_stats.csv");
  CHECK(filled(R"({"message": "{name}", "{": {}})") == R"({"message": "{name}", "{": {}})");
  CHECK(filled("{") == "{");
  CHECK(filled("") == "");
}
