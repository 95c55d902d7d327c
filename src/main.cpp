#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/messages.hpp"
#include "cli/secret_words.hpp"

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    if (burstgate::cli::hide_secrets({argv, static_cast<std::size_t>(argc)})) {
      burstgate::cli::write_stderr(
          "warning: a secret in a URL on the command line can be read by other processes until burstgate has read it; "
          "use "
          "${NAME} in burstgate.yaml\n");
    }
    return burstgate::cli::dispatch(words);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "internal error, please report it: %s\n", error.what());
    return burstgate::cli::exit_internal;
  }
}
