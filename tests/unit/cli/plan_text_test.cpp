#include "cli/plan_text.hpp"

#include <doctest/doctest.h>

#include "support/plans.hpp"

using namespace burstgate;
using namespace std::chrono_literals;

namespace {

config::Settings spike() {
  config::Settings settings;
  settings.plan = test::one_step_plan();
  settings.plan.service.url = "http://127.0.0.1:8080/";
  config::Profile& profile = settings.plan.profile;
  profile.name = "spike";
  profile.closed.users = 100;
  profile.warmup = 10s;
  profile.duration = 50s;
  profile.stages = {{"ramp", 50, 10s}, {"before", 50, 20s}, {"rise", 100, 0s}, {"peak", 100, 20s}, {"fall", 0, 10s}};
  settings.thresholds.source = "built-in defaults";
  return settings;
}

}  // namespace

TEST_CASE("dry run: the load over time, what it needs and how long it takes") {
  CHECK("\n" + cli::plan_text(spike()) == R"(
operation   burst
service     http://127.0.0.1:8080/
load        closed model: up to 100 users
iterations  as many as the service answers
profile     spike: warm-up 10.0 s, measured 50 s
stage       0 s to 10 s: ramp, to 50 users over 10 s
stage       10 s to 30 s: before, to 50 users over 20 s
stage       30 s to 30 s: rise, to 100 users at once
stage       30 s to 50 s: peak, to 100 users over 20 s
stage       50 s to 1 min: fall, to 0 users over 10 s
        100 |                              #####################
            |                              #######################
            |                              ########################
         50 |        ################################################
            |     #####################################################
            |  #########################################################
          0 +..........--------------------------------------------------
             0 s                                                    1 min
descriptors 164 needed
duration    60.9 s
request     GET / (GET /), scenario default of weight 1 (100 % of the iterations)
baseline    none
thresholds  built-in defaults
dry run     nothing was started and nothing was sent
)");
}

TEST_CASE("dry run: in the open model the number of requests is known") {
  config::Settings settings = spike();
  settings.plan.profile.open = config::OpenLoad{100, 20};
  const std::string text = cli::plan_text(settings);
  CHECK(text.find("load        open model: up to 100/s, at most 20 connections\n") != std::string::npos);
  // 250 + 1000 + 2000 + 500; the first 10 s are warm-up
  CHECK(text.find("iterations  3500 iterations measured, 3500 requests at most (3750 with the warm-up)\n") !=
        std::string::npos);
  CHECK(text.find("descriptors 84 needed\n") != std::string::npos);
}

TEST_CASE("dry run: shares, notes, and the command as it is written") {
  config::Settings settings = spike();
  settings.plan.scenarios.push_back(settings.plan.scenarios[0]);
  settings.plan.scenarios[0].weight = 3;
  settings.plan.service.command = {"./server", "secret"};
  settings.written = {{"service.command", "[./server, ${TOKEN}]", {}}};
  settings.notes = {"users 5 from --users"};
  const std::string text = cli::plan_text(settings);
  CHECK(text.find("of weight 3 (75 % of the iterations)") != std::string::npos);
  CHECK(text.find("started by  ./server ${TOKEN}\n") != std::string::npos);
  CHECK(text.find("secret") == std::string::npos);
  CHECK(text.find(", and the start of the service\n") != std::string::npos);
  CHECK(text.find("note        users 5 from --users\n") != std::string::npos);
}

TEST_CASE("dry run: a paired comparison has a budget instead of a course") {
  config::Settings settings = spike();
  settings.plan.profile.stages.clear();
  settings.plan.paired.emplace();
  settings.plan.paired->service.command = {"./base"};
  const std::string text = cli::plan_text(settings);
  CHECK(text.find("both builds by turns") != std::string::npos);
  CHECK(text.find("duration    at most 1 min of load") != std::string::npos);
  CHECK(text.find("descriptors 640 needed\n") != std::string::npos);
  CHECK(text.find("baseline    ./base\n") != std::string::npos);
}
