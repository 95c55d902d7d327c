#include "cli/messages.hpp"

#include <cstdio>

#include "base/text.hpp"

namespace burstgate::cli {

void write_stderr(std::string_view text) {
  [[maybe_unused]] const std::size_t written = std::fwrite(text.data(), 1, text.size(), stderr);
}

void print_error(const std::exception& error) {
  print_stderr("{}\n", error.what());
}

void print_log_tail(std::string_view lines) {
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    print_stderr("| {}\n", visible(lines.substr(0, end)));
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
  }
}

}  // namespace burstgate::cli
