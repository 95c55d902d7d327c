// Marks in a pull request's diff at the lines where the limits are written, as commands that CI systems read from a
// job's log. At most ten, worst first: GitHub shows no more of one step.
#pragma once

#include <functional>
#include <string>

#include "report/report.hpp"

namespace burstgate::report {

// A file as the CI system knows it, from the top of the repository.
using RepositoryPath = std::function<std::string(const std::string& file)>;

// Lines, each ended; "" when everything passed. What is inconclusive is an error, or a warning where the command let it
// through.
std::string render_github_annotations(const Report& report, const RepositoryPath& repository_path);
std::string render_azure_issues(const Report& report, const RepositoryPath& repository_path);

}  // namespace burstgate::report
