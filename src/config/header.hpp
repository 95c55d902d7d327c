// Header fields, and texts that may have come from the environment.
#pragma once

#include <string>

namespace burstgate::config {

// `text` is sent, `shown` stands in reports and in the workload digest ("Bearer ${API_TOKEN}"). Values from the
// environment are secret and may change without changing the workload.
struct Secretive {
  std::string text;
  std::string shown;
};

struct Header {
  std::string name;
  Secretive value;
};

}  // namespace burstgate::config
