// Header fields, and texts that may have come from the environment.
#pragma once

#include <string>
#include <vector>

#include "config/placeholder.hpp"

namespace burstgate::config {

// `text` is sent, `shown` stands in reports and in the workload digest ("Bearer ${API_TOKEN}"). Values from the
// environment are secret and may change without changing the workload.
struct Secretive {
  std::string text;
  std::string shown;
  std::vector<Placeholder> placeholders{};  // in the order of the text, which does not hold their names

  bool varies() const { return !placeholders.empty(); }
};

struct Header {
  std::string name;
  Secretive value;
  bool basic = false;  // the value is "user:password", sent as Basic credentials
};

}  // namespace burstgate::config
