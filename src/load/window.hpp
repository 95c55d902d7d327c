// The measured window and its slices. A request belongs to the window by its intended start time, and to a slice by the
// time at which it ended (those that end after the window belong to the last slice). Pure: no clock.
#pragma once

#include <algorithm>
#include <cstddef>

#include "load/clock.hpp"

namespace burstgate::load {

struct Window {
  Instant start;
  Instant end;
  Duration slice_length;

  bool contains(Instant intended) const { return intended >= start && intended < end; }
  std::size_t slice_count() const {
    return std::max<std::size_t>(1,
                                 static_cast<std::size_t>((end - start + slice_length - Duration(1)) / slice_length));
  }
  std::size_t slice_of(Instant ended) const {
    if (ended <= start) return 0;
    return std::min(slice_count() - 1, static_cast<std::size_t>((ended - start) / slice_length));
  }
};

// A sixtieth of the window, in whole 50 ms, between 0.1 s and 1 s: enough slices for the spread between them, enough
// requests in each. Of a window of more than an hour a 3600th, so that a result of days can still be saved.
inline Duration slice_length_for(Duration window) {
  using std::chrono::milliseconds;
  const auto step = milliseconds(50);
  const auto steps = (window / 60 + step - Duration(1)) / step;
  const auto most_slices = (window / 3600 + step - Duration(1)) / step;
  return std::max<Duration>(std::clamp<Duration>(steps * step, milliseconds(100), milliseconds(1000)),
                            most_slices * step);
}

}  // namespace burstgate::load
