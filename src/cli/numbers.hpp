// Whole numbers of flags that only one command has.
#pragma once

#include <cstddef>
#include <optional>

#include "cli/arguments.hpp"

namespace burstgate::cli {

// The value of an own flag; nothing when it was not given. Error (Trouble::usage) when it is none from `least` to
// `most`.
std::optional<std::size_t> whole_number(const Arguments& arguments, const char* flag, std::size_t least,
                                        std::size_t most);

}  // namespace burstgate::cli
