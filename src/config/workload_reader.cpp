#include "config/workload_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "config/http_words.hpp"
#include "config/step_reader.hpp"
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
  std::vector<StepDraft> steps;
  std::optional<WebSocketDraft> websocket;
  Place place;
};

// "2s" or "1s..3s".
void read_wait(const Value& value, Scenario& scenario, Mistakes& mistakes) {
  const std::size_t dots = value.kind == Value::Kind::scalar ? value.text.find("..") : std::string::npos;
  if (dots == std::string::npos) {
    const auto wait = read_duration(value, "wait", waits, mistakes);
    if (wait) scenario.wait_min = scenario.wait_max = *wait;
    return;
  }
  Value least = value, most = value;
  least.text = value.text.substr(0, dots);
  most.text = value.text.substr(dots + 2);
  const auto wait_min = read_duration(least, "wait", waits, mistakes);
  const auto wait_max = read_duration(most, "wait", waits, mistakes);
  if (!wait_min || !wait_max) return;
  if (*wait_min > *wait_max) {
    mistakes.add("E-106", value.place, fmt::format("wait: {} is above {}", least.text, most.text),
                 "write the shorter one first");
    return;
  }
  scenario.wait_min = *wait_min;
  scenario.wait_max = *wait_max;
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
  const auto read_steps = [&](const Entry& entry) {
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
  const bool readable =
      read_mapping(value, "a scenario",
                   {{"name", read_name},
                    {"weight", read_weight},
                    {"wait", [&](const Entry& entry) { read_wait(entry.value, draft.scenario, mistakes); }},
                    {"steps", read_steps},
                    {"websocket", [](const Entry&) {}}},  // has been read
                   mistakes);
  if (readable && !steps) mistakes.add("E-107", value.place, "a scenario without steps");
  return readable ? std::optional(std::move(draft)) : std::nullopt;
}

const Header* find_header(const std::vector<Header>& headers, std::string_view name) {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [&](const Header& header) { return same_header(header.name, name); });
  return found == headers.end() ? nullptr : &*found;
}

// The workload's headers first, in their order; a step's own header of the same name takes the place of it.
std::vector<Header> merged(const std::vector<Header>& common, const std::vector<Header>& own, bool sends_json) {
  std::vector<Header> headers;
  for (const Header& header : common) {
    const Header* instead = find_header(own, header.name);
    headers.push_back(instead ? *instead : header);
  }
  for (const Header& header : own) {
    if (!find_header(common, header.name)) headers.push_back(header);
  }
  if (sends_json && !find_header(headers, "Content-Type")) {
    headers.push_back({"Content-Type", {"application/json", "application/json"}});
  }
  return headers;
}

bool sends_the_same(const Step& a, const Step& b) {
  const auto same = [](const Header& x, const Header& y) { return x.name == y.name && x.value.text == y.value.text; };
  return a.method == b.method && a.target == b.target && a.body.text == b.body.text &&
         std::equal(a.headers.begin(), a.headers.end(), b.headers.begin(), b.headers.end(), same) &&
         a.expect_status == b.expect_status && a.expect_body == b.expect_body &&
         a.stream.has_value() == b.stream.has_value() && (!a.stream || to_text(*a.stream) == to_text(*b.stream));
}

// Steps of one name are one line in every report, so they must be one request.
void check_step_names(const std::vector<ScenarioDraft>& scenarios, Mistakes& mistakes) {
  std::map<std::string, const StepDraft*> first;
  for (const ScenarioDraft& scenario : scenarios) {
    for (const StepDraft& draft : scenario.steps) {
      const auto [found, fresh] = first.emplace(draft.step.name, &draft);
      if (fresh || sends_the_same(found->second->step, draft.step)) continue;
      mistakes.add("E-122", draft.name_place,
                   fmt::format("the step '{}' differs from the one of that name at {}", elided(draft.step.name, 60),
                               found->second->name_place.text()),
                   "give one of them another name");
    }
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

void complete(std::vector<ScenarioDraft>& scenarios, const std::vector<Header>& headers, Plan& plan,
              Mistakes& mistakes) {
  for (ScenarioDraft& scenario : scenarios) {
    for (StepDraft& draft : scenario.steps) {
      draft.step.headers = merged(headers, draft.step.headers, draft.sends_json);
      if (draft.step.name.empty()) draft.step.name = draft.step.method + " " + draft.step.target_shown;
    }
  }
  check_step_names(scenarios, mistakes);
  name_scenarios(scenarios, mistakes);
  for (ScenarioDraft& scenario : scenarios) {
    if (!scenario.websocket) continue;
    WebSocket& socket = scenario.websocket->socket;
    socket.headers = merged(headers, socket.headers, false);
    name_endpoints(socket, scenario.scenario.name);
  }
  check_message_names(scenarios, mistakes);
  for (ScenarioDraft& scenario : scenarios) {
    if (scenario.websocket) scenario.scenario.websocket = std::move(scenario.websocket->socket);
    for (StepDraft& draft : scenario.steps) scenario.scenario.steps.push_back(std::move(draft.step));
    plan.scenarios.push_back(std::move(scenario.scenario));
  }
}

}  // namespace

void read_workload(const Value& value, Plan& plan, const Reading& reading) {
  Mistakes& mistakes = reading.mistakes;
  std::vector<Header> headers;
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
  const bool readable =
      read_mapping(value, "workload",
                   {{"headers", [&](const Entry& entry) { headers = read_headers(entry.value, reading); }},
                    {"timeout", [&](const Entry& entry) { read_timeout(entry, plan.limits.request_timeout); }},
                    {"connect_timeout", [&](const Entry& entry) { read_timeout(entry, plan.limits.connect_timeout); }},
                    {"keep_alive",
                     [&](const Entry& entry) {
                       plan.keep_alive = read_bool(entry.value, "keep_alive", mistakes).value_or(plan.keep_alive);
                     }},
                    {"max_response_bytes", read_size},
                    {"scenarios", read_scenarios}},
                   mistakes);
  if (readable && !given) mistakes.add("E-107", value.place, "a workload without scenarios");
  complete(scenarios, headers, plan, mistakes);
}

}  // namespace burstgate::config
