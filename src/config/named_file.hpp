// Files that another file or a flag names: a complaint about one stands where it is named.
#pragma once

#include <optional>
#include <string>

#include "config/mistakes.hpp"

namespace burstgate::config {

// The text of a YAML-sized file; nothing (reported at `place`) when it cannot be read.
std::optional<std::string> read_named_file(const std::string& path, const Place& place, Mistakes& mistakes);

// `path` as written in `file`: relative to that file's folder.
std::string beside(const std::string& file, const std::string& path);

}  // namespace burstgate::config
