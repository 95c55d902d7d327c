// The report as one HTML file that needs nothing else: no script, no font, no image, no network. Its style sheet is an
// extra: under Jenkins' content security policy, in a mail or in a text browser the same content stands in plain
// tables, and the charts carry their colours themselves. Light and dark, phone and paper. Well-formed as XML too.
//
// At most html_room bytes whatever the number of endpoints; what was left out is said, worst first.
#pragma once

#include <string>

#include "report/report.hpp"

namespace burstgate::report {

inline constexpr std::size_t html_room = 1'400'000;

std::string render_html(const Report& report);

}  // namespace burstgate::report
