#include "stats/spending.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>

#include "base/assert.hpp"
#include "stats/distributions.hpp"

namespace burstgate::stats {

namespace {

// With these two the levels come out to nine digits, for any looks and any alpha down to 1e-7 (tried against a finer
// integration). Paths that are this many deviations below 0 do not come back above a boundary.
constexpr double lowest_z = -7;
// Ten Gauss points over this many deviations of the narrowest Gaussian that is integrated.
constexpr double panel_width = 3;

// The Brownian motion at one look, for the paths that have crossed no boundary so far: its density times the weight of
// the quadrature, at the points of the quadrature.
struct Continuing {
  std::vector<double> points;
  std::vector<double> masses;
};

double density(double x, double deviation) {
  constexpr double one_over_sqrt_2_pi = 0.3989422804014327;
  return one_over_sqrt_2_pi / deviation * std::exp(-0.5 * (x / deviation) * (x / deviation));
}

// Points of a Gauss-Legendre rule over [low, high], in panels no wider than `width`; `masses` holds the weights.
Continuing quadrature(double low, double high, double width) {
  using Rule = boost::math::quadrature::gauss<double, 10>;  // lists its abscissas from 0 upwards; symmetric
  const int panels = static_cast<int>(std::ceil((high - low) / width));
  const double half = (high - low) / (2 * panels);
  Continuing result;
  for (int panel = 0; panel < panels; ++panel) {
    const double middle = low + (2 * panel + 1) * half;
    for (std::size_t i = 0; i < Rule::abscissa().size(); ++i) {
      for (const double sign : {-1.0, 1.0}) {
        result.points.push_back(middle + sign * half * Rule::abscissa()[i]);
        result.masses.push_back(half * Rule::weights()[i]);
      }
    }
  }
  return result;
}

// The share of paths that continued until the last look and are above `boundary` after a step of this deviation.
double crossing(const Continuing& paths, double boundary, double deviation) {
  double sum = 0;
  for (std::size_t i = 0; i < paths.points.size(); ++i) {
    sum += paths.masses[i] * 0.5 * std::erfc((boundary - paths.points[i]) / (deviation * std::sqrt(2.0)));
  }
  return sum;
}

// Paths that continue after this look. `next` is the deviation of the following step: the points serve its kernel too.
Continuing advance(const Continuing& paths, double time, double boundary, double deviation, double next) {
  Continuing result = quadrature(lowest_z * std::sqrt(time), boundary, panel_width * std::min(deviation, next));
  for (std::size_t i = 0; i < result.points.size(); ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < paths.points.size(); ++j) {
      sum += paths.masses[j] * density(result.points[i] - paths.points[j], deviation);
    }
    result.masses[i] *= sum;
  }
  return result;
}

// The nominal level at a look. It is at least what is spent there, as if nothing had crossed before, and at most what
// is spent up to there, as every path that is above the boundary now has crossed now or before.
double level(const Continuing& paths, double time, double deviation, double spent_here, double spent_so_far) {
  double low = spent_here, high = spent_so_far;
  for (int i = 0; i < 40; ++i) {
    const double middle = (low + high) / 2;
    const double boundary = -normal_quantile(middle) * std::sqrt(time);
    (crossing(paths, boundary, deviation) < spent_here ? low : high) = middle;
  }
  return low;
}

bool are_looks(const std::vector<double>& information) {
  double before = 0;
  for (const double time : information) {
    if (!(time > 0 && time - before >= min_growth * time)) return false;
    before = time;
  }
  return before == 1;
}

}  // namespace

std::vector<double> spending_boundaries(const std::vector<double>& information, double alpha) {
  BURSTGATE_ASSERT(alpha > 0 && alpha <= 0.5);
  BURSTGATE_ASSERT(are_looks(information));
  std::vector<double> levels;
  Continuing paths{{0.0}, {1.0}};  // before the first look: all in one point
  double before = 0;
  for (std::size_t k = 0; k < information.size(); ++k) {
    const double time = information[k];
    const double deviation = std::sqrt(time - before);
    levels.push_back(level(paths, time, deviation, alpha * (time - before), alpha * time));
    if (k + 1 == information.size()) break;
    const double boundary = -normal_quantile(levels.back()) * std::sqrt(time);
    paths = advance(paths, time, boundary, deviation, std::sqrt(information[k + 1] - time));
    before = time;
  }
  return levels;
}

}  // namespace burstgate::stats
