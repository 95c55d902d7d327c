// Change points on series whose truth is known: burstgate's, and beside them the published method of Apache Otava
// (Fleming et al., "Hunter: using change point detection to hunt for performance regressions", ICPE 2023): E-divisive
// in windows of 50 values that overlap by half, Student's t-test at ten times the level, then the weakest change point
// removed and its neighbours tested again, until all are significant at 0.001.
//
// Prints tables of precision and recall; fails when burstgate's are below the comparator's, or when 1 % of the series
// without a change have one.
//
//   bench_change_points [SERIES]     of each kind, 200 unless given
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "stats/change_points.hpp"
#include "stats/distributions.hpp"
#include "stats/sample.hpp"

namespace {

using Values = std::vector<double>;
using Indices = std::vector<std::size_t>;

// ---- the comparator ----

namespace otava {

constexpr std::size_t window = 50;
constexpr double level = 0.001;
constexpr double first_level = 10 * level;

Values part(const Values& values, std::size_t from, std::size_t to) {
  return {values.begin() + static_cast<std::ptrdiff_t>(from), values.begin() + static_cast<std::ptrdiff_t>(to)};
}

double t_test(const Values& left, const Values& right) {
  const double n = static_cast<double>(left.size()), m = static_cast<double>(right.size());
  if (n + m <= 2) return 1;
  const double s1 = burstgate::stats::standard_deviation(left), s2 = burstgate::stats::standard_deviation(right);
  const double pooled = ((n - 1) * s1 * s1 + (m - 1) * s2 * s2) / (n + m - 2);
  const double difference = std::fabs(burstgate::stats::mean(left) - burstgate::stats::mean(right));
  if (pooled <= 0) return difference > 0 ? 0 : 1;
  const double t = difference / std::sqrt(pooled * (1 / n + 1 / m));
  return 2 * (1 - burstgate::stats::student_t_cdf(t, static_cast<int>(n + m) - 2));
}

struct Candidate {
  std::size_t index = 0;
  double q = -1;
};

// The best split of values[from, to), over all places of it and all ends of its right side.
Candidate candidate(const Values& values, std::size_t from, std::size_t to) {
  Candidate best;
  for (std::size_t tau = from + 1; tau < to; ++tau) {
    double left = 0;
    for (std::size_t i = from; i < tau; ++i) {
      for (std::size_t k = i + 1; k < tau; ++k) left += std::fabs(values[i] - values[k]);
    }
    double between = 0, right = 0;
    const double n = static_cast<double>(tau - from);
    for (std::size_t kappa = tau + 1; kappa <= to; ++kappa) {
      for (std::size_t i = from; i < tau; ++i) between += std::fabs(values[i] - values[kappa - 1]);
      for (std::size_t k = tau; k + 1 < kappa; ++k) right += std::fabs(values[k] - values[kappa - 1]);
      const double m = static_cast<double>(kappa - tau);
      const double q = 2 / (m + n) * between - (n > 1 ? 2 * m / (m + n) / (n - 1) * left : 0) -
                       (m > 1 ? 2 * n / (m + n) / (m - 1) * right : 0);
      if (q > best.q) best = {tau, q};
    }
  }
  return best;
}

double p_between_neighbours(const Values& values, const Indices& points, std::size_t index) {
  std::size_t from = 0, to = values.size();
  for (const std::size_t point : points) {
    if (point < index) from = std::max(from, point);
    if (point > index) to = std::min(to, point);
  }
  return t_test(part(values, from, index), part(values, index, to));
}

Indices in_window(const Values& values) {
  Indices points;
  while (true) {
    Candidate best;
    Indices ends = points;
    ends.push_back(values.size());
    std::size_t from = 0;
    for (const std::size_t to : ends) {
      const Candidate one = candidate(values, from, to);
      if (one.q > best.q) best = one;
      from = to;
    }
    if (best.q < 0 || p_between_neighbours(values, points, best.index) > first_level) return points;
    points.push_back(best.index);
    std::sort(points.begin(), points.end());
  }
}

Indices change_points(const Values& values) {
  Indices points;
  for (std::size_t start = 0; start < values.size();) {
    const Indices found = in_window(part(values, start, std::min(start + window, values.size())));
    const std::size_t last = found.empty() ? 0 : found.back() + start;
    for (const std::size_t index : found) points.push_back(index + start);
    start = std::max(last, start + window / 2);
  }
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  while (!points.empty()) {
    Values p;
    for (const std::size_t index : points) p.push_back(p_between_neighbours(values, points, index));
    const auto weakest = std::max_element(p.begin(), p.end());
    if (*weakest < level) break;
    points.erase(points.begin() + (weakest - p.begin()));
  }
  return points;
}

}  // namespace otava

Indices ours(const Values& values) {
  Indices indices;
  for (const auto& point : burstgate::stats::change_points(values)) indices.push_back(point.index);
  return indices;
}

// ---- the series ----

constexpr double noise = 0.03;
constexpr std::size_t runs = 100;
constexpr std::size_t near = 3;     // runs: a change point that is found within them is found
constexpr std::size_t margin = 10;  // runs before the first change and after the last

struct Made {
  Values values;
  Indices truth;
};

using Factors = std::vector<std::pair<std::size_t, double>>;  // from this run on, times this

Made series(const Factors& factors, std::mt19937_64& random) {
  std::normal_distribution<double> normal(0, noise);
  Made made;
  double factor = 1;
  for (std::size_t i = 0; i < runs; ++i) {
    for (const auto& [from, times] : factors) {
      if (from != i) continue;
      factor = times;
      made.truth.push_back(i);
    }
    made.values.push_back(std::log(20 * factor * (1 + normal(random))));
  }
  return made;
}

struct Kind {
  std::string name;
  std::function<Factors(std::mt19937_64&)> factors;
};

std::vector<Kind> kinds() {
  const auto place = [](std::mt19937_64& random, std::size_t from, std::size_t to) {
    return from + random() % (to - from);
  };
  std::vector<Kind> all;
  for (const double shift : {0.05, 0.10, 0.20}) {
    all.push_back({fmt::format("one shift of {:.0f} %", shift * 100), [=](std::mt19937_64& random) {
                     return Factors{{place(random, margin, runs - margin), 1 + shift}};
                   }});
  }
  for (const double shift : {0.05, 0.10, 0.20}) {
    all.push_back({fmt::format("{:.0f} %, taken back after 15 runs", shift * 100), [=](std::mt19937_64& random) {
                     const std::size_t at = place(random, margin, runs - margin - 15);
                     return Factors{{at, 1 + shift}, {at + 15, 1}};
                   }});
  }
  return all;
}

struct Score {
  double found = 0, right = 0, true_points = 0, seen = 0, with_any = 0;
  double precision() const { return found > 0 ? right / found : 1; }
  double recall() const { return true_points > 0 ? seen / true_points : 1; }
};

void add(Score& score, const Indices& truth, const Indices& found) {
  const auto close = [](std::size_t a, std::size_t b) { return (a > b ? a - b : b - a) <= near; };
  score.found += static_cast<double>(found.size());
  score.true_points += static_cast<double>(truth.size());
  score.with_any += found.empty() ? 0 : 1;
  for (const std::size_t point : truth)
    score.seen += std::any_of(found.begin(), found.end(), [&](std::size_t f) { return close(f, point); }) ? 1 : 0;
  // Of two that are near the same change one is too many.
  Indices left = truth;
  for (const std::size_t f : found) {
    const auto match = std::find_if(left.begin(), left.end(), [&](std::size_t t) { return close(f, t); });
    if (match == left.end()) continue;
    left.erase(match);
    ++score.right;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 200;
  bool good = true;
  fmt::print("{} series of {} runs each, noise {:.0f} %; found: within {} runs\n\n", count, runs, noise * 100, near);
  fmt::print("| series                       | precision | Otava's | recall | Otava's |\n");
  fmt::print("|------------------------------|-----------|---------|--------|---------|\n");
  std::mt19937_64 random(1);
  for (const Kind& kind : kinds()) {
    Score mine, other;
    for (int i = 0; i < count; ++i) {
      const Made made = series(kind.factors(random), random);
      add(mine, made.truth, ours(made.values));
      add(other, made.truth, otava::change_points(made.values));
    }
    fmt::print("| {:<28} | {:>9.3f} | {:>7.3f} | {:>6.3f} | {:>7.3f} |\n", kind.name, mine.precision(),
               other.precision(), mine.recall(), other.recall());
    good = good && mine.precision() >= other.precision() && mine.recall() >= other.recall();
  }
  Score mine, other;
  const int silent = count * 5;
  for (int i = 0; i < silent; ++i) {
    const Made made = series({}, random);
    add(mine, {}, ours(made.values));
    add(other, {}, otava::change_points(made.values));
  }
  const double alarms = mine.with_any / silent;
  fmt::print("\nSeries of noise alone with a change point: {:.2f} % of {} (limit 1 %); Otava's {:.2f} %\n",
             alarms * 100, silent, other.with_any / silent * 100);
  good = good && alarms < 0.01;
  fmt::print("{}\n", good ? "as good or better everywhere" : "NOT as good everywhere");
  return good ? 0 : 1;
}
