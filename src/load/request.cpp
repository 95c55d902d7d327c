#include "load/request.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace burstgate::load {

namespace {

bool has_header(const config::Step& step, std::string_view lower_name) {
  return std::any_of(step.headers.begin(), step.headers.end(), [&](const config::Header& header) {
    return header.name.size() == lower_name.size() &&
           std::equal(header.name.begin(), header.name.end(), lower_name.begin(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
  });
}

std::string render(const config::Step& step, const protocol::Url& url, bool keep_alive) {
  std::string head = fmt::format("{} {} HTTP/1.1\r\n", step.method, step.target);
  if (!has_header(step, "host")) head += fmt::format("Host: {}\r\n", url.host_header());
  if (!has_header(step, "user-agent")) head += "User-Agent: burstgate/" BURSTGATE_VERSION "\r\n";
  for (const auto& header : step.headers) head += fmt::format("{}: {}\r\n", header.name, header.value.text);
  const bool has_body =
      step.method == "POST" || step.method == "PUT" || step.method == "PATCH" || !step.body.text.empty();
  if (has_body) head += fmt::format("Content-Length: {}\r\n", step.body.text.size());
  if (!keep_alive) head += "Connection: close\r\n";
  return head + "\r\n" + step.body.text;
}

std::bitset<1000> expected(const config::Step& step) {
  std::bitset<1000> set;
  for (int status = 200; status < 300 && step.expect_status.empty(); ++status)
    set.set(static_cast<std::size_t>(status));
  for (const int status : step.expect_status) set.set(static_cast<std::size_t>(status));
  return set;
}

std::optional<protocol::EventRule> event_rule(const std::optional<config::EventStream>& stream) {
  if (!stream) return std::nullopt;
  const bool lines = stream->format == config::EventStream::Format::lines;
  return protocol::EventRule{.form = lines ? protocol::EventRule::Form::lines : protocol::EventRule::Form::server_sent,
                             .events = stream->events,
                             .until = stream->until};
}

std::size_t index_of(std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  names.push_back(name);
  return names.size() - 1;
}

}  // namespace

RequestSet render_requests(const config::Plan& plan, const protocol::Url& url) {
  RequestSet set;
  for (const auto& scenario : plan.scenarios) {
    ScenarioRequests rendered;
    rendered.weight = scenario.weight;
    rendered.wait_min = scenario.wait_min;
    rendered.wait_max = scenario.wait_max;
    for (const auto& step : scenario.steps) {
      Request request;
      request.endpoint = index_of(set.endpoint_names, step.name);
      request.outgoing = {.bytes = render(step, url, plan.keep_alive),
                          .to_head = step.method == "HEAD",
                          .wants_body = step.expect_body.has_value(),
                          .events = event_rule(step.stream)};
      request.idempotent = step.method != "POST" && step.method != "PATCH";
      request.expected_status = expected(step);
      request.expected_body = step.expect_body;
      rendered.requests.push_back(std::move(request));
    }
    if (scenario.websocket) {
      rendered.websocket =
          render_websocket(*scenario.websocket, set.scenarios.size(), url,
                           [&](const std::string& name) { return index_of(set.endpoint_names, name); });
    }
    set.scenarios.push_back(std::move(rendered));
  }
  return set;
}

}  // namespace burstgate::load
