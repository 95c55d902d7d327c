// The table of commands and flags as a manual page and as scripts for shells: written from the same table as --help, so
// that none of them can say something else.
#pragma once

#include <string>

namespace burstgate::cli {

// roff, for man(1). The same for every machine and day.
std::string man_page();

std::string bash_completions();
std::string zsh_completions();
std::string fish_completions();

}  // namespace burstgate::cli
