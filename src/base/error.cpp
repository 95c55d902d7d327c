#include "base/error.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace burstgate {

std::string to_text(const Problem& problem) {
  std::string text;
  if (!problem.where.empty()) text += visible(problem.where) + ": ";
  text += fmt::format("error[{}]: {}", problem.code, visible(problem.what));
  if (!problem.hint.empty()) text += "; " + visible(problem.hint);
  if (!problem.source_line.empty()) {
    text += "\n    " + visible(problem.source_line);
    if (problem.caret_column > 0) text += "\n    " + std::string(problem.caret_column - 1, ' ') + "^";
  }
  return text;
}

namespace {
std::string join(const std::vector<Problem>& problems) {
  std::string text;
  for (const auto& problem : problems) {
    if (!text.empty()) text += '\n';
    text += to_text(problem);
  }
  return text;
}
}  // namespace

Error::Error(Trouble trouble, std::vector<Problem> problems)
    : trouble_(trouble), problems_(std::move(problems)), text_(join(problems_)) {}

Error::Error(Trouble trouble, Problem problem) : Error(trouble, std::vector<Problem>{std::move(problem)}) {}

}  // namespace burstgate
