// Saved results of any kind: baseline files, result files, and what importers/ recognises.
#pragma once

#include <string>
#include <vector>

#include "measure/measurement.hpp"

namespace burstgate::cli {

// Error (Trouble::usage) with path and place. The file is never changed.
std::vector<measure::Measurement> read_saved(const std::string& path);

}  // namespace burstgate::cli
