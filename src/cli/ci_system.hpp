// Which CI system this process runs in. It changes what is said and where, never a verdict.
#pragma once

#include <string>
#include <vector>

#include "config/read.hpp"

namespace burstgate::cli {

enum class CiSystem { none, github, gitlab, azure, buildkite };

struct KnownCi {
  const char* name;      // "github"
  const char* variable;  // that it sets
  CiSystem system;
};
const std::vector<KnownCi>& known_cis();

// By the environment alone.
CiSystem detected_ci(const config::Environment& environment);
// For the record: also those to which nothing is said in particular. "" outside of CI.
std::string ci_name(const config::Environment& environment);

// What is measured, for the record. BURSTGATE_COMMIT, BURSTGATE_BRANCH and BURSTGATE_PULL_REQUEST win over what the CI
// system says; each is at most 200 bytes, visible, and "" when nobody says it.
struct Circumstances {
  std::string commit;
  std::string branch;        // of a pull request: its own, not the one it goes to
  std::string pull_request;  // its number
};
Circumstances circumstances(const config::Environment& environment);

// Where a person sees this job; "" when nobody says it.
std::string job_url(const config::Environment& environment);

// A file from the top of the repository, which is `workspace`, when it is inside of it; otherwise as it was named.
// Both folders are absolute, `workspace` may be empty.
std::string path_in_repository(const std::string& file, const std::string& folder, const std::string& workspace);

}  // namespace burstgate::cli
