// What a plan sends, as field = value pairs: everything that would make two runs different work, and nothing else (no
// host and port, no seed, no values that came from the environment).
#include <fmt/format.h>

#include <algorithm>

#include "base/encodings.hpp"
#include "config/stream_reader.hpp"
#include "config/tls_reader.hpp"
#include "config/units.hpp"
#include "config/websocket_text.hpp"
#include "load/burst.hpp"

namespace burstgate::load {

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

// Header values and bodies appear only as digests of their shown form: they may be long, and they may be private.
std::string fingerprint(const std::string& shown) {
  return shown.empty() ? "none" : "sha256:" + sha256(shown).substr(0, 16);
}

std::string fingerprint(const std::vector<config::Header>& headers) {
  std::string text;
  for (const auto& header : headers) text += header.name + ": " + header.value.shown + "\n";
  return fingerprint(text);
}

// Checks and saves beyond status and text; only those that there are.
void add_answer_rules(Fields& fields, const std::string& prefix, const config::Step& step) {
  std::string rules;
  for (const auto& check : step.expect_json) rules += fmt::format("json {} {}\n", check.pointer, check.expected);
  for (const auto& check : step.expect_headers) rules += fmt::format("header {} {}\n", check.name, check.contains);
  for (const auto& save : step.saves) rules += fmt::format("save {} {}\n", save.variable, save.text());
  if (!rules.empty()) fields.emplace_back(prefix + ".answer", fingerprint(rules));
  if (step.expect_within) fields.emplace_back(prefix + ".expect_within", config::to_text(*step.expect_within));
}

void add_step(Fields& fields, const std::string& prefix, const config::Step& step) {
  fields.emplace_back(prefix + ".request", step.method + " " + step.target_shown);
  // Query values are not shown, but another query is other work.
  fields.emplace_back(prefix + ".target", fingerprint(config::spelled(step.target, step.target_placeholders)));
  fields.emplace_back(prefix + ".headers", fingerprint(step.headers));
  fields.emplace_back(prefix + ".body", fingerprint(step.body.shown));
  std::vector<std::string> statuses;
  for (const int status : step.expect_status) statuses.push_back(std::to_string(status));
  fields.emplace_back(prefix + ".expect_status",
                      statuses.empty() ? "2xx" : fmt::format("{}", fmt::join(statuses, ",")));
  fields.emplace_back(prefix + ".expect_body", fingerprint(step.expect_body.value_or("")));
  add_answer_rules(fields, prefix, step);
  if (step.stream) fields.emplace_back(prefix + ".stream", config::to_text(*step.stream));
}

void add_steps(Fields& fields, const std::string& prefix, const std::vector<config::Step>& steps) {
  for (const config::Step& step : steps) add_step(fields, fmt::format("{}[{}]", prefix, step.name), step);
}

// Where a scenario's values come from, and what its users do before and after.
void add_journey(Fields& fields, const std::string& prefix, const config::Plan& plan,
                 const config::Scenario& scenario) {
  for (const auto& variable : scenario.variables) {
    fields.emplace_back(fmt::format("{}.variable[{}]", prefix, variable.name), fingerprint(variable.value.shown));
  }
  for (const auto& use : scenario.feeders) {
    const config::Feeder& feeder = plan.feeders[use.feeder];
    fields.emplace_back(fmt::format("{}.feeder[{}]", prefix, feeder.file),
                        fmt::format("sha256:{}, {}, per {}, {}", feeder.digest.substr(0, 16), name(feeder.order),
                                    name(feeder.per), feeder.wraps ? "wraps" : "stops"));
  }
  add_steps(fields, prefix + ".setup", scenario.setup);
  add_steps(fields, prefix + ".teardown", scenario.teardown);
}

std::string wait_text(const config::Wait& wait) {
  if (wait.exponential) return "exponential " + config::to_text(wait.least);
  return config::to_text(wait.least) + ".." + config::to_text(wait.most);
}

// Plain HTTP/1.1 says no more than it always did.
void add_transport(Fields& fields, const config::Service& service) {
  const bool http2 = service.http == config::HttpVersion::http2;
  fields.emplace_back("protocol", http2 ? "h2" : "http/1.1");
  if (http2) fields.emplace_back("streams", std::to_string(service.streams));
  if (!service.is_tls()) return;
  const config::Tls& tls = service.tls;
  fields.emplace_back("tls", fmt::format("{}..{}", config::to_text(tls.min_version), config::to_text(tls.max_version)));
  fields.emplace_back("tls.verified", tls.insecure ? "no" : "yes");
  fields.emplace_back("tls.client_certificate", tls.cert_file.empty() ? "no" : "yes");
  if (!tls.server_name.empty()) fields.emplace_back("tls.server_name", tls.server_name);
  fields.emplace_back("tls.resumption", tls.resumption ? "yes" : "no");
}

void add_websocket(Fields& fields, const std::string& prefix, const config::WebSocket& socket) {
  fields.emplace_back(prefix, socket.target_shown);
  fields.emplace_back(prefix + ".target", fingerprint(socket.target));
  fields.emplace_back(prefix + ".headers", fingerprint(socket.headers));
  fields.emplace_back(prefix + ".subprotocols", fmt::format("{}", fmt::join(socket.subprotocols, ",")));
  fields.emplace_back(prefix + ".heartbeat", socket.heartbeat ? config::to_text(*socket.heartbeat) : "none");
  fields.emplace_back(prefix + ".read_delay", config::to_text(socket.read_delay));
  fields.emplace_back(prefix + ".drops", socket.drops ? config::to_text(*socket.drops) : "none");
  fields.emplace_back(prefix + ".connection", socket.per_iteration ? "per_iteration" : "per_user");
  for (std::size_t i = 0; i < socket.steps.size(); ++i) {
    const config::WebSocketStep& step = socket.steps[i];
    const std::string key = fmt::format("{}.step[{}]", prefix, i + 1);
    fields.emplace_back(key, config::to_text(step));
    if (step.send) fields.emplace_back(key + ".message", fingerprint(step.send->payload.shown));
  }
}

void add_load(Fields& fields, const config::Plan& plan) {
  const config::Profile& profile = plan.profile;
  const bool constant = profile.stages.empty();
  fields.emplace_back("model", profile.open ? "open" : "closed");
  if (profile.open) {
    if (constant) fields.emplace_back("rate", fmt::format("{}/s", profile.open->rate_per_s));
    fields.emplace_back("connections", std::to_string(profile.open->connections));
  } else if (constant) {
    fields.emplace_back("users", std::to_string(profile.closed.users));
    fields.emplace_back("spawn_rate", profile.closed.spawn_rate_per_s > 0
                                          ? fmt::format("{}/s", profile.closed.spawn_rate_per_s)
                                          : "at once");
  }
  for (const config::Stage& stage : profile.stages) fields.emplace_back("stage", stage_text(profile, stage));
  fields.emplace_back("warmup", config::to_text(profile.warmup));
  fields.emplace_back("duration", config::to_text(profile.duration));
}

}  // namespace

measure::Workload workload_of(const config::Plan& plan) {
  measure::Workload workload;
  Fields& fields = workload.fields;
  add_transport(fields, plan.service);
  add_load(fields, plan);
  fields.emplace_back("keep_alive", plan.keep_alive ? "yes" : "no");
  fields.emplace_back("request_timeout", config::to_text(plan.limits.request_timeout));
  if (plan.cookies != config::Cookies::user) fields.emplace_back("cookies", std::string(name(plan.cookies)));
  add_journey(fields, "run", plan, plan.around);
  for (const auto& scenario : plan.scenarios) {
    const std::string prefix = fmt::format("scenario[{}]", scenario.name);
    fields.emplace_back(prefix + ".weight", fmt::format("{}", scenario.weight));
    fields.emplace_back(prefix + ".wait", wait_text(scenario.wait));
    if (scenario.websocket) add_websocket(fields, prefix + ".websocket", *scenario.websocket);
    add_steps(fields, prefix + ".step", scenario.steps);
    add_journey(fields, prefix, plan, scenario);
  }
  workload.digest = measure::digest_of(fields);
  return workload;
}

double warmup_seconds(const config::Plan& plan) {
  const double warmup_s = std::chrono::duration<double>(plan.profile.warmup).count();
  if (plan.profile.open || plan.profile.closed.spawn_rate_per_s <= 0) return warmup_s;
  return std::max(warmup_s, plan.profile.closed.users / plan.profile.closed.spawn_rate_per_s);
}

double planned_seconds(const config::Plan& plan) {
  return warmup_seconds(plan) + std::chrono::duration<double>(plan.profile.duration).count();
}

}  // namespace burstgate::load
