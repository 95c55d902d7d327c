#include "config/workload_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "config/exec_reader.hpp"
#include "config/http_words.hpp"
#include "config/journey_reader.hpp"
#include "config/scope.hpp"
#include "config/stream_reader.hpp"
#include "config/units.hpp"
#include "config/websocket_reader.hpp"

namespace burstgate::config {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr double max_weight = 1e6;
constexpr DurationRange timeouts{milliseconds(1), hours(1)};
constexpr DurationRange waits{microseconds(0), hours(1)};
constexpr std::uint64_t max_response_limit = 16ull << 30;

struct ScenarioDraft {
  Scenario scenario;
  JourneyDraft journey;
  std::vector<StepDraft> steps;
  std::optional<WebSocketDraft> websocket;
  Place place;
};

// "2s", "1s..3s" or {exponential: 2s}.
void read_wait(const Value& value, Wait& wait, Mistakes& mistakes) {
  if (value.kind == Value::Kind::mapping) {
    const auto read_mean = [&](const Entry& entry) {
      const auto mean = read_duration(entry.value, "exponential", waits, mistakes);
      if (mean) wait = {*mean, *mean, true};
    };
    read_mapping(value, "wait", {{"exponential", read_mean}}, mistakes);
    return;
  }
  const std::size_t dots = value.kind == Value::Kind::scalar ? value.text.find("..") : std::string::npos;
  if (dots == std::string::npos) {
    const auto constant = read_duration(value, "wait", waits, mistakes);
    if (constant) wait = {*constant, *constant};
    return;
  }
  Value least = value, most = value;
  least.text = value.text.substr(0, dots);
  most.text = value.text.substr(dots + 2);
  const auto shortest = read_duration(least, "wait", waits, mistakes);
  const auto longest = read_duration(most, "wait", waits, mistakes);
  if (!shortest || !longest) return;
  if (*shortest > *longest) {
    mistakes.add("E-106", value.place, fmt::format("wait: {} is above {}", least.text, most.text),
                 "write the shorter one first");
    return;
  }
  wait = {*shortest, *longest};
}

void read_cookies(const Entry& entry, Plan& plan, Mistakes& mistakes) {
  const auto choice = read_choice(entry, {"user", "iteration", "none"}, mistakes);
  if (choice) plan.cookies = static_cast<Cookies>(*choice);
}

// What is said on a WebSocket does not vary, and nobody logs in before it.
void refuse_journey_keys(const Value& scenario, Mistakes& mistakes) {
  for (const Entry& entry : scenario.entries) {
    for (const char* key : {"setup", "teardown", "variables", "feeders", "headers", "auth"}) {
      if (entry.key != key) continue;
      mistakes.add("E-108", entry.place, fmt::format("'{}' in a scenario with a websocket is not supported", key),
                   "headers of the handshake stand under websocket");
    }
  }
}

// The workload's headers are the handshake's as well.
void check_handshake_headers(const WebSocket& socket, const Place& place, Mistakes& mistakes) {
  for (const Header& header : socket.headers) {
    if (!header.value.varies()) continue;
    mistakes.add("E-108", place, fmt::format("the header {} varies, and a WebSocket's handshake cannot", header.name),
                 "give the scenarios that need it headers of their own");
  }
}

std::optional<ScenarioDraft> read_scenario(const Value& value, const Reading& reading) {
  Mistakes& mistakes = reading.mistakes;
  ScenarioDraft draft;
  draft.place = value.place;
  bool steps = false;
  for (const Entry& entry : value.entries) {  // first: it says what a step is
    if (entry.key == "websocket") draft.websocket = read_websocket(entry.value, reading);
  }
  const auto read_any_step = [&](const Value& item) {
    if (draft.websocket) {
      read_websocket_step(item, *draft.websocket, reading);
    } else if (is_websocket_step(item)) {
      mistakes.add("E-106", item.place, "a message in a scenario without a websocket",
                   "write websocket: /path beside the steps");
    } else if (auto step = read_step(item, reading)) {
      draft.steps.push_back(std::move(*step));
    }
  };
  const auto read_own_steps = [&](const Entry& entry) {
    steps = true;
    read_items(entry.value, "steps", read_any_step, mistakes);
  };
  const auto read_weight = [&](const Entry& entry) {
    const auto weight = read_positive(entry.value, "weight", max_weight, mistakes);
    if (weight) draft.scenario.weight = *weight;
  };
  const auto read_name = [&](const Entry& entry) {
    draft.scenario.name = read_line(entry.value, "name", mistakes).value_or("");
    draft.place = entry.value.place;
  };
  std::vector<Field> fields = {
      {"name", read_name},
      {"weight", read_weight},
      {"wait", [&](const Entry& entry) { read_wait(entry.value, draft.scenario.wait, mistakes); }},
      {"steps", read_own_steps},
      {"websocket", [](const Entry&) {}}};  // has been read
  for (Field& field : journey_fields(draft.journey, reading)) fields.push_back(std::move(field));
  const bool readable = read_mapping(value, "a scenario", fields, mistakes);
  if (readable && !steps) mistakes.add("E-107", value.place, "a scenario without steps");
  if (draft.websocket) refuse_journey_keys(value, mistakes);
  return readable ? std::optional(std::move(draft)) : std::nullopt;
}

bool same_saves(const Step& a, const Step& b) {
  return std::equal(a.saves.begin(), a.saves.end(), b.saves.begin(), b.saves.end(),
                    [](const Save& x, const Save& y) { return x.variable == y.variable && x.text() == y.text(); });
}

bool same_checks(const Step& a, const Step& b) {
  const auto same_json = [](const JsonCheck& x, const JsonCheck& y) {
    return x.pointer == y.pointer && x.expected == y.expected;
  };
  const auto same_text = [](const HeaderCheck& x, const HeaderCheck& y) {
    return x.name == y.name && x.contains == y.contains;
  };
  return a.expect_status == b.expect_status && a.expect_body == b.expect_body && a.expect_within == b.expect_within &&
         std::equal(a.expect_json.begin(), a.expect_json.end(), b.expect_json.begin(), b.expect_json.end(),
                    same_json) &&
         std::equal(a.expect_headers.begin(), a.expect_headers.end(), b.expect_headers.begin(), b.expect_headers.end(),
                    same_text);
}

bool sends_the_same(const Step& a, const Step& b) {
  const auto text = [](const Secretive& value) { return spelled(value.text, value.placeholders); };
  const auto same = [&](const Header& x, const Header& y) {
    return x.name == y.name && text(x.value) == text(y.value);
  };
  return a.method == b.method && spelled(a.target, a.target_placeholders) == spelled(b.target, b.target_placeholders) &&
         text(a.body) == text(b.body) &&
         std::equal(a.headers.begin(), a.headers.end(), b.headers.begin(), b.headers.end(), same) &&
         a.stream.has_value() == b.stream.has_value() && (!a.stream || to_text(*a.stream) == to_text(*b.stream));
}

// Steps of one name are one line in every report, so they must be one request.
void check_step_names(const std::vector<const StepDraft*>& drafts, Mistakes& mistakes) {
  std::map<std::string, const StepDraft*> first;
  for (const StepDraft* draft : drafts) {
    const auto [found, fresh] = first.emplace(draft->step.name, draft);
    const Step& other = found->second->step;
    const bool same =
        sends_the_same(other, draft->step) && same_checks(other, draft->step) && same_saves(other, draft->step);
    if (fresh || same) continue;
    mistakes.add("E-122", draft->name_place,
                 fmt::format("the step '{}' differs from the one of that name at {}", elided(draft->step.name, 60),
                             found->second->name_place.text()),
                 "give one of them another name");
  }
}

// A WebSocket's endpoints are its own: no step and no other scenario has one of that name.
void check_message_names(const std::vector<ScenarioDraft>& scenarios, Mistakes& mistakes) {
  std::map<std::string, Place> seen;
  for (const ScenarioDraft& scenario : scenarios) {
    for (const StepDraft& step : scenario.steps) seen.emplace(step.step.name, step.name_place);
  }
  const auto claim = [&](const std::string& name, const Place& place) {
    const auto [found, fresh] = seen.emplace(name, place);
    if (fresh) return;
    mistakes.add("E-122", place, fmt::format("'{}' names something else at {}", elided(name, 60), found->second.text()),
                 "give one of them another name");
  };
  for (const ScenarioDraft& scenario : scenarios) {
    if (!scenario.websocket) continue;
    const WebSocket& socket = scenario.websocket->socket;
    claim(socket.connect_name, scenario.place);
    for (std::size_t i = 0; i < socket.steps.size(); ++i) {
      if (socket.steps[i].await) claim(socket.steps[i].await->name, scenario.websocket->step_places[i]);
    }
  }
}

void name_scenarios(std::vector<ScenarioDraft>& scenarios, Mistakes& mistakes) {
  std::map<std::string, Place> seen;
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    ScenarioDraft& draft = scenarios[i];
    if (draft.scenario.name.empty()) {
      draft.scenario.name = scenarios.size() == 1 ? "default" : fmt::format("scenario {}", i + 1);
    }
    const auto [found, fresh] = seen.emplace(draft.scenario.name, draft.place);
    if (fresh) continue;
    mistakes.add("E-103", draft.place, fmt::format("duplicate scenario '{}'", elided(draft.scenario.name, 60)),
                 "it stands at " + found->second.text() + " already");
  }
}

void complete_steps(std::vector<StepDraft>& drafts, const std::vector<Header>& headers, Mistakes& mistakes) {
  for (StepDraft& draft : drafts) {
    Step& step = draft.step;
    add_auth(step.headers, draft.auth, draft.place, mistakes);
    step.headers = merged(headers, step.headers);
    const bool typed = std::any_of(step.headers.begin(), step.headers.end(),
                                   [](const Header& header) { return same_header(header.name, "Content-Type"); });
    if (!typed && !draft.content_type.empty()) {
      step.headers.push_back({"Content-Type", {draft.content_type, draft.content_type}});
    }
    if (step.name.empty()) step.name = step.method + " " + step.target_shown;
  }
}

std::vector<Step> taken(std::vector<StepDraft>& drafts) {
  std::vector<Step> steps;
  for (StepDraft& draft : drafts) steps.push_back(std::move(draft.step));
  return steps;
}

void take_feeders(JourneyDraft& journey, Plan& plan, std::vector<FeederUse>& uses) {
  for (FeederDraft& draft : journey.feeders) {
    uses.push_back({plan.feeders.size(), {}, draft.place});
    plan.feeders.push_back(std::move(draft.feeder));
  }
}

// Names become slots: the workload's own first, which every scenario has as well.
void take_journeys(std::vector<ScenarioDraft>& scenarios, JourneyDraft& workload, Plan& plan, Mistakes& mistakes) {
  take_feeders(workload, plan, plan.around.feeders);
  plan.around.variables = workload.variables;
  for (ScenarioDraft& draft : scenarios) {
    Scenario& scenario = draft.scenario;
    scenario.setup = taken(draft.journey.setup);
    scenario.steps = taken(draft.steps);
    scenario.teardown = taken(draft.journey.teardown);
    scenario.variables = workload.variables;
    for (Variable& variable : draft.journey.variables) scenario.variables.push_back(std::move(variable));
    scenario.feeders = plan.around.feeders;
    take_feeders(draft.journey, plan, scenario.feeders);
  }
  plan.around.setup = taken(workload.setup);
  plan.around.teardown = taken(workload.teardown);
  const std::vector<std::string> run_names = saved_names(plan.around.setup);
  plan.run_slots = run_names.size();
  resolve_variables(plan.around, run_names, false, plan.feeders, mistakes);
  for (ScenarioDraft& draft : scenarios) {
    resolve_variables(draft.scenario, run_names, true, plan.feeders, mistakes);
    plan.scenarios.push_back(std::move(draft.scenario));
  }
}

void complete(std::vector<ScenarioDraft>& scenarios, JourneyDraft& workload, Plan& plan, Mistakes& mistakes) {
  std::vector<const StepDraft*> all;
  const auto complete_list = [&](std::vector<StepDraft>& drafts, const std::vector<Header>& headers) {
    complete_steps(drafts, headers, mistakes);
    for (const StepDraft& draft : drafts) all.push_back(&draft);
  };
  add_auth(workload.headers, workload.auth, workload.auth_place, mistakes);
  complete_list(workload.setup, workload.headers);
  complete_list(workload.teardown, workload.headers);
  for (ScenarioDraft& draft : scenarios) {
    JourneyDraft& journey = draft.journey;
    add_auth(journey.headers, journey.auth, journey.auth_place, mistakes);
    // What a scenario's setup saves is often what its headers need.
    complete_list(journey.setup, workload.headers);
    complete_list(draft.steps, merged(workload.headers, journey.headers));
    complete_list(journey.teardown, merged(workload.headers, journey.headers));
  }
  check_step_names(all, mistakes);
  name_scenarios(scenarios, mistakes);
  for (ScenarioDraft& draft : scenarios) {
    if (!draft.websocket) continue;
    WebSocket& socket = draft.websocket->socket;
    socket.headers = merged(workload.headers, socket.headers);
    check_handshake_headers(socket, draft.place, mistakes);
    name_endpoints(socket, draft.scenario.name);
  }
  check_message_names(scenarios, mistakes);
  for (ScenarioDraft& draft : scenarios) {
    if (draft.websocket) draft.scenario.websocket = std::move(draft.websocket->socket);
  }
  take_journeys(scenarios, workload, plan, mistakes);
}

}  // namespace

void read_workload(const Value& value, Plan& plan, const Reading& reading) {
  Mistakes& mistakes = reading.mistakes;
  JourneyDraft journey;
  std::vector<ScenarioDraft> scenarios;
  bool given = false;
  const auto read_timeout = [&](const Entry& entry, microseconds& timeout) {
    timeout = read_duration(entry.value, entry.key, timeouts, mistakes).value_or(timeout);
  };
  const auto read_scenarios = [&](const Entry& entry) {
    given = true;
    const auto read = [&](const Value& item) {
      if (auto scenario = read_scenario(item, reading)) scenarios.push_back(std::move(*scenario));
    };
    read_items(entry.value, "scenarios", read, mistakes);
  };
  const auto read_size = [&](const Entry& entry) {
    plan.limits.max_response_bytes =
        read_bytes(entry.value, entry.key, 1, max_response_limit, mistakes).value_or(plan.limits.max_response_bytes);
  };
  const auto read_keep_alive = [&](const Entry& entry) {
    plan.keep_alive = read_bool(entry.value, "keep_alive", mistakes).value_or(plan.keep_alive);
  };
  std::vector<Field> fields = {
      {"timeout", [&](const Entry& entry) { read_timeout(entry, plan.limits.request_timeout); }},
      {"connect_timeout", [&](const Entry& entry) { read_timeout(entry, plan.limits.connect_timeout); }},
      {"keep_alive", read_keep_alive},
      {"cookies", [&](const Entry& entry) { read_cookies(entry, plan, mistakes); }},
      {"max_response_bytes", read_size},
      {"scenarios", read_scenarios}};
  fields.push_back({"exec", [&](const Entry& entry) {
                      given = true;
                      plan.exec = read_exec(entry.value, reading);
                      refuse_beside_exec(value, mistakes);
                    }});
  for (Field& field : journey_fields(journey, reading)) fields.push_back(std::move(field));
  const bool readable = read_mapping(value, "workload", fields, mistakes);
  if (readable && !given) mistakes.add("E-107", value.place, "a workload without scenarios");
  complete(scenarios, journey, plan, mistakes);
}

}  // namespace burstgate::config
