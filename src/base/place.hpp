// Where something was written, so that a report can point at the line that the user edits.
#pragma once

#include <string>

namespace burstgate {

struct Place {
  std::string file;  // as the user named it; empty: not written anywhere, a built-in default
  int line = 0;      // 1-based; 0: unknown
  int column = 0;    // 1-based; 0: unknown

  // "gate.yaml:12:9", "gate.yaml", or "built-in default".
  std::string text() const {
    if (file.empty()) return "built-in default";
    if (line == 0) return file;
    return file + ":" + std::to_string(line) + ":" + std::to_string(column);
  }
};

}  // namespace burstgate
