// Assertions for our own bugs; kept on in release. A broken one ends the process with exit code 70:
// a gate may stop a merge, it may never say green on top of a wrong number.
#pragma once

#include <stdexcept>

namespace burstgate {

class AssertionFailed : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);

}  // namespace burstgate

#define BURSTGATE_ASSERT(expression) \
  ((expression) ? static_cast<void>(0) : ::burstgate::assertion_failed(#expression, __FILE__, __LINE__))
