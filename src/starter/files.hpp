// The texts of the starter files. What comes from the repository is quoted as YAML, or one visible line of a comment.
#pragma once

#include <string>
#include <vector>

#include "starter/found.hpp"

namespace burstgate::starter {

struct StarterFile {
  std::string path;  // below the repository's folder
  std::string text;
};

// burstgate.yaml, thresholds/default.yaml and the workflow. `schemas`: the folder of burstgate's JSON schemas, for
// editors.
std::vector<StarterFile> starter_files(const Found& found, const std::string& schemas);

// One double-quoted YAML scalar; invalid UTF-8 becomes U+FFFD.
std::string yaml_quoted(const std::string& text);

}  // namespace burstgate::starter
