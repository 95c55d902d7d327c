// Where an axis has its marks, and what is written at them. Pure geometry.
#pragma once

#include <string>
#include <vector>

namespace burstgate::report {

struct Tick {
  double value = 0;
  std::string label;
};

// Round values (1, 2 or 5 times a power of ten) within [low, high], at most `most` (>= 2) of them, with as many
// decimals as their distance needs. For low >= high, or ends that are not finite: none.
std::vector<Tick> linear_ticks(double low, double high, std::size_t most);

// Powers of ten, and where these are few 2 and 5 times them, within [low, high] with 0 < low < high; at most `most`.
std::vector<Tick> log_ticks(double low, double high, std::size_t most);

}  // namespace burstgate::report
