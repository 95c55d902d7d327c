// Rounding in decimal: through the text, so that 0.3 does not become 0.30000000000000004.
#include "report/rounded.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/assert.hpp"

namespace burstgate::report {

double rounded(double value) {
  const std::string text = fmt::format("{:.2e}", value);
  double result = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), result);
  BURSTGATE_ASSERT(end.ec == std::errc());
  return result == 0 ? 0 : result;  // no "-0"
}

std::string rounded_text(double value) {
  return fmt::format("{}", rounded(value));
}

}  // namespace burstgate::report
