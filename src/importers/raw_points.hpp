// Single requests of a foreign file -> a whole Measurement with histograms, slices and counts, in constant memory
// however long the file is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "importers/source.hpp"
#include "measure/measurement.hpp"
#include "measure/result_json.hpp"

namespace burstgate::importers {

struct RawPoint {
  std::int64_t ended_us = 0;  // on any clock that all points share
  std::int64_t latency_us = 0;
  std::string_view endpoint{};
  std::optional<measure::Failure> failure{};  // nothing: a success
  int status = 0;                             // of a complete answer; 0: none, or not known
  std::uint64_t bytes = 0;
  std::uint64_t times = 1;  // this many alike
};

class RawPoints {
 public:
  // `label_hint`: what to do in that tool when there are too many names.
  RawPoints(const Source& source, std::string_view label_hint) : source_(source), label_hint_(label_hint) {}

  // Error at the source's line: too many names, a time far away from the others.
  void add(const RawPoint& point);
  std::uint64_t count() const { return count_; }
  // Before the first point. The file's points in time are whole seconds: slices are not shorter, and the ends of the
  // run are estimated.
  void set_whole_seconds() { whole_seconds_ = true; }
  // Before the first point. The file has its points by intervals of this length, from `origin_us` on.
  void set_intervals(std::int64_t origin_us, std::int64_t length_us);
  // The run lasted at least from here to there.
  void cover(std::int64_t start_us, std::int64_t end_us);

  // Counts, histograms, slices and duration. Error when there was no point (E-555).
  void finish(measure::Measurement& measurement);

  static constexpr std::size_t most_names = 200;
  static constexpr std::uint64_t most_points = measure::largest_histogram_count;
  static constexpr std::int64_t shortest_slice_us = 100'000;
  static constexpr std::int64_t most_slices = 600;

 private:
  enum Class : std::uint64_t { ok, late, failed };
  struct Endpoint {
    std::string name;
    measure::Counts counts;
    struct Extent {
      std::int64_t min_us = INT64_MAX, max_us = 0;
      std::uint64_t overflow = 0;
    } extents[3];
  };
  using Entry = std::pair<std::uint64_t, std::uint64_t>;  // endpoint, class, slice and bucket in one key; count

  std::size_t endpoint_index(std::string_view name);
  void check_near(std::int64_t at_us) const;
  void compact();
  void widen_slices();
  measure::Histogram histogram(std::size_t endpoint, Class wanted) const;
  struct Cuts;
  Cuts cuts() const;
  void estimate_ends(const std::vector<std::uint64_t>& counts, Cuts& cuts) const;
  void add_slices(measure::Measurement& measurement) const;

  const Source& source_;
  std::string_view label_hint_;
  bool whole_seconds_ = false;
  bool intervals_ = false;
  std::uint64_t count_ = 0;
  std::vector<Endpoint> endpoints_;
  std::unordered_map<std::string, std::size_t> index_of_name_;
  std::size_t last_endpoint_ = 0;  // most points have the name of the one before
  std::int64_t origin_us_ = 0;     // start of slice 0
  std::int64_t slice_us_ = shortest_slice_us;
  std::int64_t first_us_ = INT64_MAX, last_us_ = INT64_MIN;  // start of the first, end of the last
  std::vector<Entry> fresh_;                                 // not yet in entries_
  std::vector<Entry> entries_;                               // sorted by key
};

}  // namespace burstgate::importers
