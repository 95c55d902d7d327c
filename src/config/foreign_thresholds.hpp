// Threshold documents in YAML that were not written for burstgate:
//
//   regression_thresholds: {api_response_time: {p95: 20%}, error_rate: {absolute: 0.1%}, throughput: {relative: 10%}}
//   content_generation: {response_time_p95: 6250ms, throughput_rps: 4.5, error_rate: 6%}     (alerts, one per
//   operation) {response_time_p95: 100, error_rate: 0.001, min_rps: 50}                                 (success
//   criteria) alerts: [{name: High Response Time, condition: "histogram_quantile(...) > 1"}]           (queries: only
//   named)
#pragma once

#include "config/foreign_rules.hpp"

namespace burstgate::config {

// What an absolute limit of the document does when it is broken.
enum class Tier { warn, fail };

bool is_foreign_thresholds(const Value& document);

// `document`: one that is_foreign_thresholds() knows.
ForeignRules read_foreign_thresholds(const Value& document, Tier tier, Mistakes& mistakes);

// Whether the document is {warning: FILE, critical: FILE}, each with alert limits.
bool is_alert_pair(const Value& document);
ForeignRules read_alert_pair(const Value& document, Mistakes& mistakes);

}  // namespace burstgate::config
