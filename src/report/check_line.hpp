// One line of terminal text for a check: both sides, the change and its picture, in columns.
#pragma once

#include <cstddef>
#include <string>

#include "measure/measurement.hpp"
#include "report/page.hpp"
#include "verdict/verdict.hpp"

namespace burstgate::report {

inline constexpr std::size_t check_name_columns = 23;

// What follows the name.
struct CheckLine {
  std::string values;   // "  17.4 ms -> 23.8 ms   +36.3 % "
  std::string picture;  // or ""
  std::string limit;    // in words, where there is no picture
};
CheckLine check_line(const verdict::Check& check, const measure::EndpointResult* measured, bool unicode);

}  // namespace burstgate::report
