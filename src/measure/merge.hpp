// Several results -> one: shards of one run, made by several generators at the same time, or runs of one tool one after
// the other.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "measure/measurement.hpp"

namespace burstgate::measure {

inline constexpr double max_shard_duration_difference = 0.10;  // of the longest

// Why these are not shards of one run: a point among them, other work, another duration; empty when they are.
// `index` is the shard that does not fit the first.
struct NotOneRun {
  std::size_t index = 0;
  std::string why;
};
std::optional<NotOneRun> not_one_run(const std::vector<Measurement>& shards);

// Counts and histograms are added, exactly. The duration is the longest; slices cannot be joined from their quantiles
// and are left out. The workload has one field more, "shards": three at 100/s are not one at 100/s. At least one shard,
// and not_one_run() has nothing to say (assertion).
Measurement merge_shards(const std::vector<Measurement>& shards);

// Runs of one tool one after the other, as one: counts and histograms added up and the slices in a row, or the median
// of each summary figure that all of them have. A run that was cut short stands for all. At least one.
Measurement as_one(const std::vector<Measurement>& runs);

}  // namespace burstgate::measure
