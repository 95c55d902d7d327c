#include "config/overrides.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "config/baseline_reader.hpp"
#include "config/builtin_profiles.hpp"
#include "config/feeder_reader.hpp"
#include "config/http_words.hpp"
#include "config/named_file.hpp"
#include "config/profile_file.hpp"
#include "config/service_reader.hpp"
#include "config/tls_reader.hpp"
#include "config/units.hpp"

namespace burstgate::config {

namespace {

std::string shown(int value) {
  return std::to_string(value);
}
std::string shown(double rate) {
  return fmt::format("{}/s", rate);
}
std::string shown(microseconds duration) {
  return to_text(duration);
}
std::string shown(const Service& service) {
  return service.command.empty() ? url_shown(service.url) : service.command.front();
}

class Overriding {
 public:
  Overriding(PlanDraft draft, const Reading& reading, std::vector<std::string>& notes, ChosenProfile& chosen)
      : draft_(std::move(draft)), reading_(reading), mistakes_(reading.mistakes), notes_(notes), chosen_(chosen) {}

  Plan apply(const std::vector<Override>& all) {
    const std::vector<Override> overrides = draft_.plan.exec ? without_load(all) : all;
    for (const Override& item : overrides) {
      if (item.key == "profile") choose(item);
    }
    ProfileDraft chosen = chosen_profile();
    for (const Override& item : overrides) apply_one(item, chosen);
    for (const Override& item : overrides) {
      if (item.key == "budget") replace_budget(item);  // whichever flag makes the comparison a paired one
    }
    for (const ProfileDraft& other : draft_.profiles) {
      if (other.name != chosen.name) to_profile(other, mistakes_);
    }
    draft_.plan.profile = to_profile(chosen, mistakes_);
    chosen_ = {std::move(chosen.targets), std::move(chosen.written)};
    complete_scenarios();
    set_baseline(draft_.plan, draft_.baseline, mistakes_);
    refuse_paired_stages(chosen);
    refuse_paired_exec();
    check_feeders(draft_.plan, mistakes_);
    check_transport(draft_.plan, mistakes_);
    for (std::string& warning : transport_warnings(draft_.plan)) notes_.push_back(std::move(warning));
    return std::move(draft_.plan);
  }

 private:
  void note(std::string_view what, const std::string& now, const std::string& origin, const std::string& before,
            const Place& place) {
    notes_.push_back(fmt::format("{} {} from {} instead of {} ({})", what, now, origin, before, place.text()));
  }

  // What another tool sends is said by its command.
  std::vector<Override> without_load(const std::vector<Override>& overrides) {
    const auto refuse = [&](const std::string& what, const Place& place) {
      mistakes_.add("E-106", place, fmt::format("{} beside workload.exec, whose command says the load", what),
                    "write it in the command");
    };
    if (draft_.profile_name) refuse("profile", draft_.profile_name->place);
    for (const ProfileDraft& profile : draft_.profiles) refuse("a profile", profile.place);
    std::vector<Override> others;
    for (const Override& item : overrides) {
      const auto is = [&](std::string_view key) { return item.key == key; };
      const bool load = is("profile") || is("users") || is("rate") || is("duration") || is("warmup");
      if (!load) others.push_back(item);
      if (load && !item.ambient) refuse(item.key, Place{item.origin, 0, 0});
    }
    return others;
  }

  void choose(const Override& item) {
    if (draft_.profile_name && draft_.profile_name->value != item.value) {
      note("profile", item.value, item.origin, draft_.profile_name->value, draft_.profile_name->place);
    }
    draft_.profile_name = Placed<std::string>{item.value, Place{item.origin, 0, 0}};
  }

  ProfileDraft chosen_profile() {
    if (!draft_.profile_name) return draft_.profiles.empty() ? ProfileDraft{} : draft_.profiles.front();
    const std::string& wanted = draft_.profile_name->value;
    if (names_profile_file(wanted)) {
      const Place& place = draft_.profile_name->place;
      const std::string file = place.line == 0 ? wanted : beside(place.file, wanted);
      return read_profile_file(file, wanted, place, mistakes_).value_or(ProfileDraft{});
    }
    std::vector<std::string> names;
    for (const auto& profiles : {draft_.profiles, builtin_profiles()}) {
      for (const ProfileDraft& profile : profiles) {
        if (profile.name == wanted) return profile;
        names.push_back(profile.name);
      }
    }
    std::string hint = did_you_mean(wanted, names);
    if (hint.empty()) hint = elided("known are " + join(names, ", "), 200);
    mistakes_.add("E-118", draft_.profile_name->place, fmt::format("no profile is named '{}'", elided(wanted, 60)),
                  hint);
    return draft_.profiles.empty() ? ProfileDraft{} : draft_.profiles.front();
  }

  template <typename T>
  void replace(std::string_view what, std::optional<Placed<T>>& target, const std::optional<T>& value,
               const Override& item) {
    if (!value) return;
    if (target) note(what, shown(*value), item.origin, shown(target->value), target->place);
    target = Placed<T>{*value, Place{item.origin, 0, 0}};
  }

  // A flag ends the settings from the file that do not go with it, such as the other load model's; not those from
  // another flag.
  template <typename T>
  void drop(std::string_view what, std::optional<Placed<T>>& target, const Override& item) {
    const bool by_flag = target && target->place.line == 0 && !target->place.file.empty();
    if (!target || by_flag) return;
    notes_.push_back(
        fmt::format("{} {} ({}) dropped because of {}", what, shown(target->value), target->place.text(), item.origin));
    target.reset();
  }

  void apply_one(const Override& item, ProfileDraft& profile) {
    const Value value = flag_value(item.value, item.origin);
    if (item.key == "users") {
      replace("users", profile.users, read_users(value, mistakes_), item);
      note_scaled(profile, fmt::format("at most {} users", item.value), item);
      drop("rate", profile.rate, item);
      if (!profile.rate) drop("connections", profile.connections, item);
    } else if (item.key == "rate") {
      replace("rate", profile.rate, read_arrival_rate(value, mistakes_), item);
      note_scaled(profile, "at most " + item.value, item);
      drop("users", profile.users, item);
      drop("spawn_rate", profile.spawn_rate, item);
    } else if (item.key == "duration") {
      replace("duration", profile.duration, read_run_duration(value, mistakes_), item);
      note_scaled(profile, item.value + " in all", item);
    } else if (item.key == "warmup") {
      replace("warmup", profile.warmup, read_warmup(value, mistakes_), item);
    } else if (item.key == "url") {
      replace_service(item);
    } else if (item.key == "baseline") {
      replace_baseline(item);
    } else if (item.key == "seed") {
      replace_seed(item);
    } else {
      BURSTGATE_ASSERT(item.key == "profile" || item.key == "thresholds" || item.key == "budget");
    }
  }

  void note_scaled(const ProfileDraft& profile, const std::string& to, const Override& item) {
    if (!profile.stages) return;
    notes_.push_back(fmt::format("the stages ({}) keep their shape, scaled by {} to {}", profile.stages->place.text(),
                                 item.origin, to));
  }

  // Slices of two builds by turns have no common course of load.
  void refuse_paired_stages(const ProfileDraft& chosen) {
    if (!chosen.stages || !draft_.plan.paired) return;
    const Place& place = chosen.stages->place;
    mistakes_.add("E-106", place.file.empty() ? draft_.plan.baseline_place : place,
                  fmt::format("a paired comparison with the stages of the profile '{}'", elided(chosen.name, 60)),
                  "compare it with a recorded run (baseline.file), or choose a profile of constant load");
  }

  void refuse_paired_exec() {
    if (!draft_.plan.exec || !draft_.plan.paired) return;
    mistakes_.add("E-108", draft_.plan.baseline_place,
                  "a paired comparison of what another tool sends is not supported by this version",
                  "compare with recorded runs: baseline.file, filled by burstgate record");
  }

  // The service at that URL is somebody else's to start.
  void point_at(Service& service, Place& url_place, const Override& item) {
    service.command.clear();
    service.url = read_url(flag_value(item.value, item.origin), reading_).value_or("");
    service.place = url_place = Place{item.origin, 0, 0};
    refuse_port_mark(service.url, url_place, mistakes_);
  }

  void replace_service(const Override& item) {
    Service& service = draft_.plan.service;
    if (draft_.has_service) note("service", url_shown(item.value), item.origin, shown(service), draft_.url_place);
    draft_.has_service = true;
    point_at(service, draft_.url_place, item);
  }

  void replace_baseline(const Override& item) {
    BaselineDraft& baseline = draft_.baseline;
    const auto text = read_line(flag_value(item.value, item.origin), "baseline", mistakes_);
    if (!text) return;
    const bool paired = names_service(*text);
    const std::string now = paired ? url_shown(*text) : *text;
    if (baseline.file) note("baseline", now, item.origin, baseline.file->value, baseline.file->place);
    if (baseline.paired) {
      const ServiceDraft& before = baseline.paired->service;
      note("baseline", now, item.origin, shown(before.service), before.url_place);
    }
    if (!paired) {
      baseline.paired.reset();
      baseline.file = Placed<std::string>{*text, Place{item.origin, 0, 0}};
      return;
    }
    baseline.file.reset();
    if (!baseline.paired) baseline.paired.emplace();
    point_at(baseline.paired->service.service, baseline.paired->service.url_place, item);
    drop("baseline.relaunch", baseline.paired->relaunch, item);
  }

  void replace_budget(const Override& item) {
    const auto budget = read_budget(flag_value(item.value, item.origin), mistakes_);
    if (draft_.baseline.paired) return replace("budget", draft_.baseline.paired->budget, budget, item);
    if (item.ambient) return;  // set for other gates of the same job
    mistakes_.add("E-106", Place{item.origin, 0, 0}, "budget: only for a paired comparison",
                  "give --baseline http://127.0.0.1:8081/, or baseline.command in the YAML file");
  }

  void replace_seed(const Override& item) {
    const auto seed = read_seed(flag_value(item.value, item.origin), mistakes_);
    if (!seed) return;
    if (draft_.seed_place.line != 0) {
      note("seed", std::to_string(*seed), item.origin, std::to_string(draft_.plan.seed), draft_.seed_place);
    }
    draft_.plan.seed = *seed;
  }

  // Without a workload the URL itself says what to get; with one, a path in the URL would be ignored.
  void complete_scenarios() {
    Plan& plan = draft_.plan;
    if (!draft_.has_service) {
      mistakes_.add("E-107", plan.service.place, "no service", "write service: http://127.0.0.1:8080/, or give a URL");
      return;
    }
    if (plan.service.url.empty()) return;
    if (plan.service.is_tcp() && !plan.exec) {
      mistakes_.add("E-106", draft_.url_place, "url: tcp:// without workload.exec",
                    "burstgate itself speaks http:// and https://");
      return;
    }
    const bool websocket = std::any_of(plan.scenarios.begin(), plan.scenarios.end(),
                                       [](const Scenario& scenario) { return scenario.websocket.has_value(); });
    if (websocket && plan.service.http == HttpVersion::http2) {
      mistakes_.add("E-106", plan.service.place, "http: 2 beside a scenario with a websocket",
                    "a WebSocket's handshake is HTTP/1.1: give it a file of its own");
    }
    const std::string path = path_of_url(plan.service.url);
    if (draft_.has_workload) {
      if (path == "/") return;
      mistakes_.add("E-106", draft_.url_place,
                    fmt::format("url: the path '{}' beside a workload, whose steps name their own",
                                elided(without_query_values(path), 60)),
                    "write the path in the steps");
      return;
    }
    Step step;
    step.method = "GET";
    if (const auto trouble = target_trouble(path)) {
      mistakes_.add("E-119", draft_.url_place, fmt::format("url: its path {}", *trouble));
      return;
    }
    step.target = path;
    step.target_shown = without_query_values(path);
    step.name = "GET " + step.target_shown;
    Scenario scenario;
    scenario.name = "default";
    scenario.steps.push_back(std::move(step));
    plan.scenarios.push_back(std::move(scenario));
  }

  PlanDraft draft_;
  const Reading& reading_;
  Mistakes& mistakes_;
  std::vector<std::string>& notes_;
  ChosenProfile& chosen_;
};

}  // namespace

Plan overridden(PlanDraft draft, const std::vector<Override>& overrides, const Reading& reading,
                std::vector<std::string>& notes, ChosenProfile& chosen) {
  return Overriding(std::move(draft), reading, notes, chosen).apply(overrides);
}

}  // namespace burstgate::config
