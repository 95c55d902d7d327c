#include "config/profile_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/named_file.hpp"
#include "config/profile_file.hpp"
#include "config/profile_stages.hpp"
#include "config/units.hpp"

namespace burstgate::config {

namespace {

constexpr double min_spawn_rate_per_s = 0.01;

void exclude(const Place& place, std::string_view what, std::string_view with, const Place& other, Mistakes& mistakes) {
  mistakes.add("E-106", place, fmt::format("{} together with {} ({})", what, with, other.text()),
               "users is the closed model (with spawn_rate), rate the open one (with connections)");
}

// For the closed and the open model; contradictions are reported.
void take_constant_load(const ProfileDraft& draft, Profile& profile, Mistakes& mistakes) {
  if (draft.spawn_rate && draft.rate) {
    exclude(draft.spawn_rate->place, "spawn_rate", "rate", draft.rate->place, mistakes);
  }
  if (draft.users) profile.closed.users = draft.users->value;
  if (draft.spawn_rate) profile.closed.spawn_rate_per_s = draft.spawn_rate->value;
  if (draft.rate) profile.open = OpenLoad{draft.rate->value, default_connections};
  if (draft.duration) profile.duration = draft.duration->value;
}

// At the warm-up, or at the whole of which it is a part.
void check_warmup(const ProfileDraft& draft, const Profile& profile, Mistakes& mistakes) {
  if (!profile.stages.empty()) {
    if (profile.duration >= min_duration) return;
    mistakes.add("E-106", draft.warmup ? draft.warmup->place : draft.stages->place,
                 fmt::format("warmup: {} leaves less than {} of the stages to measure", to_text(profile.warmup),
                             to_text(min_duration)),
                 "the warm-up of a profile in stages is the beginning of them");
  } else if (draft.warmup && profile.warmup >= profile.duration) {
    mistakes.add(
        "E-106", draft.warmup->place,
        fmt::format("warmup: {} is not shorter than the duration of {} ({})", to_text(profile.warmup),
                    to_text(profile.duration), draft.duration ? draft.duration->place.text() : "built-in default"),
        "the duration is measured after the warm-up");
  }
}

}  // namespace

ProfileDraft read_profile(const Entry& entry, Mistakes& mistakes) {
  ProfileDraft draft;
  draft.name = entry.key;
  draft.place = entry.place;
  const auto read_connections = [&](const Entry& e) {
    keep(draft.connections, read_integer(e.value, "connections", {1, max_users}, mistakes), e.value.place);
  };
  const auto read_spawn_rate = [&](const Entry& e) {
    keep(draft.spawn_rate, read_rate(e.value, "spawn_rate", {min_spawn_rate_per_s, max_rate_per_s}, mistakes),
         e.value.place);
  };
  read_mapping(
      entry.value, "a profile",
      {{"description", [&](const Entry& e) { read_line(e.value, "description", mistakes); }},
       {"users", [&](const Entry& e) { keep(draft.users, read_users(e.value, mistakes), e.value.place); }},
       {"spawn_rate", read_spawn_rate},
       {"rate", [&](const Entry& e) { keep(draft.rate, read_arrival_rate(e.value, mistakes), e.value.place); }},
       {"connections", read_connections},
       {"duration", [&](const Entry& e) { keep(draft.duration, read_run_duration(e.value, mistakes), e.value.place); }},
       {"warmup", [&](const Entry& e) { keep(draft.warmup, read_warmup(e.value, mistakes), e.value.place); }},
       {"stages", [&](const Entry& e) { keep(draft.stages, read_stages(e.value, mistakes), e.place); }},
       {"targets", [&](const Entry& e) { draft.targets = read_targets(e.value, mistakes); }}},
      mistakes);
  return draft;
}

std::optional<int> read_users(const Value& value, Mistakes& mistakes) {
  const auto users = read_integer(value, "users", {1, max_users}, mistakes);
  return users ? std::optional(static_cast<int>(*users)) : std::nullopt;
}

std::optional<double> read_arrival_rate(const Value& value, Mistakes& mistakes) {
  return read_rate(value, "rate", {min_rate_per_s, max_rate_per_s}, mistakes);
}

std::optional<microseconds> read_run_duration(const Value& value, Mistakes& mistakes) {
  return read_duration(value, "duration", {min_duration, max_duration}, mistakes);
}

std::optional<microseconds> read_warmup(const Value& value, Mistakes& mistakes) {
  return read_duration(value, "warmup", {microseconds(0), max_duration}, mistakes);
}

std::vector<ProfileDraft> read_profiles(const Value& value, Mistakes& mistakes) {
  std::vector<ProfileDraft> profiles;
  const auto read = [&](const Entry& entry) {
    if (entry.value.kind != Value::Kind::scalar || !names_profile_file(entry.value.text)) {
      profiles.push_back(read_profile(entry, mistakes));
      return;
    }
    const std::string file = beside(entry.place.file, entry.value.text);
    if (auto profile = read_profile_file(file, entry.key, entry.value.place, mistakes)) {
      profile->name = entry.key;
      profiles.push_back(std::move(*profile));
    }
  };
  read_entries(value, "profiles", read, mistakes);
  return profiles;
}

Profile to_profile(const ProfileDraft& draft, Mistakes& mistakes) {
  Profile profile;
  profile.name = draft.name;
  if (draft.users && draft.rate) exclude(draft.rate->place, "rate", "users", draft.users->place, mistakes);
  if (!draft.stages) {
    take_constant_load(draft, profile, mistakes);
  } else if (!take_stages(draft, profile, mistakes)) {
    return profile;
  }
  if (draft.connections && !profile.open) {
    mistakes.add("E-106", draft.connections->place, "connections without rate",
                 "in the closed model every user has one connection");
  }
  if (draft.connections && profile.open) profile.open->connections = draft.connections->value;
  if (draft.warmup) {
    profile.warmup = draft.warmup->value;
  } else {
    profile.warmup = draft.stages ? microseconds(0) : std::min(profile.warmup, profile.duration / 5);
  }
  if (draft.stages) profile.duration -= profile.warmup;
  check_warmup(draft, profile, mistakes);
  return profile;
}

}  // namespace burstgate::config
