#include "load/request.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/encodings.hpp"

namespace burstgate::load {

namespace {

bool has_header(const config::Step& step, std::string_view lower_name) {
  return std::any_of(step.headers.begin(), step.headers.end(), [&](const config::Header& header) {
    return header.name.size() == lower_name.size() &&
           std::equal(header.name.begin(), header.name.end(), lower_name.begin(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
  });
}

void append_field(Blueprint& blueprint, const config::Header& header) {
  if (header.basic) {
    blueprint.credentials = text_of(header.value);
    return;
  }
  append(blueprint.head, header.name + ": ");
  append(blueprint.head, text_of(header.value));
  append(blueprint.head, "\r\n");
}

Blueprint blueprint_of(const config::Step& step, const protocol::Url& url, bool keep_alive) {
  Blueprint blueprint;
  append(blueprint.head, step.method + " ");
  append(blueprint.head, Text{step.target, step.target_placeholders});
  append(blueprint.head, " HTTP/1.1\r\n");
  if (!has_header(step, "host")) append(blueprint.head, fmt::format("Host: {}\r\n", url.host_header()));
  if (!has_header(step, "user-agent")) append(blueprint.head, "User-Agent: burstgate/" BURSTGATE_VERSION "\r\n");
  for (const auto& header : step.headers) append_field(blueprint, header);
  blueprint.closes = !keep_alive;
  blueprint.own_cookies = has_header(step, "cookie");
  blueprint.body = text_of(step.body);
  blueprint.sized = step.method == "POST" || step.method == "PUT" || step.method == "PATCH" ||
                    !step.body.text.empty() || step.body.varies();
  return blueprint;
}

std::bitset<1000> expected(const config::Step& step) {
  std::bitset<1000> set;
  for (int status = 200; status < 300 && step.expect_status.empty(); ++status)
    set.set(static_cast<std::size_t>(status));
  for (const int status : step.expect_status) set.set(static_cast<std::size_t>(status));
  return set;
}

std::size_t index_of(std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  names.push_back(name);
  return names.size() - 1;
}

// Pointers and patterns were checked when they were read.
Keeper keeper_of(const config::Save& save) {
  Keeper keeper{save, {}, nullptr};
  if (save.from == config::Save::From::json) keeper.pointer = parse_json_pointer(save.what).value();
  if (save.from == config::Save::From::regex) {
    keeper.pattern =
        std::make_shared<const config::Pattern>(std::get<config::Pattern>(config::Pattern::compile(save.what)));
  }
  return keeper;
}

void add_expectations(Request& request, const config::Step& step) {
  request.expected_status = expected(step);
  request.expected_body = step.expect_body;
  for (const auto& check : step.expect_json) {
    request.expected_json.push_back({check.pointer, parse_json_pointer(check.pointer).value(), check.expected});
  }
  request.expected_headers = step.expect_headers;
  if (step.expect_within) request.within = *step.expect_within;
  for (const auto& save : step.saves) request.keepers.push_back(keeper_of(save));
}

bool keeps_from(const Request& request, config::Save::From from) {
  return std::any_of(request.keepers.begin(), request.keepers.end(),
                     [from](const Keeper& keeper) { return keeper.save.from == from; });
}

// What of the answer has to be kept for checks, for saves and for the user's cookies.
void set_wishes(Request& request, config::Cookies cookies) {
  using config::Save;
  using protocol::FieldsWanted;
  Outgoing& outgoing = request.outgoing;
  outgoing.wants_body = request.expected_body || !request.expected_json.empty() ||
                        keeps_from(request, Save::From::json) || keeps_from(request, Save::From::regex);
  if (!request.expected_headers.empty() || keeps_from(request, Save::From::header)) {
    outgoing.wants_fields = FieldsWanted::all;
  } else if (cookies != config::Cookies::none || keeps_from(request, Save::From::cookie)) {
    outgoing.wants_fields = FieldsWanted::cookies;
  }
}

// Renders the steps of one plan after the other.
class Renderer {
 public:
  Renderer(const config::Plan& plan, const protocol::Url& url) : plan_(plan), url_(url) {}

  ScenarioRequests scenario(const config::Scenario& scenario) {
    ScenarioRequests rendered;
    rendered.weight = scenario.weight;
    rendered.wait_min = scenario.wait_min;
    rendered.wait_max = scenario.wait_max;
    rendered.requests = requests(scenario.steps, false);
    rendered.slots = scenario.slots.size();
    for (const auto& variable : scenario.variables) {
      rendered.variables.push_back({variable.slot, text_of(variable.value)});
    }
    rendered.feeders = scenario.feeders;
    rendered.setup = requests(scenario.setup, true);
    rendered.teardown = requests(scenario.teardown, true);
    return rendered;
  }

  RequestSet set;

 private:
  std::vector<Request> requests(const std::vector<config::Step>& steps, bool is_setup) {
    std::vector<Request> rendered;
    for (const auto& step : steps) rendered.push_back(request(step, is_setup));
    return rendered;
  }

  Request request(const config::Step& step, bool is_setup) {
    Request request;
    request.endpoint = index_of(is_setup ? set.setup_names : set.endpoint_names, step.name);
    request.name = step.name;
    request.is_setup = is_setup;
    request.blueprint = blueprint_of(step, url_, plan_.keep_alive);
    request.varies = request.blueprint.varies();
    request.idempotent = step.method != "POST" && step.method != "PATCH";
    request.outgoing.to_head = step.method == "HEAD";
    add_expectations(request, step);
    set_wishes(request, plan_.cookies);
    if (request.varies) return request;
    static const std::vector<std::string> no_values;
    std::mt19937_64 unused;
    render_into(request.outgoing, request, {no_values, unused}, "");
    return request;
  }

  const config::Plan& plan_;
  const protocol::Url& url_;
};

}  // namespace

RequestSet render_requests(const config::Plan& plan, const protocol::Url& url) {
  Renderer renderer(plan, url);
  for (const auto& scenario : plan.scenarios) {
    ScenarioRequests rendered = renderer.scenario(scenario);
    rendered.index = renderer.set.scenarios.size();
    renderer.set.scenarios.push_back(std::move(rendered));
  }
  renderer.set.around = renderer.scenario(plan.around);
  renderer.set.around.index = renderer.set.scenarios.size();
  return std::move(renderer.set);
}

std::optional<std::string> render_into(Outgoing& out, const Request& request, const Values& values,
                                       std::string_view cookies) {
  const Blueprint& blueprint = request.blueprint;
  std::string& bytes = out.bytes;
  bytes.clear();
  if (auto misfit = append_filled(bytes, blueprint.head, values)) return misfit;
  if (!blueprint.credentials.text.empty()) {
    std::string credentials;
    if (auto misfit = append_filled(credentials, blueprint.credentials, values)) return misfit;
    bytes.append("Authorization: Basic ").append(base64(credentials)).append("\r\n");
  }
  if (!cookies.empty()) bytes.append("Cookie: ").append(cookies).append("\r\n");
  out.to_head = request.outgoing.to_head;
  out.wants_body = request.outgoing.wants_body;
  out.wants_fields = request.outgoing.wants_fields;
  if (!blueprint.sized) {
    bytes += blueprint.closes ? "Connection: close\r\n\r\n" : "\r\n";
    return std::nullopt;
  }
  // The body goes behind a length that is not known yet: as many digits as it may need, filled in afterwards.
  constexpr std::size_t digits = 10;
  bytes += "Content-Length: ";
  const std::size_t length_at = bytes.size();
  bytes.append(digits, '0');
  bytes += blueprint.closes ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n";
  const std::size_t body_at = bytes.size();
  if (auto misfit = append_filled(bytes, blueprint.body, values)) return misfit;
  const std::string length = std::to_string(bytes.size() - body_at);
  bytes.replace(length_at, digits, length);
  return std::nullopt;
}

std::string_view path_of(std::string_view head) {
  const std::size_t begin = head.find(' ') + 1;
  return head.substr(begin, head.find_first_of(" ?", begin) - begin);
}

}  // namespace burstgate::load
