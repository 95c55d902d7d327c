// Each system sets a variable of its own; the first one found counts.
#include "cli/ci_system.hpp"

#include <filesystem>
#include <initializer_list>

#include "base/text.hpp"

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

namespace {

constexpr std::size_t longest_value = 200;

// The first variable that says something; "false" is Buildkite's word for no pull request.
std::string first_of(const config::Environment& environment, std::initializer_list<const char*> variables) {
  for (const char* variable : variables) {
    if (is_set(environment, variable)) return visible(elided(*environment(variable), longest_value));
  }
  return {};
}

std::string without_prefix(std::string text, std::initializer_list<std::string_view> prefixes) {
  for (const std::string_view prefix : prefixes) {
    if (text.starts_with(prefix)) return text.substr(prefix.size());
  }
  return text;
}

// "refs/pull/12/merge" -> "12".
std::string github_pull_request(const config::Environment& environment) {
  constexpr std::string_view prefix = "refs/pull/";
  const std::string ref = first_of(environment, {"GITHUB_REF"});
  return ref.starts_with(prefix) ? ref.substr(prefix.size(), ref.find('/', prefix.size()) - prefix.size()) : "";
}

}  // namespace

Circumstances circumstances(const config::Environment& environment) {
  Circumstances known;
  known.commit = first_of(environment, {"BURSTGATE_COMMIT", "GITHUB_SHA", "CI_COMMIT_SHA", "BUILDKITE_COMMIT",
                                        "BUILD_SOURCEVERSION", "GIT_COMMIT"});
  known.branch =
      without_prefix(first_of(environment, {"BURSTGATE_BRANCH", "GITHUB_HEAD_REF", "GITHUB_REF_NAME",
                                            "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_REF_NAME",
                                            "BUILDKITE_BRANCH", "SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH",
                                            "CHANGE_BRANCH", "BRANCH_NAME", "GIT_BRANCH"}),
                     {"refs/heads/", "refs/tags/", "origin/"});
  known.pull_request =
      first_of(environment, {"BURSTGATE_PULL_REQUEST", "CI_MERGE_REQUEST_IID", "BUILDKITE_PULL_REQUEST",
                             "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", "SYSTEM_PULLREQUEST_PULLREQUESTID", "CHANGE_ID"});
  if (known.pull_request.empty()) known.pull_request = github_pull_request(environment);
  return known;
}

std::string job_url(const config::Environment& environment) {
  const auto of = [&](const char* variable) { return first_of(environment, {variable}); };
  if (!of("GITHUB_RUN_ID").empty()) {
    return of("GITHUB_SERVER_URL") + "/" + of("GITHUB_REPOSITORY") + "/actions/runs/" + of("GITHUB_RUN_ID");
  }
  return first_of(environment, {"CI_JOB_URL", "BUILDKITE_BUILD_URL", "BUILD_URL"});
}

std::string path_in_repository(const std::string& file, const std::string& folder, const std::string& workspace) {
  if (workspace.empty()) return file;
  const auto top = std::filesystem::path(workspace).lexically_normal();
  const auto whole = (std::filesystem::path(folder) / file).lexically_normal();
  const std::string inside = whole.lexically_relative(top).string();
  return inside.empty() || inside == ".." || inside.starts_with("../") ? file : inside;
}

}  // namespace burstgate::cli
