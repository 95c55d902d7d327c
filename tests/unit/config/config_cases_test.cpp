// tests/cases/config_errors: each NAME.yaml is refused with the text in NAME.expected, to the letter.
// tests/cases/config_ok: each file is accepted. First lines "# env: NAME=value" and "# flag: users=50" set what the
// reader gets beside the file. UPDATE_GOLDEN=1 rewrites the expected texts; the diff is to be reviewed.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/error.hpp"
#include "config/read.hpp"

namespace {

using namespace burstgate;
namespace fs = std::filesystem;

const fs::path cases = fs::path(BURSTGATE_SOURCE_DIR) / "tests/cases";

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> yaml_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

struct Case {
  std::map<std::string, std::string> environment;
  std::vector<config::Override> overrides;
};

Case directives(const std::string& text) {
  Case found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line) && line.starts_with("# ");) {
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos) continue;
    const std::string value = line.substr(equals + 1);
    if (line.starts_with("# env: ")) found.environment[line.substr(7, equals - 7)] = value;
    if (line.starts_with("# flag: ")) {
      const std::string key = line.substr(8, equals - 8);
      found.overrides.push_back({key, value, "--" + key});
    }
  }
  return found;
}

// Reads the file as the commands do; what the error says, without the folder, or nothing.
std::string complaint(const fs::path& file) {
  const Case input = directives(content(file));
  const auto environment = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = input.environment.find(name);
    return found == input.environment.end() ? std::nullopt : std::optional(found->second);
  };
  try {
    if (config::is_thresholds_file(file.string())) {
      config::read_thresholds(file.string(), environment);
    } else {
      config::read_settings(file.string(), input.overrides, environment);
    }
  } catch (const Error& error) {
    CHECK(error.trouble() == Trouble::usage);
    std::string text = error.what();
    const std::string folder = file.parent_path().string() + "/";
    for (std::size_t at; (at = text.find(folder)) != std::string::npos;) text.erase(at, folder.size());
    return text + "\n";
  }
  return {};
}

}  // namespace

TEST_CASE("every file in config_errors is refused, with exactly the text beside it") {
  const auto files = yaml_files(cases / "config_errors");
  REQUIRE(files.size() > 40);
  for (const fs::path& file : files) {
    CAPTURE(file.filename().string());
    fs::path expected = file;
    expected.replace_extension(".expected");
    const std::string text = complaint(file);
    CHECK_FALSE(text.empty());
    if (std::getenv("UPDATE_GOLDEN")) std::ofstream(expected, std::ios::binary) << text;
    CHECK(text == content(expected));
  }
}

TEST_CASE("every file in config_ok is accepted") {
  const auto files = yaml_files(cases / "config_ok");
  REQUIRE(files.size() >= 8);
  for (const fs::path& file : files) {
    CAPTURE(file.filename().string());
    CHECK(complaint(file) == "");
  }
}

TEST_CASE("the shipped thresholds files are accepted") {
  const auto files = yaml_files(fs::path(BURSTGATE_SOURCE_DIR) / "thresholds");
  REQUIRE(files.size() == 6);
  for (const fs::path& file : files) {
    CAPTURE(file.filename().string());
    CHECK(config::is_thresholds_file(file.string()));
    CHECK(complaint(file) == "");
  }
}
