#include "stats/course_figures.hpp"

#include <algorithm>
#include <cmath>

#include "stats/sample.hpp"
#include "stats/theil_sen.hpp"

namespace burstgate::stats {

namespace {

constexpr double rounding_s = 1e-6;       // of slice edges that were saved as decimals
constexpr std::size_t most_points = 300;  // of a Theil-Sen line, whose pairs are all looked at
constexpr double second = 1.0;
constexpr double sustained_quantile = 0.1;

double end_of(const measure::Slice& slice) {
  return slice.start_s + slice.duration_s;
}

bool within(const measure::Slice& slice, Stretch stretch) {
  return slice.start_s >= stretch.start_s - rounding_s && end_of(slice) <= stretch.end_s + rounding_s;
}

bool keeps(const measure::Slice& slice, const RecoveryLimits& limits) {
  const auto answers = static_cast<double>(slice.ok + slice.failed);
  if (static_cast<double>(slice.failed) > limits.error_rate * answers) return false;
  return !limits.p95_us || slice.samples == 0 || slice.p95_us <= *limits.p95_us;
}

// Whether each slice after the peak is within the limits.
std::vector<bool> kept_after(const Slices& slices, std::size_t first, const RecoveryLimits& limits) {
  std::vector<bool> kept(slices.size() - first);
  bool next = false;
  for (std::size_t i = slices.size(); i-- > first;) {
    if (slices[i].ok + slices[i].failed > 0) next = keeps(slices[i], limits);
    kept[i - first] = next;
  }
  return kept;
}

// Successes per second of stretches of whole slices that last at least a second: one after the other, or each that a
// slice begins.
std::vector<double> rates(const Slices& slices, Stretch stretch, bool overlapping) {
  std::vector<double> found;
  for (std::size_t i = 0; i + 1 < slices.size();) {
    double length_s = 0;
    std::uint64_t ok = 0;
    std::size_t next = i;
    while (next + 1 < slices.size() && within(slices[next], stretch) && length_s < second - rounding_s) {
      length_s += slices[next].duration_s;
      ok += slices[next++].ok;
    }
    const bool whole = length_s >= second - rounding_s;
    if (whole) found.push_back(static_cast<double>(ok) / length_s);
    i = whole && !overlapping ? next : i + 1;
  }
  return found;
}

}  // namespace

std::optional<Recovery> recovery(const Slices& slices, double peak_end_s, const RecoveryLimits& limits) {
  const auto first_after = std::find_if(slices.begin(), slices.end(), [&](const measure::Slice& slice) {
    return end_of(slice) > peak_end_s + rounding_s;
  });
  if (first_after == slices.end()) return std::nullopt;
  const auto first = static_cast<std::size_t>(first_after - slices.begin());
  const std::vector<bool> kept = kept_after(slices, first, limits);
  Recovery result{end_of(slices.back()) - peak_end_s, false};
  std::size_t exceptions = 0;
  for (std::size_t i = kept.size(); i-- > 0;) {
    if (!kept[i]) ++exceptions;
    if (!kept[i] || exceptions > (kept.size() - i) / slices_per_exception) continue;
    result = {end_of(slices[first + i]) - peak_end_s, true};
  }
  return result;
}

std::optional<double> latency_drift(const Slices& slices, Stretch stretch) {
  Slices used;
  for (const measure::Slice& slice : slices) {
    if (slice.samples > 0 && within(slice, stretch)) used.push_back(slice);
  }
  if (used.size() < min_drift_slices) return std::nullopt;
  const std::size_t per_point = (used.size() + most_points - 1) / most_points;
  std::vector<double> x, y;
  for (std::size_t i = 0; i < used.size(); i += per_point) {
    std::vector<double> p95;
    const std::size_t end = std::min(i + per_point, used.size());
    for (std::size_t j = i; j < end; ++j) p95.push_back(used[j].p95_us);
    x.push_back((used[i].start_s + end_of(used[end - 1])) / 2);
    y.push_back(median(p95));
  }
  const auto line = theil_sen(x, y);
  if (!line || line->at(stretch.start_s) <= 0) return std::nullopt;
  return line->at(stretch.end_s) / line->at(stretch.start_s) - 1;
}

std::optional<double> sustained_throughput(const Slices& slices, Stretch stretch) {
  std::vector<double> seconds = rates(slices, stretch, false);
  if (seconds.size() < min_sustained_seconds) return std::nullopt;
  std::sort(seconds.begin(), seconds.end());
  return seconds[static_cast<std::size_t>(std::ceil(sustained_quantile * static_cast<double>(seconds.size()))) - 1];
}

std::optional<double> peak_throughput(const Slices& slices) {
  if (slices.empty()) return std::nullopt;
  const std::vector<double> seconds = rates(slices, {0, end_of(slices.back())}, true);
  return seconds.empty() ? std::nullopt : std::optional<double>(*std::max_element(seconds.begin(), seconds.end()));
}

std::optional<double> usual_p95_us(const Slices& slices, Stretch stretch) {
  std::vector<double> p95;
  for (const measure::Slice& slice : slices) {
    if (slice.samples > 0 && within(slice, stretch)) p95.push_back(slice.p95_us);
  }
  return p95.empty() ? std::nullopt : std::optional<double>(median(p95));
}

}  // namespace burstgate::stats
