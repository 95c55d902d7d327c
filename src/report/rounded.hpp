// Figures for machines that compare texts: few digits, so that noise in the fifth one is no difference.
#pragma once

#include <string>

namespace burstgate::report {

// To three significant digits. Finite values only.
double rounded(double value);
std::string rounded_text(double value);  // the shortest text that reads as rounded(value); never in a locale

}  // namespace burstgate::report
