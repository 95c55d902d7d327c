// The series is split where both sides differ most, each side again, as long as shuffled copies of it rarely look as
// different. A change that is taken back soon hardly shows in a split of a whole year, so splits of shorter stretches,
// which cover the series in layers (Kovacs et al., "Seeded binary segmentation", Biometrika 110, 2023, 249), compete
// with it under one test. In the end every change point moves to the best place between its neighbours and is tested
// again.
#include "stats/change_points.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <span>

#include "base/assert.hpp"

namespace burstgate::stats {

namespace {

using Values = std::span<const double>;
constexpr std::uint64_t seed = 20'140'109;
constexpr std::size_t shortest_stretch = 16;  // of the layers
constexpr double layer_ratio = 1.4142135623730951;

struct Split {
  std::size_t index = 0;
  double statistic = -1;
};

double statistic_of(double left, double right, double within_left, double within_right, double between) {
  const auto mean_of_pairs = [](double sum, double n) { return n > 1 ? 2 * sum / (n * (n - 1)) : 0; };
  const double energy =
      2 * between / (left * right) - mean_of_pairs(within_left, left) - mean_of_pairs(within_right, right);
  return left * right / (left + right) * energy;
}

struct Stretch {
  std::size_t from, length;
};

// The whole series, and layers of ever shorter stretches that overlap by half.
std::vector<Stretch> layers(std::size_t length) {
  std::vector<Stretch> stretches = {{0, length}};
  for (double exact = static_cast<double>(length) / layer_ratio; exact >= shortest_stretch; exact /= layer_ratio) {
    const auto size = static_cast<std::size_t>(exact);
    const std::size_t count = 2 * ((length + size - 1) / size) - 1;
    for (std::size_t i = 0; i < count; ++i) stretches.push_back({i * (length - size) / (count - 1), size});
  }
  return stretches;
}

// Sums of distances between the values of a series, from which every split of every stretch has its statistic at once.
class Distances {
 public:
  void take(Values values) {
    size_ = values.size();
    sums_.resize((size_ + 1) * size_);
    std::fill_n(sums_.begin(), size_, 0.0);
    for (std::size_t j = 0; j < size_; ++j) {
      const double* before = &sums_[j * size_];
      double* sums = &sums_[(j + 1) * size_];
      for (std::size_t i = 0; i < size_; ++i) sums[i] = before[i] + std::fabs(values[i] - values[j]);
    }
  }

  // The best split with at least min_level_length values on either side.
  Split best_in(const Stretch& stretch) const {
    const std::size_t from = stretch.from, to = from + stretch.length;
    double within_right = 0;
    for (std::size_t i = from; i < to; ++i) within_right += between(i, from, i);
    const double all = within_right;
    double within_left = 0;
    Split best;
    for (std::size_t i = from; i + min_level_length < to; ++i) {  // value i moves from right to left
      within_left += between(i, from, i);
      within_right -= between(i, i, to);
      const std::size_t left = i + 1 - from;
      if (left < min_level_length) continue;
      const double statistic = statistic_of(static_cast<double>(left), static_cast<double>(stretch.length - left),
                                            within_left, within_right, all - within_left - within_right);
      if (statistic > best.statistic) best = {i + 1, statistic};
    }
    return best;
  }

  Split best_in(const std::vector<Stretch>& stretches) const {
    Split best;
    for (const Stretch& stretch : stretches) {
      const Split split = best_in(stretch);
      if (split.statistic > best.statistic) best = split;
    }
    return best;
  }

 private:
  // Sum of the distances from value i to the values [from, to).
  double between(std::size_t i, std::size_t from, std::size_t to) const {
    return sums_[to * size_ + i] - sums_[from * size_ + i];
  }

  std::size_t size_ = 0;
  std::vector<double> sums_;  // row j: of the distances from each value to the first j
};

Distances distances_of(Values values) {
  Distances distances;
  distances.take(values);
  return distances;
}

// Not std::shuffle, whose order is every library's own.
void shuffle(std::vector<double>& values, std::mt19937_64& random) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[random() % i]);
}

// How often shuffled values have a split as good; ends early where that is too often to matter.
double p_value(Values values, const std::vector<Stretch>& stretches, double statistic) {
  std::vector<double> shuffled(values.begin(), values.end());
  Distances distances;
  std::mt19937_64 random(seed);
  int as_good = 0;
  const auto share = [&] { return (as_good + 1.0) / (change_permutations + 1.0); };
  for (int i = 0; i < change_permutations && share() <= change_alpha; ++i) {
    shuffle(shuffled, random);
    distances.take(shuffled);
    if (distances.best_in(stretches).statistic >= statistic) ++as_good;
  }
  return share();
}

void split_all(Values values, std::size_t from, std::vector<std::size_t>& found) {
  if (values.size() < 2 * min_level_length) return;
  const std::vector<Stretch> stretches = layers(values.size());
  const Split best = distances_of(values).best_in(stretches);
  if (best.statistic <= 0 || p_value(values, stretches, best.statistic) > change_alpha) return;
  split_all(values.first(best.index), from, found);
  found.push_back(from + best.index);
  split_all(values.subspan(best.index), from + best.index, found);
}

// Moves the change points between their neighbours, one after the other.
void settle(Values values, std::vector<std::size_t>& found) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::size_t from = i == 0 ? 0 : found[i - 1];
    const std::size_t to = i + 1 == found.size() ? values.size() : found[i + 1];
    const Values part = values.subspan(from, to - from);
    found[i] = from + distances_of(part).best_in(Stretch{0, part.size()}).index;
  }
}

std::vector<ChangePoint> tested(Values values, const std::vector<std::size_t>& found) {
  std::vector<ChangePoint> points;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::size_t from = i == 0 ? 0 : found[i - 1];
    const std::size_t to = i + 1 == found.size() ? values.size() : found[i + 1];
    const Values part = values.subspan(from, to - from);
    const std::vector<Stretch> whole = {{0, part.size()}};
    points.push_back({found[i], p_value(part, whole, distances_of(part).best_in(whole).statistic)});
  }
  return points;
}

}  // namespace

std::vector<ChangePoint> change_points(const std::vector<double>& all) {
  const std::size_t left_out = all.size() > max_change_series ? all.size() - max_change_series : 0;
  const Values values = Values(all).subspan(left_out);
  std::vector<std::size_t> found;
  split_all(values, 0, found);
  settle(values, found);
  std::vector<ChangePoint> points = tested(values, found);
  while (!points.empty()) {
    const auto weakest = std::max_element(points.begin(), points.end(),
                                          [](const auto& a, const auto& b) { return a.p_value < b.p_value; });
    if (weakest->p_value <= change_alpha) break;
    found.erase(found.begin() + (weakest - points.begin()));
    settle(values, found);
    points = tested(values, found);
  }
  for (ChangePoint& point : points) point.index += left_out;
  return points;
}

double energy_statistic(const std::vector<double>& values, std::size_t index) {
  BURSTGATE_ASSERT(index > 0 && index < values.size());
  double left = 0, right = 0, between = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = i + 1; j < values.size(); ++j) {
      double& sum = j < index ? left : i >= index ? right : between;
      sum += std::fabs(values[i] - values[j]);
    }
  }
  return statistic_of(static_cast<double>(index), static_cast<double>(values.size() - index), left, right, between);
}

}  // namespace burstgate::stats
