// The rooms and the arrows between them (docs/architecture.md): who may include whom, and which library stays where.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const std::map<std::string, std::set<std::string>> allowed_arrows = {
    {"base", {}},
    {"config", {}},
    {"protocol", {}},
    {"measure", {}},
    {"stats", {"measure"}},
    {"baseline", {"measure"}},
    {"importers", {"measure"}},
    {"load", {"config", "protocol", "measure"}},
    {"target", {"config", "protocol", "measure"}},
    {"probe", {"config", "measure"}},
    {"verdict", {"stats", "measure", "config"}},
    {"report", {"verdict", "stats", "measure", "config"}},
    {"notify", {"protocol", "target"}},
    {"starter", {"config"}},
    {"cli",
     {"starter", "notify", "config", "protocol", "load", "target", "probe", "measure", "baseline", "importers", "stats",
      "verdict", "report"}},
};

struct Vendor {
  std::string include;  // how its includes begin
  std::set<std::string> rooms;
};
const std::vector<Vendor> vendors = {
    {"yaml-cpp/", {"config"}},
    {"cxxopts", {"cli"}},
    {"boost/asio", {"load", "target", "protocol"}},
    {"boost/beast", {"load", "target", "protocol"}},
    {"boost/math", {"stats", "target"}},
    {"boost/", {"load", "target", "protocol", "stats"}},
};

// What is wrong with one include line of a file in `room`; empty when nothing is.
std::string complaint(const std::string& room, const std::string& line) {
  static const std::regex quoted(R"(^\s*#\s*include\s+"([a-z_0-9]+)/)");
  static const std::regex angled(R"(^\s*#\s*include\s+<([^>]+)>)");
  std::smatch match;
  if (std::regex_search(line, match, quoted)) {
    const std::string other = match[1];
    if (other == room || other == "base") return {};
    if (allowed_arrows.at(room).count(other) > 0) return {};
    return room + " -> " + other + " is no allowed arrow";
  }
  if (!std::regex_search(line, match, angled)) return {};
  for (const auto& vendor : vendors) {
    if (match[1].str().rfind(vendor.include, 0) == 0 && vendor.rooms.count(room) == 0) {
      return "<" + match[1].str() + "> does not belong into " + room;
    }
  }
  return {};
}

}  // namespace

TEST_CASE("every include follows the allowed arrows") {
  const fs::path source = fs::path(BURSTGATE_SOURCE_DIR) / "src";
  int includes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(source)) {
    if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
    const fs::path relative = fs::relative(entry.path(), source);
    if (!relative.has_parent_path()) continue;  // main.cpp
    const std::string room = relative.begin()->string();
    INFO(relative.string());
    REQUIRE(allowed_arrows.count(room) == 1);
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      if (line.find("include") != std::string::npos) ++includes;
      CHECK_MESSAGE(complaint(room, line).empty(), complaint(room, line));
    }
  }
  CHECK(includes > 100);
}

TEST_CASE("the arrows have no circle") {
  // A room may be laid down once all rooms it points at are laid down.
  std::set<std::string> laid;
  for (std::size_t round = 0; round < allowed_arrows.size(); ++round) {
    for (const auto& [room, targets] : allowed_arrows) {
      if (std::includes(laid.begin(), laid.end(), targets.begin(), targets.end())) laid.insert(room);
    }
  }
  CHECK(laid.size() == allowed_arrows.size());
}

TEST_CASE("the reader of includes refuses what it should") {
  CHECK(complaint("stats", R"(#include "load/burst.hpp")") == "stats -> load is no allowed arrow");
  CHECK(complaint("verdict", R"(  #  include "report/report.hpp")") == "verdict -> report is no allowed arrow");
  CHECK(complaint("report", "#include <yaml-cpp/yaml.h>") == "<yaml-cpp/yaml.h> does not belong into report");
  CHECK(complaint("verdict", "#include <boost/asio.hpp>") != "");
  CHECK(complaint("verdict", R"(#include "stats/holm.hpp")").empty());
  CHECK(complaint("verdict", R"(#include "base/error.hpp")").empty());
  CHECK(complaint("load", "#include <boost/asio.hpp>").empty());
}
