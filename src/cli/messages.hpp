// What goes to stderr besides progress. Text from outside is in it, so it is made harmless for CI systems that take
// commands from a log.
#pragma once

#include <exception>
#include <string_view>

namespace burstgate::cli {

void print_error(const std::exception& error);

// A service's output, each line behind a bar.
void print_log_tail(std::string_view lines);

}  // namespace burstgate::cli
