// Detection of the CI system, and paths as it knows them.
#include "cli/ci_system.hpp"

#include <doctest/doctest.h>

#include <map>

namespace burstgate::cli {

namespace {

config::Environment with(const std::map<std::string, std::string>& variables) {
  return [variables](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

}  // namespace

TEST_CASE("each CI system is known by its variable") {
  CHECK(detected_ci(with({})) == CiSystem::none);
  CHECK(detected_ci(with({{"GITHUB_ACTIONS", "true"}})) == CiSystem::github);
  CHECK(detected_ci(with({{"GITLAB_CI", "true"}})) == CiSystem::gitlab);
  CHECK(detected_ci(with({{"TF_BUILD", "True"}})) == CiSystem::azure);
  CHECK(detected_ci(with({{"BUILDKITE", "true"}})) == CiSystem::buildkite);
  CHECK(detected_ci(with({{"GITHUB_ACTIONS", ""}})) == CiSystem::none);
  CHECK(detected_ci(with({{"GITHUB_ACTIONS", "false"}, {"GITLAB_CI", "true"}})) == CiSystem::gitlab);
  CHECK(ci_name(with({{"JENKINS_URL", "http://x"}})) == "jenkins");
  CHECK(detected_ci(with({{"JENKINS_URL", "http://x"}})) == CiSystem::none);
  CHECK(ci_name(with({{"TF_BUILD", "True"}, {"JENKINS_URL", "http://x"}})) == "azure");
  CHECK(ci_name(with({})) == "");
}

TEST_CASE("a file inside the workspace is named from its top") {
  CHECK(path_in_repository("t.yaml", "/w/repo/perf", "/w/repo") == "perf/t.yaml");
  CHECK(path_in_repository("../t.yaml", "/w/repo/perf", "/w/repo/") == "t.yaml");
  CHECK(path_in_repository("/w/repo/a/t.yaml", "/elsewhere", "/w/repo") == "a/t.yaml");
  CHECK(path_in_repository("../../t.yaml", "/w/repo/perf", "/w/repo") == "../../t.yaml");
  CHECK(path_in_repository("/etc/t.yaml", "/w/repo", "/w/repo") == "/etc/t.yaml");
  CHECK(path_in_repository("..t.yaml", "/w/repo", "/w/repo") == "..t.yaml");
  CHECK(path_in_repository("t.yaml", "/w/repo", "") == "t.yaml");
}

}  // namespace burstgate::cli
