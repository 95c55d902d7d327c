#include "report/sparkline.hpp"

#include <algorithm>
#include <array>

namespace burstgate::report {

namespace {

constexpr std::array<const char*, 8> blocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<const char*, 8> letters = {"_", "_", ".", "-", "-", "=", "^", "^"};

std::optional<double> middle(const std::vector<std::optional<double>>& values, std::size_t from, std::size_t to) {
  std::vector<double> known;
  for (std::size_t i = from; i < to; ++i) {
    if (values[i]) known.push_back(*values[i]);
  }
  if (known.empty()) return std::nullopt;
  std::nth_element(known.begin(), known.begin() + static_cast<std::ptrdiff_t>(known.size() / 2), known.end());
  return known[known.size() / 2];
}

}  // namespace

std::string sparkline(const std::vector<std::optional<double>>& values, std::size_t columns, bool unicode) {
  const std::size_t count = std::min(columns, values.size());
  std::vector<std::optional<double>> shown;
  for (std::size_t i = 0; i < count; ++i) {
    shown.push_back(middle(values, i * values.size() / count, (i + 1) * values.size() / count));
  }
  std::optional<double> low, high;
  for (const auto& value : shown) {
    if (!value) continue;
    low = low ? std::min(*low, *value) : *value;
    high = high ? std::max(*high, *value) : *value;
  }
  const auto& marks = unicode ? blocks : letters;
  std::string text;
  for (const auto& value : shown) {
    if (!value) {
      text += ' ';
      continue;
    }
    const double at = *high > *low ? (*value - *low) / (*high - *low) : 0.5;
    text += marks[std::min<std::size_t>(static_cast<std::size_t>(at * blocks.size()), blocks.size() - 1)];
  }
  return text;
}

}  // namespace burstgate::report
