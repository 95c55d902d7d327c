// Whoever builds the service knows best how it starts, so the order is: package.json, CMake, the Dockerfile's command,
// and only then a container that runs already.
#include "starter/look.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace burstgate::starter {

Found look_at(Repository& repository) {
  Found found;
  found.name = repository.name();
  found.api = look_at_openapi(repository);
  found.start = look_at_node(repository);
  if (!found.start) found.start = look_at_cmake(repository);
  if (!found.start) found.start = look_at_dockerfile(repository);
  const auto compose = look_at_compose(repository);
  if (compose && (!found.start || found.start->command.empty())) found.start = compose;
  found.remarks = repository.remarks();
  return found;
}

std::string health_path_in(const std::string& source) {
  for (const char* path : {"/healthz", "/health", "/readyz", "/ready", "/livez", "/ping", "/status"}) {
    for (const char quote : {'"', '\'', '`'}) {
      if (source.find(quote + std::string(path) + quote) != std::string::npos) return path;
    }
  }
  return "";
}

std::optional<int> port_after(const std::string& text, const std::string& mark) {
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    const auto digits = text.find_first_not_of(" \t=(", at + mark.size());
    if (digits == std::string::npos) return std::nullopt;
    int port = 0;
    const auto [end, error] = std::from_chars(text.data() + digits, text.data() + text.size(), port);
    if (error == std::errc() && port >= 1 && port <= 65535) return port;
  }
  return std::nullopt;
}

bool is_plain_word(const std::string& word) {
  constexpr std::size_t longest = 200;
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./=,@%+:").find(c) != std::string_view::npos;
  };
  return !word.empty() && word.size() <= longest && std::all_of(word.begin(), word.end(), plain);
}

}  // namespace burstgate::starter
