// Waivers: limits that are wider for a while, each with its reason and its last day.
//
//   - metric: latency_p95
//     endpoint: chat              # left out: the whole run
//     regression: +40%            # instead of the limit against the baseline, and/or
//     limit: 700ms                # instead of the absolute one
//     reason: "new index is being built, see the plan"
//     until: 2026-12-31
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/thresholds.hpp"

namespace burstgate::config {

struct Value;
struct Reading;

struct Waiver {
  Metric metric = Metric::latency_p95;
  std::string endpoint;              // "" for the whole run
  std::optional<double> regression;  // as RegressionRule::fail
  std::optional<double> limit;       // as AbsoluteRule::fail
  std::string reason;
  std::string until;  // "2026-12-31", that day included
  Place place;
};

// Error (Trouble::usage) with all mistakes. A file without any waiver is fine: they come and go.
std::vector<Waiver> read_waivers(const std::string& file);
// The waivers themselves, or the path of their file.
std::vector<Waiver> read_waivers(const Value& value, const Reading& reading);

// What became of them.
struct Waived {
  Thresholds thresholds;              // a waived rule warns at its own limit and fails at the waiver's
  std::vector<Waiver> in_force;       // that changed a rule
  std::vector<std::string> warnings;  // expired, without a rule, no wider than the rule: one line each
};
Waived with_waivers(Thresholds thresholds, const std::vector<Waiver>& waivers, std::string_view today);

// "WAIVED until 2026-12-31: chat latency_p95 may be +40 % worse than the baseline: the reason (waivers.yaml:2:5)".
std::string text_of(const Waiver& waiver);

}  // namespace burstgate::config
