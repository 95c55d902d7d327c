// Users and lengths are those that teams wrote down for themselves before: 100 users for ten minutes as the normal
// load, five times as many for stress, ten times as many as a spike, twice as many for two hours as a soak.
// docs/profiles.md has the table.
#include "config/builtin_profiles.hpp"

namespace burstgate::config {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

ProfileDraft constant(std::string name, int users, double spawn_rate_per_s, microseconds duration) {
  ProfileDraft draft;
  draft.name = std::move(name);
  draft.users = Placed<int>{users, {}};
  draft.spawn_rate = Placed<double>{spawn_rate_per_s, {}};
  draft.duration = Placed<microseconds>{duration, {}};
  return draft;
}

StageDraft stage(std::string name, double users, microseconds over) {
  StageDraft draft;
  draft.name = std::move(name);
  draft.users = Placed<double>{users, {}};
  draft.over = Placed<microseconds>{over, {}};
  return draft;
}

ProfileDraft staged(std::string name, std::vector<StageDraft> stages) {
  ProfileDraft draft;
  draft.name = std::move(name);
  draft.stages = Placed<std::vector<StageDraft>>{std::move(stages), {}};
  return draft;
}

}  // namespace

const std::vector<ProfileDraft>& builtin_profiles() {
  static const std::vector<ProfileDraft> profiles = {
      constant("baseline", 100, 10, minutes(10)),
      staged("stress",
             {stage("ramp", 500, seconds(10)), stage("peak", 500, seconds(280)), stage("ramp down", 0, seconds(10))}),
      staged("spike",
             {stage("ramp", 100, seconds(10)), stage("before", 100, seconds(20)), stage("rise", 1000, seconds(10)),
              stage("peak", 1000, seconds(30)), stage("fall", 100, seconds(5)), stage("recovery", 100, seconds(45))}),
      constant("soak", 200, 20, hours(2)),
  };
  return profiles;
}

}  // namespace burstgate::config
