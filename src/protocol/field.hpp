// A header field as it was received or is to be sent.
#pragma once

#include <string>

namespace burstgate::protocol {

struct Field {
  std::string name;
  std::string value;
};

}  // namespace burstgate::protocol
