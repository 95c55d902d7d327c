// Saved results of any kind: baseline files, result files, and what importers/ recognises.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "measure/measurement.hpp"

namespace burstgate::cli {

// Error (Trouble::usage) with path and place. The file is never changed. `value_unit_us`: of the values in a format
// that does not tell.
std::vector<measure::Measurement> read_saved(const std::string& path,
                                             std::optional<double> value_unit_us = std::nullopt);

// --value-unit in microseconds: "ns", "us", "ms" or "s". Error (Trouble::usage) for another word.
std::optional<double> value_unit_us(const std::optional<std::string>& word);

}  // namespace burstgate::cli
