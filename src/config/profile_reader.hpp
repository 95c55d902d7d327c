// `profiles:`: how hard and how long. Read with places, because flags may replace single values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/fields.hpp"
#include "config/plan.hpp"
#include "config/profile_targets.hpp"
#include "config/read.hpp"

namespace burstgate::config {

struct StageDraft {
  std::string name;
  std::optional<Placed<double>> users;
  std::optional<Placed<double>> rate;
  std::optional<Placed<microseconds>> over;
  Place place;
};

struct ProfileDraft {
  std::string name = "default";
  Place place;
  std::optional<Placed<int>> users;
  std::optional<Placed<double>> spawn_rate;
  std::optional<Placed<double>> rate;
  std::optional<Placed<int>> connections;
  std::optional<Placed<microseconds>> duration;
  std::optional<Placed<microseconds>> warmup;
  std::optional<Placed<std::vector<StageDraft>>> stages;
  ProfileTargets targets;
  std::vector<Written> written{};  // of a profile in a file of its own, as Settings::written
};

// One profile; `entry.key` is its name.
ProfileDraft read_profile(const Entry& entry, Mistakes& mistakes);

std::vector<ProfileDraft> read_profiles(const Value& value, Mistakes& mistakes);

// Defaults filled in, contradictions reported. A warm-up that is written nowhere is 2 s, and at most a fifth of the
// duration; stages have none. Users, rate and duration that come from flags scale stages: the shape stays.
Profile to_profile(const ProfileDraft& draft, Mistakes& mistakes);

// Single values, for flags.
std::optional<int> read_users(const Value& value, Mistakes& mistakes);
std::optional<double> read_arrival_rate(const Value& value, Mistakes& mistakes);
std::optional<microseconds> read_run_duration(const Value& value, Mistakes& mistakes);
std::optional<microseconds> read_warmup(const Value& value, Mistakes& mistakes);

inline constexpr double min_rate_per_s = 1;
inline constexpr std::chrono::milliseconds min_duration{100};
inline constexpr int default_connections = 256;  // of the open model

}  // namespace burstgate::config
