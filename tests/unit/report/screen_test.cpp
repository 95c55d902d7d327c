// The result screen fits a terminal of 80 by 24 whatever is in it.
#include "report/screen.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "base/text.hpp"
#include "fixtures.hpp"
#include "report/escape.hpp"
#include "report/page.hpp"
#include "support/hostile_strings.hpp"

namespace burstgate::test {

namespace {

void check_fits(const report::Report& report) {
  for (const bool unicode : {true, false}) {
    std::istringstream in(report::render_screen(report, false, unicode));
    std::size_t lines = 0;
    for (std::string line; std::getline(in, line); ++lines) {
      CHECK_MESSAGE(visible(line) == line, line);
      // Commands are never shortened, and a path may have no blank in it; CI commands are broken up after all.
      const bool is_command = line.starts_with("    ") || line.find("\\x23") != std::string::npos;
      CHECK_MESSAGE((is_command || report::columns(line) <= report::page_columns), line);
    }
    CHECK_MESSAGE(lines <= report::screen_lines, report::render_screen(report, false, unicode));
  }
}

}  // namespace

TEST_CASE("the result fits on one screen") {
  for (const ReportCase& report_case : report_cases()) {
    CAPTURE(report_case.name);
    check_fits(report_case.make());
  }
  for (const std::string& naughty : hostile_strings()) {
    CAPTURE(naughty);
    check_fits(report_of(naughty));
  }
}

TEST_CASE("what does not fit on the screen is counted") {
  const std::string text = report::render_screen(report_with_endpoints(200), false, true);
  CHECK(text.find(" more checks\n") != std::string::npos);
  CHECK(text.find("exit code ") != std::string::npos);
  check_fits(report_with_endpoints(200));
}

}  // namespace burstgate::test
