// CMakeLists.txt: of the programs that are built here the one that looks most like a service. CMake's language is not
// run, only its add_executable lines are read.
#include <algorithm>
#include <sstream>
#include <string_view>

#include "starter/look.hpp"

namespace burstgate::starter {

namespace {

constexpr int max_lists = 16;                   // CMakeLists.txt files that are followed
constexpr std::size_t max_calls = 256;          // of one command in one file
constexpr std::size_t max_call_bytes = 65'536;  // of one of them
constexpr int usual_port = 8080;

struct Program {
  std::string name;
  std::string folder;  // of its CMakeLists.txt, "server/" or ""
  std::vector<std::string> sources;
};

std::string without_comments(const std::string& text) {
  std::istringstream stream(text);
  std::string kept;
  for (std::string line; std::getline(stream, line);) kept += line.substr(0, line.find('#')) + "\n";
  return kept;
}

// The words of each call of `command`.
std::vector<std::vector<std::string>> calls(const std::string& text, const std::string& command) {
  std::vector<std::vector<std::string>> found;
  for (auto at = text.find(command); at != std::string::npos && found.size() < max_calls;
       at = text.find(command, at + 1)) {
    const auto open = text.find_first_not_of(" \t", at + command.size());
    if (open == std::string::npos || text[open] != '(') continue;
    const auto close = text.find(')', open);
    if (close == std::string::npos || close - open > max_call_bytes) break;
    std::istringstream stream(text.substr(open + 1, close - open - 1));
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    if (!words.empty()) found.push_back(std::move(words));
  }
  return found;
}

bool is_folder_word(const std::string& word) {
  return is_plain_word(word) && word.front() != '/' && word.find("..") == std::string::npos;
}

class Reader {
 public:
  explicit Reader(Repository& repository) : repository_(repository) {}

  std::vector<Program> read(const std::string& folder) {
    if (++lists_ > max_lists) return {};
    const auto text = repository_.read(folder + "CMakeLists.txt");
    if (!text) return {};
    const std::string lines = without_comments(*text);
    if (project_.empty()) {
      for (const auto& words : calls(lines, "project")) project_ = words.front();
    }
    std::vector<Program> programs;
    for (const auto& words : calls(lines, "add_executable")) {
      const bool by_project = words.front() == "${PROJECT_NAME}" || words.front() == "${CMAKE_PROJECT_NAME}";
      const std::string& name = by_project ? project_ : words.front();
      if (is_plain_word(name)) programs.push_back({name, folder, {words.begin() + 1, words.end()}});
    }
    for (const auto& words : calls(lines, "add_subdirectory")) {
      if (!is_folder_word(words.front())) continue;
      for (auto& program : read(folder + words.front() + "/")) programs.push_back(std::move(program));
    }
    return programs;
  }
  const std::string& project() const { return project_; }

 private:
  Repository& repository_;
  std::string project_;
  int lists_ = 0;
};

bool has_part(const std::string& name, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(), [&](auto part) { return name.find(part) != std::string::npos; });
}

int rank(const Program& program, const std::string& project) {
  if (has_part(program.name, {"test", "bench", "example", "fuzz"})) return -1;
  if (has_part(program.name, {"server", "service", "http", "api"})) return 2;
  return program.name == project ? 1 : 0;
}

std::string source_text(Repository& repository, const Program& program) {
  constexpr std::size_t most_sources = 32;
  std::string text;
  for (std::size_t i = 0; i < std::min(program.sources.size(), most_sources); ++i) {
    const std::string& word = program.sources[i];
    if (is_folder_word(word)) text += repository.read(program.folder + word).value_or("");
  }
  return text;
}

std::string built_path(const Repository& repository, const Program& program) {
  const std::string own = program.folder + program.name;
  for (const std::string& path :
       {"build/" + own, "build/release/" + own, "build/Release/" + own, "build/bin/" + program.name,
        "build/" + program.name, "cmake-build-release/" + own, "out/" + own}) {
    if (repository.has(path)) return path;
  }
  return "";
}

}  // namespace

std::optional<Start> look_at_cmake(Repository& repository) {
  Reader reader(repository);
  const std::vector<Program> programs = reader.read("");
  const auto best = std::max_element(programs.begin(), programs.end(), [&](const auto& a, const auto& b) {
    return rank(a, reader.project()) < rank(b, reader.project());
  });
  if (best == programs.end() || rank(*best, reader.project()) < 0) return std::nullopt;
  Start start;
  start.from = "add_executable(" + best->name + ") of " + best->folder + "CMakeLists.txt";
  start.build = {"cmake -B build -DCMAKE_BUILD_TYPE=Release", "cmake --build build"};
  std::string path = built_path(repository, *best);
  if (path.empty()) {
    path = "build/" + best->folder + best->name;
    repository.remark(path + " is not built yet: cmake -B build -DCMAKE_BUILD_TYPE=Release && cmake --build build");
  }
  const std::string source = source_text(repository, *best);
  start.command = {"./" + path};
  if (source.find("--port") != std::string::npos) {
    start.command.insert(start.command.end(), {"--port", "{port}"});
  } else if (source.find("getenv(\"PORT\")") != std::string::npos) {
    start.command.insert(start.command.begin(), {"env", "PORT={port}"});
  } else {
    start.port = usual_port;
    repository.remark(best->name + " shows no way to be told its port: 8080 is a guess");
  }
  start.health = health_path_in(source);
  return start;
}

}  // namespace burstgate::starter
