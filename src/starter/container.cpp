// Dockerfile and compose file: what runs in the container, and the port under which the machine reaches it.
#include <algorithm>
#include <charconv>
#include <sstream>
#include <string_view>

#include "base/error.hpp"
#include "base/json_text.hpp"
#include "config/foreign_yaml.hpp"
#include "starter/look.hpp"

namespace burstgate::starter {

namespace {

using Json = nlohmann::ordered_json;

constexpr int usual_port = 8080;

struct Dockerfile {
  std::optional<int> port;
  std::vector<std::string> command;  // ENTRYPOINT and CMD in the exec form
};

std::vector<std::string> exec_form(const std::string& text) {
  std::vector<std::string> words;
  try {
    for (const Json& word : parse_json(text, "Dockerfile")) {
      if (!word.is_string() || !is_plain_word(word.get<std::string>())) return {};
      words.push_back(word.get<std::string>());
    }
  } catch (const Error&) {
    return {};  // the shell form
  }
  return words;
}

// "CMD [...]" -> the word in upper case, and the rest.
std::pair<std::string, std::string> instruction(const std::string& line) {
  const auto start = line.find_first_not_of(" \t");
  if (start == std::string::npos) return {};
  const auto end = std::min(line.find_first_of(" \t", start), line.size());
  std::string word = line.substr(start, end - start);
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return {word, line.substr(end)};
}

Dockerfile parse_dockerfile(const std::string& text) {
  Dockerfile file;
  std::vector<std::string> entrypoint, command;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    std::string more;
    while (!line.empty() && line.back() == '\\' && std::getline(stream, more)) {
      line.pop_back();
      line += more;
    }
    const auto [word, rest] = instruction(line);
    if (word == "EXPOSE") file.port = port_after(rest, " ");
    if (word == "ENTRYPOINT") entrypoint = exec_form(rest);
    if (word == "CMD") command = exec_form(rest);
  }
  file.command = entrypoint;
  file.command.insert(file.command.end(), command.begin(), command.end());
  return file;
}

// An interpreter whose script is in the repository under the same name: it can run outside of the container as well.
std::string script_that_runs_here(const Repository& repository, const std::vector<std::string>& command) {
  constexpr std::string_view interpreters[] = {"node", "python", "python3", "ruby", "php", "deno", "bun"};
  if (command.size() < 2 ||
      std::find(std::begin(interpreters), std::end(interpreters), command[0]) == std::end(interpreters))
    return "";
  const auto script = std::find_if(command.begin() + 1, command.end(), [](const auto& word) { return word[0] != '-'; });
  return script != command.end() && repository.has(*script) ? *script : "";
}

// The port of this machine in a `ports:` entry: "8080:80", "127.0.0.1:8080:80", {published: 8080}.
std::optional<int> published_port(const Json& entry) {
  std::string text;
  if (entry.is_object() && entry.contains("published") && entry.at("published").is_string()) {
    text = ":" + entry.at("published").get<std::string>();
  } else if (entry.is_string()) {
    text = entry.get<std::string>();
    const auto last = text.rfind(':');
    if (last == std::string::npos) return std::nullopt;  // a port of docker's choice
    text = ":" + text.substr(0, last);
    text = text.substr(text.rfind(':'));
  }
  return text.empty() ? std::nullopt : port_after(text, ":");
}

std::optional<int> first_published(const Json& service) {
  if (!service.is_object() || !service.contains("ports") || !service.at("ports").is_array()) return std::nullopt;
  for (const Json& entry : service.at("ports")) {
    if (const auto port = published_port(entry)) return port;
  }
  return std::nullopt;
}

// The service that is built here comes first: the others are its database, its cache, ...
std::optional<int> port_of_services(const Json& services) {
  std::optional<int> other;
  for (const auto& service : services) {
    const auto port = first_published(service);
    if (port && service.contains("build")) return port;
    if (!other) other = port;
  }
  return other;
}

}  // namespace

std::optional<Start> look_at_dockerfile(Repository& repository) {
  const auto text = repository.read("Dockerfile");
  if (!text) return std::nullopt;
  const Dockerfile file = parse_dockerfile(*text);
  Start start;
  start.port = file.port.value_or(usual_port);
  if (!file.port) repository.remark("the Dockerfile exposes no port: 8080 is a guess");
  const std::string script = script_that_runs_here(repository, file.command);
  if (script.empty()) {
    start.from = "the Dockerfile; start it first, e.g. with docker run";
    return start;
  }
  start.from = "CMD of the Dockerfile";
  start.command = file.command;
  const std::string source = repository.read(script).value_or("");
  start.health = health_path_in(source);
  const bool asks_environment = source.find("\"PORT\"") != std::string::npos ||
                                source.find("'PORT'") != std::string::npos ||
                                source.find("env.PORT") != std::string::npos;
  if (asks_environment) {
    start.port.reset();
    start.command.insert(start.command.begin(), {"env", "PORT={port}"});
  }
  return start;
}

std::optional<Start> look_at_compose(Repository& repository) {
  for (const char* name : {"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"}) {
    const auto text = repository.read(name);
    if (!text) continue;
    const auto document = config::parse_foreign_yaml(*text);
    if (!document || !document->is_object() || !document->contains("services")) {
      repository.remark(std::string(name) + " is not read: no YAML with services");
      continue;
    }
    const auto port = port_of_services(document->at("services"));
    if (!port) continue;
    Start start;
    start.port = port;
    start.from = std::string(name) + "; start it first: docker compose up --detach --wait";
    start.build = {"docker compose up --detach --wait"};
    return start;
  }
  return std::nullopt;
}

}  // namespace burstgate::starter
