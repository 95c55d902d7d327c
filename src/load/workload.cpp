// What a plan sends, as field = value pairs: everything that would make two runs different work, and nothing else (no
// host and port, no seed, no values that came from the environment).
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "base/assert.hpp"
#include "config/stream_reader.hpp"
#include "config/tls_reader.hpp"
#include "config/units.hpp"
#include "config/websocket_text.hpp"
#include "load/burst.hpp"

namespace burstgate::load {

namespace {

std::string sha256(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  BURSTGATE_ASSERT(EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) == 1);
  std::string hex;
  for (unsigned int i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

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

void add_step(Fields& fields, const std::string& prefix, const config::Step& step) {
  fields.emplace_back(prefix + ".request", step.method + " " + step.target_shown);
  // Query values are not shown, but another query is other work.
  fields.emplace_back(prefix + ".target", fingerprint(step.target));
  fields.emplace_back(prefix + ".headers", fingerprint(step.headers));
  fields.emplace_back(prefix + ".body", fingerprint(step.body.shown));
  std::vector<std::string> statuses;
  for (const int status : step.expect_status) statuses.push_back(std::to_string(status));
  fields.emplace_back(prefix + ".expect_status",
                      statuses.empty() ? "2xx" : fmt::format("{}", fmt::join(statuses, ",")));
  fields.emplace_back(prefix + ".expect_body", fingerprint(step.expect_body.value_or("")));
  if (step.stream) fields.emplace_back(prefix + ".stream", config::to_text(*step.stream));
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
  if (profile.open) {
    fields.emplace_back("model", "open");
    fields.emplace_back("rate", fmt::format("{}/s", profile.open->rate_per_s));
    fields.emplace_back("connections", std::to_string(profile.open->connections));
  } else {
    fields.emplace_back("model", "closed");
    fields.emplace_back("users", std::to_string(profile.closed.users));
    fields.emplace_back("spawn_rate", profile.closed.spawn_rate_per_s > 0
                                          ? fmt::format("{}/s", profile.closed.spawn_rate_per_s)
                                          : "at once");
  }
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
  for (const auto& scenario : plan.scenarios) {
    const std::string prefix = fmt::format("scenario[{}]", scenario.name);
    fields.emplace_back(prefix + ".weight", fmt::format("{}", scenario.weight));
    fields.emplace_back(prefix + ".wait",
                        config::to_text(scenario.wait_min) + ".." + config::to_text(scenario.wait_max));
    if (scenario.websocket) add_websocket(fields, prefix + ".websocket", *scenario.websocket);
    for (std::size_t i = 0; i < scenario.steps.size(); ++i) {
      add_step(fields, fmt::format("{}.step[{}]", prefix, scenario.steps[i].name), scenario.steps[i]);
    }
  }
  std::string all;
  for (const auto& [field, value] : fields) all += field + "=" + value + "\n";
  workload.digest = sha256(all);
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
