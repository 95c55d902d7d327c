// The sign and the colour of an outcome on a terminal.
#pragma once

#include <string>

#include "report/page.hpp"
#include "verdict/verdict.hpp"

namespace burstgate::report {

Ink ink_of(verdict::Outcome outcome);
std::string sign_of(verdict::Outcome outcome, bool unicode);  // one column

}  // namespace burstgate::report
