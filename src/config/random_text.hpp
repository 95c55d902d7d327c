// {random:...}: what is drawn each time.
#pragma once

#include <string_view>
#include <variant>

#include "config/placeholder.hpp"
#include "config/units.hpp"

namespace burstgate::config {

// "random:int:1:100", "random:uuid", "random:hex:16", "random:choice:a|b".
Parsed<Random> parse_random(std::string_view text);

inline constexpr int max_random_digits = 64;

}  // namespace burstgate::config
