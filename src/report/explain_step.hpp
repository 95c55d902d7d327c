// One check of an explanation as facts: its figures, and its rule as questions with their answers.
#pragma once

#include <string>
#include <vector>

#include "report/rows.hpp"
#include "verdict/paired.hpp"

namespace burstgate::report {

// How a look of a paired comparison judged the check.
std::vector<Fact> step_facts(const verdict::PairedStep& step);

// What a saved verdict alone tells of a check against the baseline.
std::vector<Fact> saved_facts(const verdict::Check& check);

std::string level_text(double share);  // an error probability: "1 %", "0.033 %"

}  // namespace burstgate::report
