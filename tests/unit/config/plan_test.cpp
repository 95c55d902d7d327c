#include "config/plan.hpp"

#include <doctest/doctest.h>

namespace burstgate::config {

TEST_CASE("requests of an iteration: the scenarios' steps by their weights") {
  Plan plan;
  plan.scenarios = {{.name = "one", .weight = 3, .steps = std::vector<Step>(1)},
                    {.name = "five", .weight = 1, .steps = std::vector<Step>(5)}};
  CHECK(requests_per_iteration(plan) == 2.0);
  plan.scenarios.pop_back();
  CHECK(requests_per_iteration(plan) == 1.0);
}

}  // namespace burstgate::config
