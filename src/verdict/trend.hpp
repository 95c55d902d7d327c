// What a history of runs says: where each figure went, where it came to another level, and how far it drifted from its
// anchor. Pure: summaries in, values out. The rules, with their reasons, are in docs/statistics.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/metric.hpp"
#include "measure/run_summary.hpp"

namespace burstgate::verdict {

// A figure that moved by no more than this is stable: latency and throughput relatively, error rates by a difference.
inline constexpr double stable_within = 0.05;
inline constexpr double stable_within_share = 0.005;
// Changes of the level below this are nobody's business, however certain they are.
inline constexpr double smallest_shift = 0.02;
inline constexpr double smallest_shift_share = 0.001;
inline constexpr std::size_t min_runs_for_trend = 6;
inline constexpr std::size_t runs_at_an_end = 7;  // the beginning and the end of a history: medians of at most so many

enum class Direction { improving, stable, degrading, unclear, too_few };
std::string_view name(Direction direction);  // "improving", ..., "too few"

// The level changed between two runs.
struct Shift {
  std::size_t last_before = 0;  // runs by their index in the series
  std::size_t first_after = 0;
  double before = 0;  // medians of the levels, base unit
  double after = 0;
  double worse_by = 0;   // as in Check
  double p_value = 0;    // stats/change_points.hpp
  bool lasting = false;  // on no level since then was less than half of it left
};

struct Drift {
  double anchor = 0;  // median of the anchor's runs, base unit
  double now = 0;     // of the newest runs
  double worse_by = 0;
  Direction direction = Direction::stable;
};

// One figure over the runs of a series.
struct MetricTrend {
  Metric metric = Metric::latency_p95;
  std::string endpoint;                       // "" for the whole run
  std::vector<std::optional<double>> values;  // by run, base unit; nothing where a run does not have it
  std::size_t known = 0;
  double first = 0;  // medians of the oldest and the newest runs; with at least two values
  double last = 0;
  double worse_by = 0;  // of these two
  double spread = 0;    // between neighbouring runs: relative for latency and throughput, of shares for error rates
  Direction direction = Direction::too_few;
  std::vector<Shift> shifts;   // by run
  std::optional<Drift> drift;  // where the anchor has the figure
};

// Runs that can be compared: one operation, profile, machine class and workload.
struct SeriesTrend {
  std::string operation, profile, machine_class, workload_digest;
  std::vector<measure::RunSummary> runs;  // complete ones, by time
  bool superseded = false;                // the same on this machine goes on with another workload: nothing fails here
  std::vector<MetricTrend> metrics;       // the whole run's first, then the endpoints'
  std::vector<std::string> notes;         // gaps, runs that were left out
};

// Runs that do not move with the history, such as the last release's.
struct Anchor {
  std::string name;                       // "v1.2.0"
  std::vector<measure::RunSummary> runs;  // of every operation and machine
};

struct TrendQuestion {
  std::optional<int> days;       // before the newest run; nothing: all of them
  std::optional<Anchor> anchor;  // nothing: the oldest runs of each series
};

struct Trend {
  std::vector<SeriesTrend> series;  // those with the newest runs first
  std::size_t runs = 0;             // that were looked at
  std::int64_t from_unix_s = 0;     // of these runs
  std::int64_t to_unix_s = 0;
  std::string anchor;              // its name
  bool pinned = false;             // the anchor was asked for
  std::vector<std::string> notes;  // runs before the period, ...
};

Trend trend_of(const std::vector<measure::RunSummary>& runs, const TrendQuestion& question);

// What may fail a pipeline: a figure that degrades, or is further from a pinned anchor than it may be; and a change for
// the worse that is still there.
bool has_degraded(const Trend& trend);
bool has_lasting_shift(const Trend& trend);
bool is_known(const Trend& trend);  // some figure had enough runs to be judged

}  // namespace burstgate::verdict
