#include "cli/messages.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "base/text.hpp"
#include "report/escape.hpp"

namespace burstgate::cli {

void print_error(const std::exception& error) {
  fmt::print(stderr, "{}\n", report::defused(error.what()));
}

void print_log_tail(std::string_view lines) {
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    fmt::print(stderr, "| {}\n", report::defused(visible(lines.substr(0, end))));
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
  }
}

}  // namespace burstgate::cli
