// The process's exit codes: an interface, changing one breaks someone's pipeline.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "verdict/verdict.hpp"

namespace burstgate::cli {

inline constexpr int exit_pass = 0;          // warnings included
inline constexpr int exit_fail = 1;          // regression, or limit broken
inline constexpr int exit_usage = 2;         // bad usage or configuration, nothing was sent
inline constexpr int exit_inconclusive = 3;  // or not comparable
inline constexpr int exit_target = 4;        // the service did not start, was unreachable, died, answered nothing right
inline constexpr int exit_output = 5;        // verdict pass, but a report or baseline could not be written
inline constexpr int exit_internal = 70;     // a bug of ours
inline constexpr int exit_interrupted = 130;  // SIGINT: 128 + 2
inline constexpr int exit_terminated = 143;   // SIGTERM: 128 + 15

// --on-inconclusive
enum class OnInconclusive { fail, warn, pass };

// `signal`: the one that stopped the run, 0 for none. A certain failure outranks inconclusive siblings already in
// the verdict's outcome.
inline int exit_code(const verdict::Verdict& verdict, int signal,
                     OnInconclusive on_inconclusive = OnInconclusive::fail) {
  if (signal != 0) return 128 + signal;
  if (verdict.target_failed) return exit_target;
  switch (verdict.outcome) {
    case verdict::Outcome::fail:
      return exit_fail;
    case verdict::Outcome::inconclusive:
      return on_inconclusive == OnInconclusive::fail ? exit_inconclusive : exit_pass;
    case verdict::Outcome::pass:
    case verdict::Outcome::warn:
      break;
  }
  return exit_pass;
}

inline int exit_code(Trouble trouble) {
  switch (trouble) {
    case Trouble::usage:
      return exit_usage;
    case Trouble::inconclusive:
      return exit_inconclusive;
    case Trouble::target:
      return exit_target;
    case Trouble::output:
      return exit_output;
    case Trouble::internal:
      break;
  }
  return exit_internal;
}

// Of two codes the one that the process ends with: 70 > 2 > 130/143 > 4 > 3 > 1 > 5 > 0. (A verdict with a failed and
// an inconclusive check has one code already, 1.)
inline int more_important(int a, int b) {
  for (const int code : {exit_internal, exit_usage, exit_interrupted, exit_terminated, exit_target, exit_inconclusive,
                         exit_fail, exit_output}) {
    if (a == code || b == code) return code;
  }
  return exit_pass;
}

inline std::string_view exit_meaning(int code) {
  switch (code) {
    case exit_pass:
      return "pass";
    case exit_fail:
      return "regression or limit broken";
    case exit_usage:
      return "bad usage or configuration, nothing was sent";
    case exit_inconclusive:
      return "inconclusive or not comparable";
    case exit_target:
      return "the service failed";
    case exit_output:
      return "the verdict is pass, but a report or baseline could not be written";
    case exit_interrupted:
    case exit_terminated:
      return "interrupted, partial results kept";
    default:
      return "internal error, please report it";
  }
}

}  // namespace burstgate::cli
