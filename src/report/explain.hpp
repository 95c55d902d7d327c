// Why a verdict is what it is: each check's numbers, the questions that its rule asked of them, and the answers. For a
// terminal, in plain words. Nothing is decided or computed here: the steps of a paired comparison come from the judge.
#pragma once

#include <string>
#include <vector>

#include "report/report.hpp"
#include "verdict/paired.hpp"

namespace burstgate::report {

struct Explanation {
  std::vector<verdict::PairedLook> looks;  // of a paired comparison whose rounds are known
  std::vector<std::string> remarks;        // said first: other limits than the file's, ...
};

// report.verdict must be there.
std::string render_explanation(const Report& report, const Explanation& explanation, bool color, bool unicode);

}  // namespace burstgate::report
