// `--dry-run`: what would be done, in words and a small chart. Pure; nothing is started, reached or sent.
#pragma once

#include <string>

#include "config/course.hpp"
#include "config/read.hpp"

namespace burstgate::cli {

// Requests, users or rate over time, descriptors needed, expected duration, baseline and thresholds.
std::string plan_text(const config::Settings& settings);

// The load over time as lines of text, `columns` wide without the axis: highest level, half of it, zero. Of the time
// axis "." is warm-up and "-" is measured.
std::string load_chart(const config::Course& course, double warmup_s, int columns);

}  // namespace burstgate::cli
