// A change and its interval as a strip of text, drawn against no change, tolerance and limit.
//
//   better .............0..T---------L///////[====o=====]////////////// worse
//
// Strips of one width and reach have the same geometry whatever the metric: 0 and the limit L always stand in the same
// columns and the zone beyond the limit is hatched, so that strips below each other can be compared at a glance. What
// lies outside is cut off with "<" or ">".
#pragma once

#include <string>

#include "verdict/verdict.hpp"

namespace burstgate::report {

// `width` columns (at least 8) from -1 times the limit to `reach` times the limit; empty when the check has no change,
// or no limit that is a finite number above zero.
std::string picture(const verdict::Check& check, std::size_t width, int reach, bool unicode);

// What the marks mean, in one line of less than 80 columns.
std::string picture_legend(bool unicode, bool with_warning);

}  // namespace burstgate::report
