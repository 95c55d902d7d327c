// What the progress line says: pure, one line of at most `columns` columns.
#pragma once

#include <deque>
#include <string>

#include "load/burst.hpp"

namespace burstgate::cli {

// The course of a figure as a row of little bars, the newest at the right end, the tallest as tall as the largest among
// them.
class Sparkline {
 public:
  static constexpr std::size_t most = 16;
  void add(double value);  // not finite or below zero: a gap
  std::string text(bool unicode) const;
  std::size_t columns() const { return values_.size(); }

 private:
  std::deque<double> values_;
};

// "measuring  12/33 s  20 users  1204/s  p95 12.4 ms  0 failed  ▁▂▂▃"
std::string progress_text(const load::Progress& progress, const Sparkline& course, bool unicode, std::size_t columns);

// A paired comparison between two rounds.
struct PairedProgress {
  double paired_s = 0;
  double budget_s = 0;
  std::size_t rounds = 0;
  double baseline_p95_us = 0;  // of the last round of the latency phase; 0: none yet
  double candidate_p95_us = 0;
  std::uint64_t failed = 0;  // so far, on the candidate's side
  double next_look_s = 0;    // of paired time
};

// "12/60 s of load  38 rounds  next look at 18 s  p95 17.4 -> 23.8 ms  0 failed  ▃▄▃"
std::string progress_text(const PairedProgress& progress, const Sparkline& course, bool unicode, std::size_t columns);

std::string_view phase_text(load::Progress::Phase phase);

}  // namespace burstgate::cli
