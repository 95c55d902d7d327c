// The course of a figure in a word of text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace burstgate::report {

// At most `columns` characters from the smallest to the largest value; of more values each character is the median of
// its share. A character without a value is a blank. Values that are all the same are a line in the middle.
std::string sparkline(const std::vector<std::optional<double>>& values, std::size_t columns, bool unicode);

}  // namespace burstgate::report
