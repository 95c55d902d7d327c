// regression / limits / endpoints -> Thresholds, and whether they fit the plan.
#pragma once

#include "config/fields.hpp"
#include "config/plan.hpp"
#include "config/thresholds.hpp"

namespace burstgate::config {

// `source` names the document in reports. A document without a single rule is a mistake.
Thresholds read_thresholds_document(const Value& document, const std::string& source, Mistakes& mistakes);

// One limit as it stands in a rule: "+20%" or "0.5pp" against the baseline, "500ms", "1%" or "100/s" of the run.
std::optional<double> read_regression_limit(const Value& value, Metric metric, Mistakes& mistakes);
std::optional<double> read_absolute_limit(const Value& value, Metric metric, Mistakes& mistakes);

// Rules for endpoints that the plan does not have, and quantiles that the planned requests can never decide.
void check_thresholds(const Thresholds& thresholds, const Plan& plan, Mistakes& mistakes);

}  // namespace burstgate::config
