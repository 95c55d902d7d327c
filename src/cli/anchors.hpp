// Pinned runs of a baseline file: for a verdict, and for a trend.
#pragma once

#include <optional>
#include <string>

#include "verdict/judge.hpp"
#include "verdict/trend.hpp"

namespace burstgate::cli {

// The runs of a saved file of any kind, and the anchors of a baseline file. Error (Trouble::usage).
verdict::BaselineSide read_baseline_side(const std::string& path, std::optional<double> value_unit_us = std::nullopt);

// The anchors of a baseline file; of any other saved file its runs. Error (Trouble::usage) when there is none.
verdict::Anchor anchor_in_file(const std::string& path);

}  // namespace burstgate::cli
