#include "cli/messages.hpp"

#include <cstdio>
#include <vector>

#include "base/text.hpp"

namespace burstgate::cli {

void write_stderr(std::string_view text) {
  [[maybe_unused]] const std::size_t written = std::fwrite(text.data(), 1, text.size(), stderr);
}

void print_error(const std::exception& error) {
  print_stderr("{}\n", error.what());
}

namespace {

std::vector<std::string>& hidden() {
  static std::vector<std::string> secrets;
  return secrets;
}

}  // namespace

std::string without_hidden(std::string text) {
  for (const std::string& secret : hidden()) {
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3))
      text.replace(at, secret.size(), "***");
  }
  return text;
}

void hide_from_messages(const std::string& secret) {
  constexpr std::size_t shortest = 6;
  if (secret.size() >= shortest) hidden().push_back(secret);
}

void print_log_tail(std::string_view lines) {
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    print_stderr("| {}\n", visible(lines.substr(0, end)));
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
  }
}

}  // namespace burstgate::cli
