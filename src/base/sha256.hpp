// SHA-256 of a text, as lower-case hex.
#pragma once

#include <string>

namespace burstgate {

std::string sha256(const std::string& text);

}  // namespace burstgate
