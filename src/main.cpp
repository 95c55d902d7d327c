#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"

int main(int argc, char** argv) {
  try {
    return burstgate::cli::dispatch({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "internal error, please report it: %s\n", error.what());
    return burstgate::cli::exit_internal;
  }
}
