// What comparing a service with itself says about a machine: how much one round differs for no reason, which change
// can be seen after how much load, and which limits fit. Paired runs in, a table out.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "measure/paired.hpp"
#include "verdict/verdict.hpp"

namespace burstgate::verdict {

inline constexpr std::array<double, 3> visible_after_s = {10, 30, 60};  // load on both sides together
// A proposed limit is seen after this much load, half of the usual budget: so that most runs end early.
inline constexpr double limit_visible_after_s = 30;
// No limit below this share of the default one is proposed, however quiet the machine is.
inline constexpr double smallest_limit_share = 0.25;

// Why the proposed limit is not smaller.
enum class LimitGrounds {
  smallest_share,  // a smaller one is never proposed
  largest_change,  // its tolerance, a quarter of it, covers the largest change between identical builds
  visibility,      // it is seen after limit_visible_after_s of load
  none,            // no limit that means anything would do: the machine or the service is too restless
};

// "Worse by" figures, as in Check: ratios for latency, throughput and CPU time, differences of shares for error_rate.
struct MetricCalibration {
  Metric metric = Metric::latency_p95;
  double value = 0;           // base unit; median of the runs
  std::size_t rounds = 0;     // in all runs together
  double noise = 0;           // of one round: 1.4826 times the median absolute deviation of its difference
  double largest_change = 0;  // >= 0: of the runs' estimates the one furthest from "unchanged", in whichever direction
  std::array<double, 3> visible{};  // smallest change that is found with 95 % after visible_after_s
  std::optional<double> limit;      // proposed; nothing: LimitGrounds::none
  LimitGrounds grounds = LimitGrounds::none;
  std::optional<double> floor;  // base unit; proposed where the default floor would hide a change of the limit's size
  Reason missing;               // with a cause: there are no figures
};

// For latency p50, p95 and p99, throughput, error rate and CPU time per request of the whole run. The runs compare a
// service with itself, at full length; at least one.
//
// The visible change is that of docs/statistics.md for one check: theta0 + (z(1 - alpha) + 1.645) SE on the judging
// scale, theta0 the tolerance of the proposed limit (of the default limit where none is proposed), alpha that of
// verdict/paired.hpp. SE of a run is the width of its 98 % interval around the Hodges-Lehmann estimate over 2 z(0.99);
// SE^2 times the run's length, averaged over the runs, gives SE^2 for every length. Error rates: the width of
// Newcombe's interval for as many requests as that much load sends.
std::vector<MetricCalibration> calibrate(const std::vector<measure::PairedRun>& runs);

}  // namespace burstgate::verdict
