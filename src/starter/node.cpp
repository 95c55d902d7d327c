// package.json: scripts.start is what `npm start` runs. A service that takes its port from the environment does so by
// PORT: hosting services have made that a custom.
#include <sstream>
#include <string_view>

#include "base/error.hpp"
#include "base/json_text.hpp"
#include "starter/look.hpp"

namespace burstgate::starter {

namespace {

using Json = nlohmann::ordered_json;

std::string text_at(const Json& json, std::initializer_list<const char*> keys) {
  const Json* at = &json;
  for (const char* key : keys) {
    if (!at->is_object() || !at->contains(key)) return "";
    at = &at->at(key);
  }
  return at->is_string() ? at->get<std::string>() : "";
}

// The words of a script that needs no shell; empty when it does.
std::vector<std::string> plain_words(const std::string& script) {
  std::istringstream stream(script);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) {
    if (!is_plain_word(word) || (words.empty() && word.find('=') != std::string::npos)) return {};
    words.push_back(word);
  }
  return script.find_first_of("\r\n") == std::string::npos ? words : std::vector<std::string>{};
}

// The file that the command hands to node.
std::string script_of(const std::vector<std::string>& command) {
  for (std::size_t i = 1; i < command.size(); ++i) {
    if (command[i].front() != '-') return command[i];
  }
  return "";
}

std::string entry_without_script(const Repository& repository, const Json& package) {
  const std::string main = text_at(package, {"main"});
  for (const std::string& file : {main, std::string("server.js"), std::string("app.js"), std::string("index.js")}) {
    if (is_plain_word(file) && file.front() != '-' && repository.has(file)) return file;
  }
  return "";
}

std::string leading_digits(const std::string& text) {
  constexpr const char* digits = "0123456789";
  const auto start = text.find_first_of(digits);
  if (start == std::string::npos) return "";
  const std::string number = text.substr(start, text.find_first_not_of(digits, start) - start);
  return number.size() <= 2 ? number : "";
}

std::vector<std::string> build_lines(const Repository& repository, const Json& package) {
  std::vector<std::string> lines;
  const bool needs_packages = package.contains("dependencies") || package.contains("devDependencies");
  if (repository.has("package-lock.json")) {
    lines.emplace_back("npm ci");
  } else if (needs_packages) {
    lines.emplace_back("npm install");
  }
  if (!text_at(package, {"scripts", "build"}).empty()) lines.emplace_back("npm run build");
  return lines;
}

// The port in the script itself, or in the source when that does not ask the environment.
std::optional<int> fixed_port(const std::string& script, const std::string& source) {
  for (const char* flag : {"--port", " -p "}) {
    if (const auto port = port_after(script, flag)) return port;
  }
  if (source.find("env.PORT") != std::string::npos) return std::nullopt;
  return port_after(source, "listen(");
}

std::optional<Json> read_package(Repository& repository) {
  const auto text = repository.read("package.json");
  if (!text) return std::nullopt;
  try {
    Json package = parse_json(*text, "package.json");
    if (package.is_object()) return package;
  } catch (const Error& error) {
    repository.remark("package.json is not read: " + error.problems().front().what);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Start> look_at_node(Repository& repository) {
  const auto package = read_package(repository);
  if (!package) return std::nullopt;
  const std::string script = text_at(*package, {"scripts", "start"});
  std::vector<std::string> command = plain_words(script);
  Start start;
  start.from = "scripts.start of package.json";
  if (script.empty()) {
    const std::string entry = entry_without_script(repository, *package);
    if (entry.empty()) return std::nullopt;
    command = {"node", entry};
    start.from = "main of package.json";
  } else if (command.empty() || command.front() != "node") {
    command = {"npm", "--silent", "start"};
  }
  const std::string file = command.front() == "node" ? script_of(command) : entry_without_script(repository, *package);
  const std::string source = file.empty() ? "" : repository.read(file).value_or("");
  if (script.empty() && source.find("listen(") == std::string::npos) return std::nullopt;  // a library
  start.port = fixed_port(script, source);
  start.command = std::move(command);
  if (!start.port) start.command.insert(start.command.begin(), {"env", "PORT={port}"});
  start.build = build_lines(repository, *package);
  start.node_version = leading_digits(text_at(*package, {"engines", "node"}));
  if (start.node_version.empty()) start.node_version = "20";
  start.health = health_path_in(source);
  return start;
}

}  // namespace burstgate::starter
