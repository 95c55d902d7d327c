#include "report/axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace burstgate::report {

namespace {

constexpr double rounding = 1e-9;  // of a step: 0.30000000000000004 is the end of 0 .. 0.3

std::string number_text(double value, int decimals) {
  if (value == 0) value = 0;  // no "-0"
  if (std::fabs(value) >= 1e6) return fmt::format("{:g}", value);
  return fmt::format("{:.{}f}", value, decimals);
}

int decimals_of(double step) {
  return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - rounding)), 0, 9);
}

// The smallest round number that is not below `least`.
double round_step(double least) {
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double digit : {1.0, 2.0, 5.0}) {
    if (digit * power >= least * (1 - rounding)) return digit * power;
  }
  return 10 * power;
}

std::vector<Tick> at_digits(double low, double high, std::initializer_list<int> digits) {
  std::vector<Tick> ticks;
  for (double power = std::pow(10, std::floor(std::log10(low))); power <= high; power *= 10) {
    for (const int digit : digits) {
      const double value = digit * power;
      if (value >= low * (1 - rounding) && value <= high * (1 + rounding))
        ticks.push_back({value, number_text(value, decimals_of(power))});
    }
  }
  return ticks;
}

}  // namespace

std::vector<Tick> linear_ticks(double low, double high, std::size_t most) {
  if (!(low < high) || !std::isfinite(low) || !std::isfinite(high) || most < 2) return {};
  const double step = round_step((high - low) / static_cast<double>(most - 1));
  std::vector<Tick> ticks;
  for (double i = std::ceil(low / step - rounding); i * step <= high + rounding * step; ++i)
    ticks.push_back({i * step, number_text(i * step, decimals_of(step))});
  return ticks;
}

std::vector<Tick> log_ticks(double low, double high, std::size_t most) {
  if (!(low > 0) || !(low < high) || !std::isfinite(high)) return {};
  for (const auto& digits : {std::initializer_list<int>{1, 2, 5}, {1, 3}, {1}}) {
    auto ticks = at_digits(low, high, digits);
    if (ticks.size() <= most) return ticks;
  }
  const auto ticks = at_digits(low, high, {1});
  const std::size_t every = (ticks.size() + most - 1) / most;
  std::vector<Tick> few;
  for (std::size_t i = 0; i < ticks.size(); i += every) few.push_back(ticks[i]);
  return few;
}

}  // namespace burstgate::report
