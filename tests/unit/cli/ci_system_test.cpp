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

TEST_CASE("commit, branch and pull request, as each system names them") {
  const auto known = [](const std::map<std::string, std::string>& variables) { return circumstances(with(variables)); };
  const Circumstances github = known({{"GITHUB_SHA", "c0ffee"},
                                      {"GITHUB_REF", "refs/pull/12/merge"},
                                      {"GITHUB_REF_NAME", "12/merge"},
                                      {"GITHUB_HEAD_REF", "feature/x"}});
  CHECK(github.commit == "c0ffee");
  CHECK(github.branch == "feature/x");
  CHECK(github.pull_request == "12");
  const Circumstances push =
      known({{"GITHUB_REF", "refs/heads/main"}, {"GITHUB_REF_NAME", "main"}, {"GITHUB_HEAD_REF", ""}});
  CHECK(push.branch == "main");
  CHECK(push.pull_request.empty());
  const Circumstances gitlab = known({{"CI_COMMIT_SHA", "a"},
                                      {"CI_COMMIT_REF_NAME", "main"},
                                      {"CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "x"},
                                      {"CI_MERGE_REQUEST_IID", "7"}});
  CHECK(gitlab.branch == "x");
  CHECK(gitlab.pull_request == "7");
  CHECK(known({{"BUILD_SOURCEBRANCH", "refs/heads/main"}}).branch == "main");
  CHECK(known({{"SYSTEM_PULLREQUEST_SOURCEBRANCH", "refs/heads/x"}, {"BUILD_SOURCEBRANCH", "refs/pull/3/merge"}})
            .branch == "x");
  CHECK(known({{"SYSTEM_PULLREQUEST_PULLREQUESTID", "3"}}).pull_request == "3");
  CHECK(known({{"BUILDKITE_BRANCH", "main"}, {"BUILDKITE_PULL_REQUEST", "false"}}).pull_request.empty());
  CHECK(known({{"BUILDKITE_PULL_REQUEST", "9"}}).pull_request == "9");
  CHECK(known({{"GIT_BRANCH", "origin/main"}, {"CHANGE_ID", "5"}}).branch == "main");
  CHECK(known({{"GIT_BRANCH", "origin/main"}, {"CHANGE_ID", "5"}}).pull_request == "5");
  // What is said on purpose wins, and what comes from outside stays harmless.
  CHECK(known({{"BURSTGATE_BRANCH", "b"}, {"GITHUB_REF_NAME", "main"}}).branch == "b");
  CHECK(known({{"BURSTGATE_PULL_REQUEST", "1"}, {"GITHUB_REF", "refs/pull/12/merge"}}).pull_request == "1");
  CHECK(known({{"BURSTGATE_COMMIT", "\x1b[31m"}}).commit == "\\x1b[31m");
  CHECK(known({{"BURSTGATE_BRANCH", std::string(500, 'x')}}).branch.size() == 200);
  CHECK(known({}).commit.empty());
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

TEST_CASE("where a person sees the job") {
  CHECK(job_url(with({})) == "");
  CHECK(job_url(with({{"GITHUB_SERVER_URL", "https://github.example"},
                      {"GITHUB_REPOSITORY", "me/it"},
                      {"GITHUB_RUN_ID", "42"}})) == "https://github.example/me/it/actions/runs/42");
  CHECK(job_url(with({{"CI_JOB_URL", "https://gitlab.example/me/it/-/jobs/7"}})) ==
        "https://gitlab.example/me/it/-/jobs/7");
  CHECK(job_url(with({{"BUILD_URL", "https://jenkins.example/job/1/"}})) == "https://jenkins.example/job/1/");
}

}  // namespace burstgate::cli
