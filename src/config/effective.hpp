// Every setting that is in force, and where it comes from: what `explain` prints.
#pragma once

#include <string>
#include <vector>

#include "config/read.hpp"
#include "config/yaml_document.hpp"

namespace burstgate::config {

struct Setting {
  std::string key;     // as in the YAML file: "profiles.pr.users"
  std::string value;   // for people; secrets as ***, variables by their name
  std::string origin;  // "flag --users", "environment BURSTGATE_USERS", "burstgate.yaml:12:9", "default"
};

// In the order of the YAML file's sections; the limits last.
std::vector<Setting> effective_settings(const Settings& settings);

// The document leaf by leaf, for Settings::written.
std::vector<Written> written_in(const Value& document);

}  // namespace burstgate::config
