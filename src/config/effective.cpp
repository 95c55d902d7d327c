// The values come from the plan, which is what will be done; the origins from the overrides and from what is written in
// the file. A value that neither of them names is a default.
#include "config/effective.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/text.hpp"
#include "config/http_words.hpp"
#include "config/service_reader.hpp"
#include "config/stream_reader.hpp"
#include "config/template_text.hpp"
#include "config/tls_reader.hpp"
#include "config/units.hpp"
#include "config/websocket_text.hpp"

namespace burstgate::config {

namespace {

constexpr const char* by_default = "default";

bool all_scalars(const std::vector<Value>& items) {
  return std::all_of(items.begin(), items.end(), [](const Value& item) { return item.kind == Value::Kind::scalar; });
}

void flatten(const Value& value, const std::string& key, std::vector<Written>& written) {
  if (value.kind == Value::Kind::mapping) {
    for (const Entry& entry : value.entries) {
      flatten(entry.value, key.empty() ? entry.key : key + "." + entry.key, written);
    }
  } else if (value.kind == Value::Kind::sequence && !all_scalars(value.items)) {
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      written.push_back({fmt::format("{}[{}]", key, i), "", value.items[i].place});
      flatten(value.items[i], fmt::format("{}[{}]", key, i), written);
    }
  } else if (value.kind == Value::Kind::sequence) {
    std::vector<std::string> words;
    for (const Value& item : value.items) words.push_back(item.text);
    written.push_back({key, "[" + join(words, ", ") + "]", value.place});
  } else {
    written.push_back({key, value.text, value.place});
  }
}

std::string rate_text(double per_s) {
  return fmt::format("{}/s", per_s);
}

std::string wait_text(const Wait& wait) {
  return to_text(wait.least) + (wait.least == wait.most ? "" : " .. " + to_text(wait.most));
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::uint64_t mib = 1u << 20;
  return bytes % mib == 0 ? fmt::format("{} MiB", bytes / mib) : fmt::format("{} B", bytes);
}

std::string change_text(Metric metric, double worse_by) {
  const char sign = kind(metric) == MetricKind::rate ? '-' : '+';
  return fmt::format("{}{:g}{}", sign, 100 * worse_by, kind(metric) == MetricKind::share ? " pp" : " %");
}

std::string floor_text(const RegressionRule& rule) {
  const double floor = rule.floor.value_or(default_floor(rule.metric));
  if (kind(rule.metric) == MetricKind::share) return fmt::format("{:g} errors", floor);
  return to_text(rule.metric, floor);
}

std::string rule_text(const RegressionRule& rule) {
  std::vector<std::string> parts;
  if (rule.warn) parts.push_back("warn " + change_text(rule.metric, *rule.warn));
  if (rule.fail) parts.push_back("fail " + change_text(rule.metric, *rule.fail));
  if (!paired_only(rule.metric) && kind(rule.metric) != MetricKind::rate) parts.push_back("floor " + floor_text(rule));
  return join(parts, ", ");
}

std::string rule_text(const AbsoluteRule& rule) {
  std::vector<std::string> parts;
  if (rule.warn) parts.push_back("warn " + to_text(rule.metric, *rule.warn));
  if (rule.fail) parts.push_back("fail " + to_text(rule.metric, *rule.fail));
  return join(parts, ", ");
}

class Listing {
 public:
  explicit Listing(const Settings& settings) : settings_(settings), plan_(settings.plan) {}

  std::vector<Setting> take() {
    add("operation", plan_.operation);
    add_service("service", plan_.service, "url");
    add_transport(plan_.service);
    add_baseline();
    add_workload();
    if (!plan_.exec) add_profile();
    add("threads", plan_.threads == 0 ? "as the processors allow" : std::to_string(plan_.threads));
    add("seed", std::to_string(plan_.seed), "seed");
    add("thresholds", settings_.thresholds.source, "thresholds");
    add_rules("thresholds.", settings_.thresholds.total);
    if (plan_.paired) add_paired_rules();
    for (const auto& [endpoint, rules] : settings_.thresholds.endpoints) {
      add_rules("thresholds.endpoints." + endpoint + ".", rules);
    }
    if (!settings_.waivers.empty()) add("waivers", fmt::format("{} of them", settings_.waivers.size()));
    add_receivers();
    return std::move(found_);
  }

 private:
  const Written* written(const std::string& key) const {
    for (const Written& item : settings_.written) {
      if (item.key == key) return &item;
    }
    return nullptr;
  }

  // The short form of a section stands for its keys: `ready: /health` is ready.get.
  const Written* written_or_above(std::string key) const {
    for (;;) {
      if (const Written* item = written(key)) return item;
      const auto dot = key.rfind('.');
      if (dot == std::string::npos) return nullptr;
      key.resize(dot);
    }
  }

  const Override* override(std::string_view flag) const {
    const auto found = std::find_if(settings_.overrides.begin(), settings_.overrides.end(),
                                    [&](const Override& item) { return item.key == flag; });
    return found == settings_.overrides.end() ? nullptr : &*found;
  }

  std::string origin(const std::string& key, std::string_view flag) const {
    if (const Override* item = flag.empty() ? nullptr : override(flag)) {
      if (item->key == "url") return item->origin;  // not behind a flag
      return (item->ambient ? "environment " : "flag ") + item->origin;
    }
    const Written* item = written_or_above(key);
    return item == nullptr ? by_default : item->place.text();
  }

  void add(const std::string& key, const std::string& value, std::string_view flag = {}) {
    found_.push_back({key, value, origin(key, flag)});
  }

  void add_service(const std::string& key, const Service& service, std::string_view flag) {
    if (!service.command.empty()) {
      const Written* command = written(key + ".command");  // as written: variables by name
      add(key + ".command", command == nullptr ? join(service.command, " ") : command->text);
    }
    const std::string url_key = key + ".url";
    const Written* as_written = override(flag) == nullptr ? written_or_above(url_key) : nullptr;
    add(url_key, url_shown(as_written == nullptr ? service.url : as_written->text), flag);
    const bool own_ready = key == "service" || written_or_above(key + ".ready") != nullptr;
    add_ready(own_ready && written(key) == nullptr ? key : "service", key, service.ready);
  }

  // Of both sides.
  void add_transport(const Service& service) {
    add_exact("service.http", to_text(service.http));
    if (service.http == HttpVersion::http2) add_exact("service.streams", std::to_string(service.streams));
    if (!service.is_tls()) return;
    const Tls& tls = service.tls;
    const auto or_else = [](const std::string& text, const char* other) { return text.empty() ? other : text; };
    add_exact("service.tls.ca_file", or_else(tls.ca_file, "the system's certificates"));
    add_exact("service.tls.cert_file", or_else(tls.cert_file, "none"));
    add_exact("service.tls.key_file", or_else(tls.key_file, "none"));
    add_exact("service.tls.key_passphrase", or_else(tls.key_passphrase.shown, "none"));
    add_exact("service.tls.server_name", or_else(tls.server_name, "the URL's host"));
    add_exact("service.tls.insecure", tls.insecure ? "true" : "false");
    add_exact("service.tls.resumption", tls.resumption ? "true" : "false");
    add_exact("service.tls.min_version", to_text(tls.min_version));
    add_exact("service.tls.max_version", to_text(tls.max_version));
  }

  // `from`: whose key says it; a baseline without one takes the service's.
  void add_ready(const std::string& from, const std::string& key, const Ready& ready) {
    const Written* shorthand = written(from + ".ready");
    const std::string path = shorthand == nullptr ? from + ".ready.get" : from + ".ready";
    const Written* get = written(path);
    found_.push_back({key + ".ready.get", get == nullptr ? ready.path : without_query_values(get->text),
                      get == nullptr ? by_default : get->place.text()});
    const Written* within = written(from + ".ready.within");
    found_.push_back(
        {key + ".ready.within", to_text(ready.within), within == nullptr ? by_default : within->place.text()});
  }

  void add_baseline() {
    if (plan_.baseline_file) return add("baseline.file", *plan_.baseline_file, "baseline");
    if (!plan_.paired) return add("baseline", "none");
    const Paired& paired = *plan_.paired;
    add_service("baseline", paired.service, "baseline");
    add_exact("baseline.budget", to_text(paired.budget), "budget");
    add_exact("baseline.rate",
              paired.rate_per_s ? rate_text(*paired.rate_per_s) : "the profile's, or found by a probe");
    add_exact("baseline.relaunch",
              paired.relaunch_every ? to_text(*paired.relaunch_every) : "chosen by how long a start takes");
  }

  // A key that the short form of its section does not stand for.
  void add_exact(const std::string& key, const std::string& value, std::string_view flag = {}) {
    const bool said = written(key) != nullptr || (!flag.empty() && override(flag) != nullptr);
    found_.push_back({key, value, said ? origin(key, flag) : by_default});
  }

  void add_exec(const Exec& exec) {
    add_exact("workload.exec.command", exec.shown());
    add_exact("workload.exec.reads", exec.reads.empty() ? "stdout" : exec.reads);
    add_exact("workload.exec.times", std::to_string(exec.times));
    add_exact("workload.exec.timeout", to_text(exec.timeout));
  }

  void add_workload() {
    if (plan_.exec) return add_exec(*plan_.exec);
    add("workload.timeout", to_text(plan_.limits.request_timeout));
    add("workload.connect_timeout", to_text(plan_.limits.connect_timeout));
    add("workload.keep_alive", plan_.keep_alive ? "true" : "false");
    add("workload.max_response_bytes", bytes_text(plan_.limits.max_response_bytes));
    add("workload.cookies", std::string(name(plan_.cookies)));
    for (const Written& item : settings_.written) add_header(item);
    add_journey("workload", plan_.around);
    for (std::size_t i = 0; i < plan_.scenarios.size(); ++i) {
      add_scenario(fmt::format("workload.scenarios[{}]", i), plan_.scenarios[i]);
    }
  }

  void add_header(const Written& item) {
    constexpr std::string_view prefix = "workload.headers.";
    if (!item.key.starts_with(prefix)) return;
    const bool hidden = is_secret_header(item.key.substr(prefix.size())) && !has_variables(item.text);
    add(item.key, hidden ? "***" : item.text);
  }

  void add_scenario(const std::string& key, const Scenario& scenario) {
    add_exact(key + ".name", scenario.name);
    add_exact(key + ".weight", fmt::format("{}", scenario.weight));
    add_exact(key + (scenario.wait.exponential ? ".wait.exponential" : ".wait"), wait_text(scenario.wait));
    if (scenario.websocket) add_websocket(key, *scenario.websocket);
    add_journey(key, scenario);
    add_steps(key + ".steps", scenario.steps);
  }

  // The workload's own variables are listed once, though every scenario has them.
  void add_journey(const std::string& key, const Scenario& scenario) {
    add_steps(key + ".setup", scenario.setup);
    add_steps(key + ".teardown", scenario.teardown);
    for (const Variable& variable : scenario.variables) {
      const std::string name = key + ".variables." + variable.name;
      if (written(name) != nullptr) add(name, variable.value.shown);
    }
    for (const FeederUse& use : scenario.feeders) {
      const Feeder& feeder = plan_.feeders[use.feeder];
      const std::string text = fmt::format("{}: {} rows, {}, per {}, {}", feeder.file, feeder.rows->size(),
                                           name(feeder.order), name(feeder.per), feeder.wraps ? "wraps" : "stops");
      found_.push_back({key + ".feeders", text, use.place.text()});
    }
  }

  void add_steps(const std::string& key, const std::vector<Step>& steps) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Step& step = steps[i];
      const std::string request = step.method + " " + step.target_shown;
      const std::string step_key = fmt::format("{}[{}]", key, i);
      const Written* item = written(step_key);
      found_.push_back({step_key, step.name == request ? request : step.name + ": " + request,
                        item == nullptr ? origin("service.url", "url") : item->place.text()});
      if (step.stream && item != nullptr) {
        found_.push_back({step_key + ".stream", to_text(*step.stream), item->place.text()});
      }
    }
  }

  void add_websocket(const std::string& scenario, const WebSocket& socket) {
    const std::string key = scenario + ".websocket";
    const Written* path = written(key) == nullptr ? written(key + ".path") : written(key);
    found_.push_back({key + ".path", socket.target_shown, path == nullptr ? by_default : path->place.text()});
    add_exact(key + ".subprotocols", socket.subprotocols.empty() ? "none" : join(socket.subprotocols, ", "));
    add_exact(key + ".heartbeat", socket.heartbeat ? to_text(*socket.heartbeat) : "none");
    add_exact(key + ".read_delay", to_text(socket.read_delay));
    if (socket.drops) add(key + ".drops", to_text(*socket.drops));
    add_exact(key + ".connection", socket.per_iteration ? "per_iteration" : "per_user");
    add_exact(key + ".max_message_bytes", bytes_text(socket.max_message_bytes));
    for (std::size_t i = 0; i < socket.steps.size(); ++i) {
      add(fmt::format("{}.steps[{}]", scenario, i), to_text(socket.steps[i]));
    }
  }

  void add_profile() {
    const Profile& profile = plan_.profile;
    const std::string key = "profiles." + profile.name + ".";
    add("profile", profile.name, "profile");
    for (std::size_t i = 0; i < profile.stages.size(); ++i) {
      const Stage& stage = profile.stages[i];
      add(fmt::format("{}stages[{}]", key, i), stage.name + ": " + stage_text(profile, stage));
    }
    const bool constant = profile.stages.empty();
    if (profile.open) {
      if (constant) add(key + "rate", rate_text(profile.open->rate_per_s), "rate");
      add(key + "connections", std::to_string(profile.open->connections));
    } else if (constant) {
      add(key + "users", std::to_string(profile.closed.users), "users");
      const double spawn_rate = profile.closed.spawn_rate_per_s;
      add(key + "spawn_rate", spawn_rate > 0 ? rate_text(spawn_rate) : "at once");
    }
    add(key + "duration", to_text(profile.duration), "duration");
    add(key + "warmup", to_text(profile.warmup), "warmup");
  }

  void add_receivers() {
    for (std::size_t i = 0; i < settings_.alerts.size(); ++i) {
      const Alert& alert = settings_.alerts[i];
      const std::string key = fmt::format("alerts[{}].", i);
      add(key + "when", join(alert.when, ", "));
      add_exact(key + "sustained", std::to_string(alert.sustained));
      if (alert.webhook) {
        add(key + "webhook", alert.webhook->shown);
        add_exact(key + "format", alert.format == Alert::Format::slack ? "slack" : "json");
      } else {
        const Written* command = written(key + "command");
        add(key + "command", command == nullptr ? join(alert.command, " ") : command->text);
        add_exact(key + "environment", alert.environment.empty() ? "none" : join(alert.environment, ", "));
      }
    }
    if (!settings_.push_gateway) return;
    const PushGateway& gateway = *settings_.push_gateway;
    add("export.pushgateway.url", gateway.url.shown);
    add_exact("export.pushgateway.job", gateway.job);
    for (const auto& [name, value] : gateway.labels) {
      const std::string key = "export.pushgateway.labels." + name;
      const Written* label = written(key);
      add(key, label == nullptr ? value : label->text);
    }
  }

  void add_rule(const std::string& key, const std::string& value, const Place& place) {
    found_.push_back({key, value, place.file.empty() ? by_default : place.text()});
  }

  void add_rules(const std::string& prefix, const RuleSet& rules) {
    for (const auto& rule : rules.regression) {
      add_rule(prefix + "regression." + std::string(name(rule.metric)), rule_text(rule), rule.place);
    }
    for (const auto& rule : rules.limits) {
      add_rule(prefix + "limits." + std::string(name(rule.metric)), rule_text(rule), rule.place);
    }
  }

  // What every paired comparison judges, unless the file has a rule of its own for it.
  void add_paired_rules() {
    const auto& own = settings_.thresholds.total.regression;
    for (const RegressionRule& rule : {default_cpu_rule(), default_stall_rule()}) {
      const bool replaced =
          std::any_of(own.begin(), own.end(), [&](const auto& other) { return other.metric == rule.metric; });
      if (!replaced) add_rule("thresholds.regression." + std::string(name(rule.metric)), rule_text(rule), rule.place);
    }
  }

  const Settings& settings_;
  const Plan& plan_;
  std::vector<Setting> found_;
};

}  // namespace

std::vector<Setting> effective_settings(const Settings& settings) {
  return Listing(settings).take();
}

std::vector<Written> written_in(const Value& document) {
  std::vector<Written> written;
  flatten(document, "", written);
  return written;
}

}  // namespace burstgate::config
