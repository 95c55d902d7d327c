#include "config/course.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "settings_file.hpp"

using namespace burstgate::config;
using namespace burstgate::config::test;
using namespace std::chrono_literals;

namespace {

Profile staged(std::vector<Stage> stages) {
  Profile profile;
  profile.warmup = 0s;
  profile.duration = 0s;
  for (const Stage& stage : stages) profile.duration += stage.over;
  profile.stages = std::move(stages);
  return profile;
}

const Profile spike = staged({{"ramp", 10, 10s},
                              {"before", 10, 20s},
                              {"rise", 100, 0s},
                              {"peak", 100, 30s},
                              {"fall", 10, 5s},
                              {"recovery", 10, 45s}});

}  // namespace

TEST_CASE("the level follows the stages, and jumps where a stage lasts no time") {
  const Course course(spike);
  CHECK(course.level(-1) == 0);
  CHECK(course.level(0) == 0);
  CHECK(course.level(5) == doctest::Approx(5));
  CHECK(course.level(29.999) == doctest::Approx(10));
  CHECK(course.level(30) == doctest::Approx(100));
  CHECK(course.level(62.5) == doctest::Approx(55));
  CHECK(course.level(1000) == doctest::Approx(10));
  CHECK(course.peak() == 100);
  CHECK(course.total_s() == doctest::Approx(110));
}

TEST_CASE("users come when the level climbs above their number and go when it comes down to it") {
  const Course course(spike);
  CHECK(*course.climbs_above(0, 0) == doctest::Approx(0));
  CHECK(*course.climbs_above(5, 0) == doctest::Approx(5));
  CHECK(*course.climbs_above(10, 0) == doctest::Approx(30));  // user 10 is the eleventh
  CHECK(*course.climbs_above(99, 0) == doctest::Approx(30));
  CHECK_FALSE(course.climbs_above(100, 0));
  CHECK(*course.comes_down_to(55, 30) == doctest::Approx(62.5));
  CHECK(*course.comes_down_to(10, 30) == doctest::Approx(65));
  CHECK_FALSE(course.comes_down_to(9, 30));  // the tenth stays
  CHECK_FALSE(course.climbs_above(10, 31));
}

TEST_CASE("a level that comes back is climbed again, later") {
  const Course course(staged({{"up", 4, 4s}, {"down", 0, 4s}, {"pause", 0, 2s}, {"up again", 4, 4s}}));
  CHECK(*course.climbs_above(1, 0) == doctest::Approx(1));
  CHECK(*course.comes_down_to(1, 1) == doctest::Approx(7));
  CHECK(*course.climbs_above(1, 7) == doctest::Approx(11));
  CHECK_FALSE(course.comes_down_to(1, 11));
  CHECK(*course.climbs_above(0, 8) == doctest::Approx(10));
}

TEST_CASE("a constant closed load is spawned at its rate, or at once") {
  Profile profile;
  profile.closed = {.users = 20, .spawn_rate_per_s = 10};
  const Course spawned(profile);
  CHECK(*spawned.climbs_above(7, 0) == doctest::Approx(0.7));
  CHECK_FALSE(spawned.climbs_above(20, 0));
  CHECK(spawned.total_s() == doctest::Approx(12));
  profile.closed.spawn_rate_per_s = 0;
  const Course at_once(profile);
  CHECK(*at_once.climbs_above(19, 0) == 0);
  CHECK_FALSE(at_once.comes_down_to(0, 0));
}

TEST_CASE("arrivals are the area under the rate, and due when it reaches them") {
  Profile profile = staged({{"pause", 0, 2s}, {"up", 100, 4s}, {"hold", 100, 4s}, {"down", 20, 4s}});
  profile.open = OpenLoad{100, 1};
  const Course course(profile);
  CHECK(course.arrivals(2) == doctest::Approx(0));
  CHECK(course.arrivals(6) == doctest::Approx(200));
  CHECK(course.arrivals(10) == doctest::Approx(600));
  CHECK(course.arrivals(14) == doctest::Approx(840));
  CHECK(course.due_s(0) == doctest::Approx(2));  // nothing is due in a pause
  CHECK(course.due_s(50) == doctest::Approx(4));
  CHECK(course.due_s(200) == doctest::Approx(6));
  CHECK(course.due_s(250) == doctest::Approx(6.5));
  for (double k = 0; k < 840; k += 7) CHECK(course.arrivals(course.due_s(k)) == doctest::Approx(k));
  CHECK(std::isinf(Course(staged({{"up", 10, 2s}, {"down", 0, 2s}})).due_s(20)));
}

TEST_CASE("the plateau is the longest stay at the peak") {
  CHECK(Course(spike).plateau()->start_s == doctest::Approx(30));
  CHECK(Course(spike).plateau()->end_s == doctest::Approx(60));
  CHECK_FALSE(Course(staged({{"up", 10, 5s}, {"down", 0, 5s}})).plateau());
  const auto twice =
      Course(staged({{"a", 5, 0s}, {"b", 5, 2s}, {"c", 1, 0s}, {"d", 1, 9s}, {"e", 5, 0s}, {"f", 5, 3s}}));
  CHECK(twice.plateau()->start_s == doctest::Approx(11));
  Profile constant;
  CHECK(Course(constant).plateau()->start_s == 0);
  CHECK(Course(constant).plateau()->end_s == doctest::Approx(12));
}

TEST_CASE("the end of the peak is where a recovery begins, if there is one") {
  CHECK(*Course(spike).peak_end_s() == doctest::Approx(60));
  CHECK_FALSE(Course(Profile{}).peak_end_s());
  CHECK_FALSE(Course(staged({{"up", 10, 5s}, {"hold", 10, 5s}, {"down", 0, 5s}})).peak_end_s());
  CHECK_FALSE(Course(staged({{"low", 1, 5s}, {"hold", 1, 5s}, {"high", 10, 5s}})).peak_end_s());
  CHECK(*Course(staged({{"up", 9, 5s}, {"low", 2, 1s}, {"stay", 2, 5s}, {"down", 0, 5s}})).peak_end_s() ==
        doctest::Approx(5));
}

TEST_CASE("stages are read with the model of their loads, their length and their names") {
  const Settings settings = read(shortest +
                                 "profiles: {s: {stages: [{rate: 10/s, over: 4s, name: up}, {rate: 0/s, over: 6s}],"
                                 " warmup: 1s, connections: 7}}\n");
  const Profile& profile = settings.plan.profile;
  REQUIRE(profile.open);
  CHECK(profile.open->rate_per_s == 10);
  CHECK(profile.open->connections == 7);
  CHECK(profile.warmup == 1s);
  CHECK(profile.duration == 9s);
  REQUIRE(profile.stages.size() == 2);
  CHECK(profile.stages[0].name == "up");
  CHECK(profile.stages[1].name == "stage 2");
  CHECK(stage_text(profile, profile.stages[0]) == "10/s over 4 s");
  CHECK(read(shortest + "profiles: {s: {stages: [{users: 1, over: 4s}]}}\n").plan.profile.warmup == 0s);
}

TEST_CASE("flags scale stages and keep their shape") {
  const std::string text = shortest + "profiles: {s: {stages: [{users: 10, over: 4s}, {users: 2, over: 6s}]}}\n";
  const Settings more = read(text, {{"users", "50", "--users"}, {"duration", "5s", "--duration"}});
  CHECK(more.plan.profile.closed.users == 50);
  CHECK(more.plan.profile.stages[1].target == doctest::Approx(10));
  CHECK(more.plan.profile.stages[0].over == 2s);
  CHECK(more.plan.profile.duration == 5s);
  REQUIRE(more.notes.size() == 2);
  CHECK(base_names(more.notes[0]).find("keep their shape, scaled by --users to at most 50 users") != std::string::npos);
  const Settings open = read(text, {{"rate", "100/s", "--rate"}});
  REQUIRE(open.plan.profile.open);
  CHECK(open.plan.profile.open->rate_per_s == 100);
  CHECK(open.plan.profile.stages[1].target == doctest::Approx(20));
}

TEST_CASE("baseline, stress, spike and soak exist without being written, and a written one takes the place") {
  const auto named = [](const std::string& text, const std::string& name) {
    return read(text, {{"profile", name, "--profile"}}).plan.profile;
  };
  CHECK(named(shortest, "baseline").closed.users == 100);
  CHECK(named(shortest, "baseline").duration == 10min);
  CHECK(named(shortest, "stress").closed.users == 500);
  CHECK(named(shortest, "stress").duration == 5min);
  CHECK(named(shortest, "spike").closed.users == 1000);
  CHECK(Course(named(shortest, "spike")).peak_end_s() == 70);
  CHECK(named(shortest, "spike").duration == 2min);
  CHECK(named(shortest, "soak").duration == 2h);
  CHECK(named(shortest + "profiles: {soak: {users: 3}}\n", "soak").closed.users == 3);
  CHECK(read(shortest + "profile: spike\n").plan.profile.name == "spike");
  CHECK(read(shortest + "profiles: {pr: {users: 3}}\n").plan.profile.name == "pr");  // never chosen unasked
  CHECK(read(shortest, {{"profile", "soak", "--profile"}, {"rate", "5/s", "--rate"}}).plan.profile.open);
}
