// The result on one terminal screen: verdict and reason, the worst checks with their pictures, and what to do next. The
// whole of it is in render_console().
#pragma once

#include <string>

#include "report/report.hpp"

namespace burstgate::report {

inline constexpr std::size_t screen_lines = 23;  // of 24: the last one is the prompt's

// At most screen_lines lines of page_columns columns; checks that do not fit are counted.
std::string render_screen(const Report& report, bool color, bool unicode);

}  // namespace burstgate::report
