// Every point becomes one 64-bit key: endpoint, how it ended, slice, histogram bucket. Fresh keys are sorted into a
// list of (key, count) now and then; when that list or the number of slices grows too long, slices become twice as
// long.
#include "importers/raw_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "base/utc_time.hpp"
#include "importers/values.hpp"
#include "measure/slice_samples.hpp"

namespace burstgate::importers {

namespace {

using measure::Failure;
using measure::Histogram;
using measure::SliceSamples;

constexpr int endpoint_shift = 56, class_shift = 54, slice_shift = 16;
constexpr std::uint64_t slice_mask = (std::uint64_t{1} << (class_shift - slice_shift)) - 1;
constexpr std::uint64_t bucket_mask = (std::uint64_t{1} << slice_shift) - 1;
constexpr std::int64_t slice_bias = std::int64_t{1} << 37;  // so that slices before the first point's have a key
static_assert(RawPoints::most_names <= 1u << (64 - endpoint_shift));

constexpr std::size_t most_fresh = 256u << 10;
constexpr std::size_t most_entries = 256u << 10;
constexpr std::int64_t longest_run_us = std::int64_t{30} * 24 * 3600 * 1'000'000;
constexpr std::int64_t second_us = 1'000'000;

std::int64_t floored(std::int64_t value, std::int64_t step) {
  return (value >= 0 ? value / step : -((-value + step - 1) / step)) * step;
}

std::uint64_t key_of(std::uint64_t endpoint, std::uint64_t ended, std::int64_t slice, std::uint64_t bucket) {
  return endpoint << endpoint_shift | ended << class_shift |
         static_cast<std::uint64_t>(slice + slice_bias) << slice_shift | bucket;
}
std::int64_t slice_in(std::uint64_t key) {
  return static_cast<std::int64_t>(key >> slice_shift & slice_mask) - slice_bias;
}
std::uint64_t bucket_in(std::uint64_t key) {
  return key & bucket_mask;
}

// Adds up the counts of equal keys, which stand side by side.
template <typename Entries>
void add_up(Entries& entries) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (kept > 0 && entries[kept - 1].first == entries[i].first) {
      entries[kept - 1].second += entries[i].second;
    } else {
      entries[kept++] = entries[i];
    }
  }
  entries.resize(kept);
}

bool is_late(Failure failure) {
  return failure == Failure::timeout || failure == Failure::send_timeout;
}

}  // namespace

void RawPoints::set_intervals(std::int64_t origin_us, std::int64_t length_us) {
  intervals_ = true;
  origin_us_ = origin_us;
  slice_us_ = std::max(length_us, shortest_slice_us);
}

void RawPoints::cover(std::int64_t start_us, std::int64_t end_us) {
  first_us_ = std::min(first_us_, start_us);
  last_us_ = std::max(last_us_, end_us);
}

std::size_t RawPoints::endpoint_index(std::string_view name) {
  const std::string_view shown = name.empty() ? "(no name)" : name;
  if (last_endpoint_ < endpoints_.size() && endpoints_[last_endpoint_].name == shown) return last_endpoint_;
  const auto [found, is_new] = index_of_name_.try_emplace(std::string(shown), endpoints_.size());
  if (is_new) {
    if (endpoints_.size() == most_names) {
      source_.fail(too_many_names,
                   fmt::format("more than {} different names; this one is \"{}\"", most_names, elided(shown, 120)),
                   std::string(label_hint_));
    }
    endpoints_.emplace_back().name = shown;
  }
  return last_endpoint_ = found->second;
}

void RawPoints::check_near(std::int64_t at_us) const {
  if (std::abs(at_us - origin_us_) <= longest_run_us) return;
  source_.fail(inconsistent, "a point in time more than 30 days away from that of the first request",
               "two runs in one file, or a clock that was set?");
}

void RawPoints::add(const RawPoint& point) {
  BURSTGATE_ASSERT(point.latency_us >= 0);
  const std::int64_t started_us = point.ended_us - point.latency_us;
  if (count_ == 0 && !intervals_) {
    origin_us_ = whole_seconds_ ? floored(point.ended_us, second_us) : started_us;
    if (whole_seconds_) slice_us_ = second_us;
  }
  check_near(started_us);
  check_near(point.ended_us);
  if (point.times > most_points - count_) source_.fail(inconsistent, "more requests than can be counted");
  const std::int64_t slice = floored(point.ended_us - origin_us_, slice_us_) / slice_us_;
  const std::size_t index = endpoint_index(point.endpoint);
  count_ += point.times;
  const bool start_known = !whole_seconds_ && !intervals_;
  first_us_ = std::min(first_us_, start_known ? started_us : point.ended_us);
  last_us_ = std::max(last_us_, whole_seconds_ ? point.ended_us + second_us : point.ended_us);

  Endpoint& endpoint = endpoints_[index];
  measure::Counts& counts = endpoint.counts;
  if (point.status > 0) counts.statuses[point.status] += point.times;
  if (point.failure) {
    counts[*point.failure] += point.times;
  } else {
    counts.ok += point.times;
    counts.body_bytes += point.bytes;
  }
  const Class ended = !point.failure ? ok : is_late(*point.failure) ? late : failed;
  const std::int64_t value = std::clamp(point.latency_us, Histogram::lowest_us, Histogram::highest_us);
  auto& extent = endpoint.extents[ended];
  extent.min_us = std::min(extent.min_us, value);
  extent.max_us = std::max(extent.max_us, value);
  if (point.latency_us > Histogram::highest_us) extent.overflow += point.times;
  fresh_.emplace_back(key_of(index, ended, slice, Histogram::index_of(value)), point.times);
  if (fresh_.size() >= most_fresh) compact();
}

void RawPoints::compact() {
  std::sort(fresh_.begin(), fresh_.end());
  add_up(fresh_);
  std::vector<Entry> merged(entries_.size() + fresh_.size());
  std::merge(entries_.begin(), entries_.end(), fresh_.begin(), fresh_.end(), merged.begin());
  fresh_.clear();
  add_up(merged);
  entries_ = std::move(merged);
  const auto slices = [&] { return (last_us_ - first_us_) / slice_us_; };
  while (slices() >= most_slices || (entries_.size() > most_entries && slices() > 0)) widen_slices();
}

void RawPoints::widen_slices() {
  slice_us_ *= 2;
  for (auto& [key, count] : entries_) {
    const std::int64_t slice = floored(slice_in(key), 2) / 2;
    key = key_of(key >> endpoint_shift, key >> class_shift & 3, slice, bucket_in(key));
  }
  std::sort(entries_.begin(), entries_.end());
  add_up(entries_);
}

Histogram RawPoints::histogram(std::size_t endpoint, Class wanted) const {
  std::vector<std::uint64_t> counts;
  const std::uint64_t group = endpoint << 2 | wanted;
  const auto first = std::lower_bound(entries_.begin(), entries_.end(), Entry{group << class_shift, 0});
  for (auto entry = first; entry != entries_.end() && entry->first >> class_shift == group; ++entry) {
    const std::uint64_t bucket = bucket_in(entry->first);
    if (bucket >= counts.size()) counts.resize(bucket + 1);
    counts[bucket] += entry->second;
  }
  if (counts.empty()) return {};
  const auto& extent = endpoints_[endpoint].extents[wanted];
  return Histogram::from_counts(std::move(counts), extent.overflow, extent.min_us, extent.max_us);
}

namespace {

// The slices of one endpoint while they are put together.
struct Gathered {
  std::uint64_t ok = 0, failed = 0;
  std::map<std::uint32_t, std::uint64_t> buckets;  // of the judged latencies

  void add(const Gathered& other) {
    ok += other.ok;
    failed += other.failed;
    for (const auto& [bucket, count] : other.buckets) buckets[bucket] += count;
  }
};

measure::Slice slice_from(const Gathered& gathered, double start_s, double duration_s, std::int64_t longest_us) {
  SliceSamples samples;
  samples.ok = gathered.ok;
  samples.failed = gathered.failed;
  for (const auto& [bucket, count] : gathered.buckets) {
    samples.samples += count;
    samples.buckets.emplace_back(bucket, count);
    samples.max_us = std::min(Histogram::highest_in(bucket), longest_us);
  }
  return to_slice(samples, start_s, duration_s);
}

}  // namespace

// Where slices begin and end, in seconds from the start of the run. The first and the last are as long as the run was
// in them; one of less than half a slice is joined with its neighbour.
struct RawPoints::Cuts {
  std::int64_t first_slice = 0, last_slice = 0;
  std::vector<double> starts_s;  // one more than there are slices

  std::size_t position(std::int64_t slice) const {
    return static_cast<std::size_t>(std::clamp(slice, first_slice, last_slice) - first_slice);
  }
};

RawPoints::Cuts RawPoints::cuts() const {
  const auto start_of = [&](std::int64_t slice) { return origin_us_ + slice * slice_us_; };
  const auto first_whole = floored(first_us_ - origin_us_, slice_us_) / slice_us_;
  const auto last_whole = floored(last_us_ - 1 - origin_us_, slice_us_) / slice_us_;
  Cuts cuts{first_whole, std::max(first_whole, last_whole), {}};
  const auto several = [&] { return cuts.last_slice > cuts.first_slice; };
  if (several() && start_of(cuts.first_slice + 1) - first_us_ < slice_us_ / 2) ++cuts.first_slice;
  if (several() && last_us_ - start_of(cuts.last_slice) < slice_us_ / 2) --cuts.last_slice;
  const auto seconds = [&](std::int64_t us) { return static_cast<double>(us - first_us_) / us_per_s; };
  for (std::int64_t slice = cuts.first_slice; slice <= cuts.last_slice; ++slice) {
    cuts.starts_s.push_back(slice == cuts.first_slice ? 0 : seconds(start_of(slice)));
  }
  cuts.starts_s.push_back(std::max(seconds(last_us_), 1 / us_per_s));
  return cuts;
}

// In a file with whole seconds the first and the last second are only partly in the run: as far as requests ended in
// them at the rate of the seconds between.
void RawPoints::estimate_ends(const std::vector<std::uint64_t>& counts, Cuts& cuts) const {
  const std::size_t slices = counts.size();
  if (!whole_seconds_ || slice_us_ != second_us || slices < 3) return;
  double inner = 0;
  for (std::size_t i = 1; i + 1 < slices; ++i) inner += static_cast<double>(counts[i]);
  const double rate = inner / static_cast<double>(slices - 2);
  if (rate <= 0) return;
  const double unused_first = 1 - std::min(1.0, static_cast<double>(counts.front()) / rate);
  const double unused_last = 1 - std::min(1.0, static_cast<double>(counts.back()) / rate);
  for (std::size_t i = 1; i <= slices; ++i) cuts.starts_s[i] -= unused_first;
  cuts.starts_s[slices] -= unused_last;
}

void RawPoints::add_slices(measure::Measurement& measurement) const {
  Cuts edges = cuts();
  const std::size_t slices = edges.starts_s.size() - 1;
  std::vector<std::vector<Gathered>> gathered(endpoints_.size() + 1, std::vector<Gathered>(slices));
  for (const auto& [key, count] : entries_) {
    Gathered& slice = gathered[key >> endpoint_shift][edges.position(slice_in(key))];
    const auto ended = static_cast<Class>(key >> class_shift & 3);
    (ended == ok ? slice.ok : slice.failed) += count;
    if (ended != failed) slice.buckets[static_cast<std::uint32_t>(bucket_in(key))] += count;
  }
  std::vector<std::uint64_t> requests(slices);
  for (std::size_t s = 0; s < slices; ++s) {
    for (std::size_t e = 0; e < endpoints_.size(); ++e) gathered.back()[s].add(gathered[e][s]);
    requests[s] = gathered.back()[s].ok + gathered.back()[s].failed;
  }
  estimate_ends(requests, edges);
  measurement.duration_s = edges.starts_s.back();
  const auto slices_of = [&](const std::vector<Gathered>& from, const measure::Latencies& latencies) {
    const std::int64_t longest_us = latencies.judged().max_us().value_or(0);
    std::vector<measure::Slice> to;
    for (std::size_t s = 0; s < slices; ++s) {
      const double start_s = edges.starts_s[s];
      to.push_back(slice_from(from[s], start_s, edges.starts_s[s + 1] - start_s, longest_us));
    }
    return to;
  };
  for (std::size_t e = 0; e < endpoints_.size(); ++e) {
    measurement.endpoints[e].slices = slices_of(gathered[e], measurement.endpoints[e].latencies);
  }
  measurement.total.slices = slices_of(gathered.back(), measurement.total.latencies);
}

void RawPoints::finish(measure::Measurement& measurement) {
  if (count_ == 0) source_.fail_whole(without_requests, "there are no requests in it");
  compact();
  for (std::size_t e = 0; e < endpoints_.size(); ++e) {
    measure::EndpointResult& endpoint = measurement.endpoints.emplace_back();
    endpoint.name = endpoints_[e].name;
    endpoint.counts = endpoints_[e].counts;
    endpoint.counts.started = endpoint.counts.planned = endpoint.counts.ok + endpoint.counts.failed();
    endpoint.latencies.ok = histogram(e, ok);
    endpoint.latencies.late = histogram(e, late);
    endpoint.latencies.failed = histogram(e, failed);
    measurement.total.counts.add(endpoint.counts);
    measurement.total.latencies.merge(endpoint.latencies);
  }
  add_slices(measurement);
  constexpr std::int64_t first_epoch_us = 1'000'000'000'000'000;  // 2001: before that it is a time since the start
  if (first_us_ >= first_epoch_us) measurement.started_at_unix_s = std::min(first_us_ / second_us, latest_unix_s);
  if (whole_seconds_) measurement.notes.emplace_back("times of day are whole seconds there: the duration is estimated");
  measurement.notes.push_back(fmt::format("{} requests, one by one", count_));
  measurement.notes.emplace_back("the machine is not in the file: runs are compared as if it were the same");
  check_accounting(measurement);
}

}  // namespace burstgate::importers
