#include "config/profile_stages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "config/units.hpp"

namespace burstgate::config {

namespace {

constexpr std::size_t max_stages = 100;

// A stage may end at nothing, which the rate of a whole profile may not.
std::optional<double> read_stage_rate(const Value& value, Mistakes& mistakes) {
  if (value.kind == Value::Kind::scalar && value.text == "0/s") return 0.0;
  return read_rate(value, "rate", {0.001, max_rate_per_s}, mistakes);
}

std::optional<StageDraft> read_stage(const Value& value, Mistakes& mistakes) {
  StageDraft stage;
  stage.place = value.place;
  const auto read_stage_users = [&](const Entry& e) {
    keep(stage.users, read_integer(e.value, "users", {0, max_users}, mistakes), e.value.place);
  };
  const auto read_over = [&](const Entry& e) {
    keep(stage.over, read_duration(e.value, "over", {microseconds(0), max_duration}, mistakes), e.value.place);
  };
  bool told = false, timed = false;
  const bool readable = read_mapping(
      value, "a stage",
      {{"name", [&](const Entry& e) { stage.name = read_line(e.value, "name", mistakes).value_or(""); }},
       {"users", read_stage_users},
       {"rate", [&](const Entry& e) { keep(stage.rate, read_stage_rate(e.value, mistakes), e.value.place); }},
       {"over", read_over}},
      mistakes);
  for (const Entry& entry : value.entries) {
    told = told || entry.key == "users" || entry.key == "rate";
    timed = timed || entry.key == "over";
  }
  if (readable && !told) mistakes.add("E-107", value.place, "a stage needs users or rate: the load at its end");
  if (readable && !timed)
    mistakes.add("E-107", value.place, "a stage needs over: how long it takes, such as over: 30s");
  return readable ? std::optional(std::move(stage)) : std::nullopt;
}

bool from_flag(const Place& place) {
  return place.line == 0 && !place.file.empty();
}

// Users in one stage and a rate in another, or in the same.
void refuse_mixed_models(const std::vector<StageDraft>& stages, Mistakes& mistakes) {
  const Placed<double>* users = nullptr;
  for (const StageDraft& stage : stages) {
    if (stage.users && users == nullptr) users = &*stage.users;
  }
  if (users == nullptr) return;
  for (const StageDraft& stage : stages) {
    if (!stage.rate) continue;
    mistakes.add("E-106", stage.rate->place, fmt::format("rate together with users ({})", users->place.text()),
                 "all stages of a profile are of one model: users is the closed one, rate the open one");
    return;
  }
}

// What says how much and how long for a constant load; flags scale instead.
void refuse_constant_settings(const ProfileDraft& draft, Mistakes& mistakes) {
  const auto refuse = [&](std::string_view what, const Place& place) {
    if (from_flag(place)) return;
    mistakes.add("E-106", place, fmt::format("{} together with stages ({})", what, draft.stages->place.text()),
                 "the stages say how much load there is, and how long");
  };
  if (draft.users) refuse("users", draft.users->place);
  if (draft.rate) refuse("rate", draft.rate->place);
  if (draft.spawn_rate) refuse("spawn_rate", draft.spawn_rate->place);
  if (draft.duration) refuse("duration", draft.duration->place);
}

bool has_shape(const Profile& profile, const ProfileDraft& draft, double peak, Mistakes& mistakes) {
  const std::vector<StageDraft>& stages = draft.stages->value;
  const auto complete = [](const StageDraft& stage) { return (stage.users || stage.rate) && stage.over; };
  if (!std::all_of(stages.begin(), stages.end(), complete)) return false;  // which is reported
  if (stages.size() > max_stages) {
    mistakes.add("E-105", draft.stages->place, fmt::format("stages: {} of them", stages.size()),
                 fmt::format("allowed are {}", max_stages));
  } else if (peak <= 0) {
    mistakes.add("E-106", draft.stages->place, "the stages never ask for any load", "one of them must be above zero");
  } else if (profile.duration < min_duration || profile.duration > max_duration) {
    mistakes.add("E-105", draft.stages->place, fmt::format("stages: together they last {}", to_text(profile.duration)),
                 fmt::format("allowed is {} to {}", to_text(min_duration), to_text(max_duration)));
  } else if (profile.stages.back().over.count() == 0) {
    mistakes.add("E-106", stages.back().place, "the last stage lasts no time: nothing is measured at its load",
                 "give it a longer `over`, or leave it out");
  } else {
    return true;
  }
  return false;
}

// Keeps the shape: the highest load becomes `peak`, the whole length `duration`.
void scale(Profile& profile, double load_factor, double time_factor) {
  profile.duration = microseconds(0);
  for (Stage& stage : profile.stages) {
    stage.target *= load_factor;
    stage.over = microseconds(std::llround(static_cast<double>(stage.over.count()) * time_factor));
    profile.duration += stage.over;
  }
}

}  // namespace

std::optional<std::vector<StageDraft>> read_stages(const Value& value, Mistakes& mistakes) {
  std::vector<StageDraft> stages;
  const auto read = [&](const Value& item) {
    if (auto stage = read_stage(item, mistakes)) stages.push_back(std::move(*stage));
  };
  if (!read_items(value, "stages", read, mistakes) || stages.empty()) return std::nullopt;
  return stages;
}

bool take_stages(const ProfileDraft& draft, Profile& profile, Mistakes& mistakes) {
  const std::vector<StageDraft>& stages = draft.stages->value;
  refuse_mixed_models(stages, mistakes);
  refuse_constant_settings(draft, mistakes);
  double peak = 0;
  bool open = false;
  for (const StageDraft& written : stages) {
    Stage& stage = profile.stages.emplace_back();
    stage.name = written.name.empty() ? fmt::format("stage {}", profile.stages.size()) : written.name;
    stage.target = written.users ? written.users->value : written.rate ? written.rate->value : 0;
    stage.over = written.over ? written.over->value : microseconds(0);
    open = open || written.rate;
    peak = std::max(peak, stage.target);
  }
  scale(profile, 1, 1);
  if (!has_shape(profile, draft, peak, mistakes)) return false;
  const double users = draft.users ? draft.users->value : peak;
  const double rate = draft.rate ? draft.rate->value : peak;
  open = draft.rate || (open && !draft.users);
  const microseconds length = draft.duration ? draft.duration->value : profile.duration;
  scale(profile, (open ? rate : users) / peak,
        static_cast<double>(length.count()) / static_cast<double>(profile.duration.count()));
  if (open) {
    profile.open = OpenLoad{rate, default_connections};
  } else {
    profile.closed.users = static_cast<int>(std::ceil(users));
  }
  return true;
}

}  // namespace burstgate::config
