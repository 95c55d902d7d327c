#include <doctest/doctest.h>

#include <set>

#include "verdict/verdict.hpp"

using namespace burstgate::verdict;

TEST_CASE("names of outcomes, causes and comparisons are stable") {
  CHECK(name(Outcome::pass) == "pass");
  CHECK(name(Outcome::warn) == "warn");
  CHECK(name(Outcome::fail) == "fail");
  CHECK(name(Outcome::inconclusive) == "inconclusive");
  CHECK(name(Comparison::none) == "none");
  CHECK(name(Comparison::stored) == "stored");
  CHECK(name(Comparison::point) == "point");
  const std::pair<Cause, std::string_view> causes[] = {{Cause::none, "none"},
                                                       {Cause::no_baseline, "no_baseline"},
                                                       {Cause::workload_differs, "workload_differs"},
                                                       {Cause::endpoint_missing, "endpoint_missing"},
                                                       {Cause::too_few_samples, "too_few_samples"},
                                                       {Cause::generator_saturated, "generator_saturated"},
                                                       {Cause::machine_differs, "machine_differs"},
                                                       {Cause::machine_paused, "machine_paused"},
                                                       {Cause::not_the_same_work, "not_the_same_work"},
                                                       {Cause::connections_short, "connections_short"},
                                                       {Cause::metric_missing, "metric_missing"},
                                                       {Cause::undecided, "undecided"},
                                                       {Cause::zero_successes, "zero_successes"},
                                                       {Cause::target_died, "target_died"},
                                                       {Cause::tool_failed, "tool_failed"},
                                                       {Cause::interrupted, "interrupted"}};
  for (const auto& [cause, text] : causes) CHECK(name(cause) == text);
}
