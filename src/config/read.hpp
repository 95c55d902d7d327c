// YAML and command-line settings -> Plan and Thresholds. The only user of yaml-cpp. All mistakes are reported at once,
// each with file:line:column, the line itself, a caret and the nearest valid word (Error with Trouble::usage).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/alert.hpp"
#include "config/plan.hpp"
#include "config/thresholds.hpp"
#include "config/waivers.hpp"

namespace burstgate::config {

// Settings that came from flags or BURSTGATE_* variables; they win over the YAML. Texts are parsed here, so that a
// wrong unit is reported the same way wherever it stands; `origin` names the flag ("--duration").
struct Override {
  // "url", "profile", "users", "rate", "duration", "warmup", "baseline", "budget", "thresholds", "seed"
  std::string key;
  std::string value;
  std::string origin;
  bool ambient = false;  // from the environment, which is everybody's: what does not concern this plan is ignored
};

// One value as it stands in the file.
struct Written {
  std::string key;  // "profiles.pr.users", "workload.scenarios[0]"
  std::string
      text;  // as written: ${NAME} is not filled in; of a list of words all of them; of an item that is a mapping ""
  Place place;
};

struct Settings {
  Plan plan;
  Thresholds thresholds;
  std::vector<Waiver> waivers;  // of the file; --waivers takes their place
  std::vector<Alert> alerts;
  std::optional<PushGateway> push_gateway;
  std::string config_file;          // "" when there is none
  std::vector<Written> written;     // what the file says, and
  std::vector<Override> overrides;  // what was said over it: where each value comes from (effective.hpp)
  std::vector<std::string> notes;   // "users 50 from --users instead of 20 (gate.yaml:30:12)"
};

// Value of an environment variable, or nothing. Injected so that reading is pure.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// Reads `config_file` (nothing: no file, the URL must come from the overrides), the thresholds file that it or an
// override names (paths in YAML are relative to the YAML file's folder), and applies the overrides.
// Without any thresholds: default_thresholds(). A thresholds document without a single rule is an error.
Settings read_settings(const std::optional<std::string>& config_file, const std::vector<Override>& overrides,
                       const Environment& environment);

// For `validate`: the thresholds file alone.
Thresholds read_thresholds(const std::string& file, const Environment& environment);

// For `validate`: a profile in a file of its own, or nothing when the file is something else.
std::optional<Profile> read_profile_alone(const std::string& file);

// Whether the document looks like thresholds (top-level regression / limits / endpoints) rather than a burstgate.yaml.
bool is_thresholds_file(const std::string& file);

// Bounds on YAML input, against documents that explode (case 137).
inline constexpr std::size_t max_yaml_bytes = 1u << 20;
inline constexpr std::size_t max_yaml_nodes = 10'000;
inline constexpr int max_yaml_depth = 32;

}  // namespace burstgate::config
