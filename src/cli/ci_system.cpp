// Each system sets a variable of its own; the first one found counts.
#include "cli/ci_system.hpp"

#include <filesystem>

namespace burstgate::cli {

const std::vector<KnownCi>& known_cis() {
  static const std::vector<KnownCi> table = {
      {"github", "GITHUB_ACTIONS", CiSystem::github},
      {"gitlab", "GITLAB_CI", CiSystem::gitlab},
      {"azure", "TF_BUILD", CiSystem::azure},
      {"buildkite", "BUILDKITE", CiSystem::buildkite},
  };
  return table;
}

namespace {

bool is_set(const config::Environment& environment, const char* variable) {
  const auto value = environment(variable);
  return value && !value->empty() && *value != "false";
}

}  // namespace

CiSystem detected_ci(const config::Environment& environment) {
  for (const KnownCi& known : known_cis()) {
    if (is_set(environment, known.variable)) return known.system;
  }
  return CiSystem::none;
}

std::string ci_name(const config::Environment& environment) {
  for (const KnownCi& known : known_cis()) {
    if (is_set(environment, known.variable)) return known.name;
  }
  return is_set(environment, "JENKINS_URL") ? "jenkins" : "";
}

std::string path_in_repository(const std::string& file, const std::string& folder, const std::string& workspace) {
  if (workspace.empty()) return file;
  const auto top = std::filesystem::path(workspace).lexically_normal();
  const auto whole = (std::filesystem::path(folder) / file).lexically_normal();
  const std::string inside = whole.lexically_relative(top).string();
  return inside.empty() || inside == ".." || inside.starts_with("../") ? file : inside;
}

}  // namespace burstgate::cli
