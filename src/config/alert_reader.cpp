// URLs of receivers hold secrets in their paths: what a message about one may show is the text as it was written, and
// of that no more than the host.
#include "config/alert_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/service_reader.hpp"

namespace burstgate::config {

namespace {

const std::vector<std::string> outcomes = {"warn", "fail", "inconclusive"};
const std::vector<std::string> formats = {"json", "slack"};

// Labels that the metrics have already, or that the group of a run always has.
const std::vector<std::string> taken_labels = {"job",    "operation", "profile", "endpoint", "quantile",
                                               "result", "metric",    "kind",    "outcome",  "le"};
constexpr std::size_t longest_label_value = 200;

// "https://hooks.example/***"; variables as they are written.
std::string receiver_shown(const std::string& written) {
  if (has_variables(written)) return written;
  const auto scheme = written.find("://");
  const auto path = written.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  return path == std::string::npos ? written : written.substr(0, path) + "/***";
}

// Its further syntax is protocol/'s to judge. The message never holds the URL.
std::optional<Secretive> read_receiver(const Value& value, std::string_view what, const Reading& reading) {
  const auto text = read_text(value, what, reading.mistakes);
  auto filled = text ? filled_in(*text, value.place, reading) : std::nullopt;
  if (!filled) return std::nullopt;
  if (!filled->text.starts_with("http://") && !filled->text.starts_with("https://")) {
    reading.mistakes.add("E-119", value.place, fmt::format("{}: not a URL that begins with https:// or http://", what));
    return std::nullopt;
  }
  filled->shown = receiver_shown(*text);
  return filled;
}

std::vector<std::string> read_when(const Value& value, Mistakes& mistakes) {
  std::vector<std::string> when;
  const auto read = [&](const Value& item) {
    const auto word = read_line(item, "when", mistakes);
    if (!word) return;
    if (std::find(outcomes.begin(), outcomes.end(), *word) == outcomes.end()) {
      const std::string hint = did_you_mean(*word, outcomes);
      mistakes.add("E-105", item.place, fmt::format("when: '{}' is no outcome to be told of", elided(*word, 60)),
                   hint.empty() ? "known are " + join(outcomes, ", ") : hint);
    } else if (std::find(when.begin(), when.end(), *word) != when.end()) {
      mistakes.add("E-103", item.place, fmt::format("when: '{}' is here twice", *word));
    } else {
      when.push_back(*word);
    }
  };
  if (value.kind == Value::Kind::scalar) {
    read(value);
  } else {
    read_items(value, "when", read, mistakes);
  }
  return when;
}

bool is_label_name(const std::string& name) {
  return is_variable_name(name) && !name.starts_with("__");
}

std::vector<std::string> read_environment(const Value& value, Mistakes& mistakes) {
  std::vector<std::string> names;
  const auto read = [&](const Value& item) {
    const auto name = read_line(item, "environment", mistakes);
    if (!name) return;
    if (is_variable_name(*name)) {
      names.push_back(*name);
    } else {
      mistakes.add("E-105", item.place, fmt::format("environment: '{}' is no variable's name", elided(*name, 60)),
                   "name the variables that the command may see; their values come from burstgate's environment");
    }
  };
  read_items(value, "environment", read, mistakes);
  return names;
}

// What must be there, and what does not go together.
void check_alert(const Value& item, Mistakes& mistakes) {
  const auto entry = [&](std::string_view key) {
    const auto found =
        std::find_if(item.entries.begin(), item.entries.end(), [&](const Entry& one) { return one.key == key; });
    return found == item.entries.end() ? nullptr : &*found;
  };
  const Entry* webhook = entry("webhook");
  const Entry* command = entry("command");
  if (entry("when") == nullptr) mistakes.add("E-107", item.place, "an alert without when", "write when: [fail]");
  if (webhook == nullptr && command == nullptr) {
    mistakes.add("E-107", item.place, "an alert without a receiver", "write webhook or command");
  }
  if (webhook != nullptr && command != nullptr) {
    mistakes.add("E-106", command->place, "'command' beside 'webhook'", "write two alerts");
  }
  if (const Entry* format = entry("format"); format != nullptr && webhook == nullptr) {
    mistakes.add("E-106", format->place, "format without webhook", "a command's stdin is JSON");
  }
  if (const Entry* names = entry("environment"); names != nullptr && command == nullptr) {
    mistakes.add("E-106", names->place, "environment without command");
  }
}

Alert read_alert(const Value& item, const Reading& reading) {
  Mistakes& mistakes = reading.mistakes;
  Alert alert;
  alert.place = item.place;
  const auto sustained = [&](const Entry& entry) {
    const auto runs = read_integer(entry.value, "sustained", {1, max_sustained}, mistakes);
    alert.sustained = static_cast<int>(runs.value_or(1));
  };
  const auto format = [&](const Entry& entry) {
    if (read_choice(entry, formats, mistakes).value_or(0) == 1) alert.format = Alert::Format::slack;
  };
  const auto environment = [&](const Entry& entry) { alert.environment = read_environment(entry.value, mistakes); };
  const bool is_mapping = read_mapping(
      item, "an alert",
      {{"when", [&](const Entry& entry) { alert.when = read_when(entry.value, mistakes); }},
       {"sustained", sustained},
       {"webhook", [&](const Entry& entry) { alert.webhook = read_receiver(entry.value, "webhook", reading); }},
       {"format", format},
       {"command", [&](const Entry& entry) { alert.command = texts_of(read_command(entry.value, reading)); }},
       {"environment", environment}},
      mistakes);
  if (is_mapping) check_alert(item, mistakes);
  return alert;
}

void read_labels(const Value& value, PushGateway& gateway, const Reading& reading) {
  const auto read = [&](const Entry& entry) {
    const auto text = read_line(entry.value, entry.key, reading.mistakes);
    const auto filled = text ? filled_in(*text, entry.value.place, reading) : std::nullopt;
    if (!is_label_name(entry.key)) {
      reading.mistakes.add("E-105", entry.place, fmt::format("'{}' is no label's name", elided(entry.key, 60)),
                           "letters, digits and '_', not beginning with a digit or '__'");
    } else if (std::find(taken_labels.begin(), taken_labels.end(), entry.key) != taken_labels.end()) {
      reading.mistakes.add("E-106", entry.place, fmt::format("the label '{}' is burstgate's own", entry.key));
    } else if (filled && filled->text.size() > longest_label_value) {
      reading.mistakes.add("E-105", entry.value.place, fmt::format("{}: {} bytes long", entry.key, filled->text.size()),
                           fmt::format("at most {}", longest_label_value));
    } else if (filled) {
      gateway.labels.emplace_back(entry.key, visible(filled->text));
    }
  };
  read_entries(value, "labels", read, reading.mistakes);
}

void set_url(PushGateway& gateway, Secretive url) {
  while (url.text.ends_with('/')) url.text.pop_back();
  gateway.url = std::move(url);
}

// A URL or a mapping.
std::optional<PushGateway> read_push_gateway(const Value& value, const Reading& reading) {
  Mistakes& mistakes = reading.mistakes;
  PushGateway gateway;
  gateway.place = value.place;
  const auto read_gateway_url = [&](const Value& url) {
    if (auto read = read_receiver(url, "pushgateway", reading)) set_url(gateway, std::move(*read));
  };
  if (value.kind == Value::Kind::scalar) {
    read_gateway_url(value);
  } else {
    bool has_url = false;
    const auto url = [&](const Entry& entry) {
      has_url = true;
      read_gateway_url(entry.value);
    };
    const auto job = [&](const Entry& entry) {
      const auto text = read_line(entry.value, "job", mistakes);
      const auto filled = text ? filled_in(*text, entry.value.place, reading) : std::nullopt;
      if (filled) gateway.job = visible(filled->text);
    };
    const auto labels = [&](const Entry& entry) { read_labels(entry.value, gateway, reading); };
    const bool is_mapping =
        read_mapping(value, "pushgateway", {{"url", url}, {"job", job}, {"labels", labels}}, mistakes);
    if (is_mapping && !has_url) mistakes.add("E-107", value.place, "pushgateway without url");
  }
  return gateway.url.text.empty() ? std::nullopt : std::optional(std::move(gateway));
}

}  // namespace

std::vector<Alert> read_alerts(const Value& value, const Reading& reading) {
  std::vector<Alert> alerts;
  read_items(
      value, "alerts", [&](const Value& item) { alerts.push_back(read_alert(item, reading)); }, reading.mistakes);
  if (alerts.size() > max_alerts) {
    reading.mistakes.add("E-105", value.place, fmt::format("alerts: {} of them", alerts.size()),
                         fmt::format("at most {}", max_alerts));
  }
  return alerts;
}

std::optional<PushGateway> read_export(const Value& value, const Reading& reading) {
  std::optional<PushGateway> gateway;
  read_mapping(value, "export",
               {{"pushgateway", [&](const Entry& entry) { gateway = read_push_gateway(entry.value, reading); }}},
               reading.mistakes);
  return gateway;
}

Secretive push_gateway_url(const std::string& url, const std::string& origin) {
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    throw Error(Trouble::usage, {.code = "E-119",
                                 .where = origin,
                                 .what = "not a URL that begins with https:// or http://",
                                 .hint = "write http://127.0.0.1:9091"});
  }
  PushGateway gateway;
  set_url(gateway, {url, receiver_shown(url)});
  return gateway.url;
}

}  // namespace burstgate::config
