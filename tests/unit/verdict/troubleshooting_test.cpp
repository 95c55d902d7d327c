// docs/troubleshooting.md has a row for every cause that a report can name.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "verdict/verdict.hpp"

using namespace burstgate::verdict;

TEST_CASE("every cause is in the troubleshooting page once") {
  std::ostringstream page;
  page << std::ifstream(BURSTGATE_SOURCE_DIR "/docs/troubleshooting.md").rdbuf();
  const std::string text = page.str();
  int rows = 0;
  for (auto at = text.find("\n| `"); at != std::string::npos; at = text.find("\n| `", at + 1)) ++rows;
  const int causes = static_cast<int>(Cause::interrupted);  // the last one
  CHECK(rows == causes);
  for (int cause = 1; cause <= causes; ++cause) {
    const std::string row = "\n| `" + std::string(name(static_cast<Cause>(cause))) + "` | ";
    INFO(row);
    const auto first = text.find(row);
    REQUIRE(first != std::string::npos);
    CHECK(text.find(row, first + 1) == std::string::npos);
  }
}
