// How a verdict was reached, as facts: what was compared, by which rule, and how a paired comparison ran.
#pragma once

#include <string>
#include <vector>

#include "report/rows.hpp"

namespace burstgate::report {

// What was compared with what, the rule, the limits' source, and of a paired comparison rounds, load, looks, error
// levels and why it stopped. `alpha_spent`: share of the error probability that the looks have spent, where the looks
// are known.
std::vector<Fact> road_facts(const Report& report, std::optional<double> alpha_spent);

}  // namespace burstgate::report
