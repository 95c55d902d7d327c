// The runs of a baseline file as people look at them: in groups that are compared with each other.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "baseline/baseline.hpp"

namespace burstgate::cli {

struct NumberedRun {
  std::size_t number = 0;  // in the file, from 1
  const baseline::StoredRun* stored = nullptr;
};

struct Group {
  std::string title;  // "checkout, profile pr, CPU A, 4 cores"
  std::vector<NumberedRun> runs;
  std::vector<const baseline::Anchor*> anchors;
};

// In the order of their first runs; views into `contents`.
std::vector<Group> groups_of(const baseline::Contents& contents);

// "2026-01-31 10:00  0123456789  p50 2.10 ms, p95 20.1 ms, 199/s, errors 0.03 %".
std::string run_line(const measure::Measurement& run);

// " promoted 2026-01-31: reason" of a run that came by `promote`; "" otherwise.
std::string promotion_text(const baseline::StoredRun& stored);

// "p50 +1.0 %, p95 +12.3 %, throughput -0.4 %": medians of the second runs against those of the first.
std::string medians_text(const std::vector<const measure::Measurement*>& before,
                         const std::vector<const measure::Measurement*>& after);

// What is wrong with the runs, as `baseline verify` says it: one line each.
std::vector<std::string> troubles_of(const baseline::Contents& contents);

}  // namespace burstgate::cli
