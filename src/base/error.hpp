// The one error type for setup mistakes. Failures of the service under test are counted data, never thrown;
// our own bugs are assertions (base/assert.hpp).
//
// An error has parts: where, what, expected, fix. It prints as
//
//   gate.yaml:12:9: error[E-101]: unknown metric 'latncy_p95'; did you mean 'latency_p95'?
//       latncy_p95: {fail: +20%}
//       ^
#pragma once

#include <exception>
#include <string>
#include <vector>

namespace burstgate {

// Which of the process's exit codes an error leads to (cli/exit_code.hpp holds the numbers).
enum class Trouble { usage, inconclusive, target, output, internal };

struct Problem {
  std::string code{};         // stable, "E-101"
  std::string where{};        // "gate.yaml:12:9", "127.0.0.1:8080", a path or an option; may be empty
  std::string what{};         // what happened, with the observed value; one line
  std::string hint{};         // what was expected or what to do, one line; may be empty
  std::string source_line{};  // the offending line, as it stands; may be empty
  int caret_column = 0;       // 1-based column in source_line; 0: no caret
};

// One problem as it is printed, without a trailing newline.
std::string to_text(const Problem& problem);

class Error : public std::exception {
 public:
  Error(Trouble trouble, std::vector<Problem> problems);
  Error(Trouble trouble, Problem problem);

  Trouble trouble() const { return trouble_; }
  const std::vector<Problem>& problems() const { return problems_; }
  const char* what() const noexcept override { return text_.c_str(); }  // all problems, one after the other

 private:
  Trouble trouble_;
  std::vector<Problem> problems_;
  std::string text_;
};

}  // namespace burstgate
