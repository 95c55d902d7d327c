#include "base/assert.hpp"

#include <fmt/format.h>

namespace burstgate {

void assertion_failed(const char* expression, const char* file, int line) {
  throw AssertionFailed(fmt::format("{}:{}: assertion failed: {}", file, line, expression));
}

}  // namespace burstgate
