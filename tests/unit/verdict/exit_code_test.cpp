#include "cli/exit_code.hpp"

#include <doctest/doctest.h>

using namespace burstgate;
using namespace burstgate::cli;
using verdict::Outcome;

namespace {
verdict::Verdict with(Outcome outcome, bool target_failed = false) {
  verdict::Verdict v;
  v.outcome = outcome;
  v.target_failed = target_failed;
  return v;
}
}  // namespace

TEST_CASE("exit codes of verdicts") {
  CHECK(exit_code(with(Outcome::pass), 0) == 0);
  CHECK(exit_code(with(Outcome::warn), 0) == 0);
  CHECK(exit_code(with(Outcome::fail), 0) == 1);
  CHECK(exit_code(with(Outcome::inconclusive), 0) == 3);
  CHECK(exit_code(with(Outcome::fail, true), 0) == 4);
  CHECK(exit_code(with(Outcome::fail, true), 2) == 130);
  CHECK(exit_code(with(Outcome::inconclusive), 15) == 143);
}

TEST_CASE("--on-inconclusive changes inconclusive and nothing else") {
  for (const auto policy : {OnInconclusive::warn, OnInconclusive::pass}) {
    CHECK(exit_code(with(Outcome::inconclusive), 0, policy) == 0);
    CHECK(exit_code(with(Outcome::fail), 0, policy) == 1);
    CHECK(exit_code(with(Outcome::inconclusive, true), 0, policy) == 4);
    CHECK(exit_code(with(Outcome::inconclusive), 2, policy) == 130);
  }
  CHECK(exit_code(with(Outcome::inconclusive), 0, OnInconclusive::fail) == 3);
}

TEST_CASE("exit codes of errors") {
  CHECK(exit_code(Trouble::usage) == 2);
  CHECK(exit_code(Trouble::inconclusive) == 3);
  CHECK(exit_code(Trouble::target) == 4);
  CHECK(exit_code(Trouble::output) == 5);
  CHECK(exit_code(Trouble::internal) == 70);
}

TEST_CASE("precedence: 70 > 2 > 130/143 > 4 > 3 > 1 > 5 > 0") {
  const int order[] = {0, 5, 1, 3, 4, 143, 130, 2, 70};
  for (int a = 0; a < 9; ++a) {
    for (int b = 0; b < 9; ++b) CHECK(more_important(order[a], order[b]) == order[std::max(a, b)]);
  }
}
