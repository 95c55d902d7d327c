// Service times from their inverse cumulative distributions. The log-normal one is median * exp(sigma * z(u)) with z
// the standard normal quantile, z(u) = -sqrt(2) * erfc_inv(2u).
#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <numbers>

#include "base/assert.hpp"
#include "target/demo_service.hpp"

namespace burstgate::target {

namespace {

constexpr double longest_us = 3.6e9;  // 1 h, as far as a histogram reaches

double log_normal_us(double median_us, double sigma, double u) {
  const double z = -std::numbers::sqrt2 * boost::math::erfc_inv(2 * u);
  return median_us * std::exp(sigma * z);
}

std::chrono::microseconds two_point(const ServiceTime& time, double u) {
  const bool second_is_lower = time.second < time.median;
  const bool second = second_is_lower ? u <= time.second_share : u > 1 - time.second_share;
  return second ? time.second : time.median;
}

}  // namespace

std::chrono::microseconds ServiceTime::at(double u) const {
  BURSTGATE_ASSERT(u > 0 && u < 1);
  switch (shape) {
    case Shape::constant:
      return median;
    case Shape::two_point:
      return two_point(*this, u);
    case Shape::log_normal:
      break;
  }
  const double us = log_normal_us(static_cast<double>(median.count()), sigma, u);
  return std::chrono::microseconds{std::llround(std::min(us, longest_us))};
}

}  // namespace burstgate::target
