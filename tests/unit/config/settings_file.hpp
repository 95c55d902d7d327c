// A settings file of its own, read as the commands read it.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "config/read.hpp"

namespace burstgate::config::test {

namespace fs = std::filesystem;

// A folder of its own, removed at the end.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "burstgate-config-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Folder() { fs::remove_all(path_); }
  std::string write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }
  std::string at(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

inline const Environment no_environment = [](const std::string&) { return std::nullopt; };

inline Settings read(const std::string& text, const std::vector<Override>& overrides = {},
                     const std::map<std::string, std::string>& environment = {}) {
  const Folder folder;
  return read_settings(folder.write("gate.yaml", text), overrides,
                       [&](const std::string& name) -> std::optional<std::string> {
                         const auto found = environment.find(name);
                         return found == environment.end() ? std::nullopt : std::optional(found->second);
                       });
}

inline std::string refusal(const std::string& text, const std::vector<Override>& overrides = {}) {
  try {
    read(text, overrides);
  } catch (const Error& error) {
    CHECK(error.trouble() == Trouble::usage);
    return error.what();
  }
  return "accepted";
}

// The note without the folder of the file that it names.
inline std::string base_names(std::string note) {
  const std::size_t open = note.rfind('(');
  const std::size_t slash = note.rfind('/');
  if (open != std::string::npos && slash != std::string::npos && slash > open) note.erase(open + 1, slash - open);
  return note;
}

inline const std::string shortest = "service: http://127.0.0.1:8080\n";

}  // namespace burstgate::config::test
