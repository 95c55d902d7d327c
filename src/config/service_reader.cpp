#include "config/service_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/http_words.hpp"
#include "config/step_reader.hpp"
#include "config/tls_reader.hpp"

namespace burstgate::config {

namespace {

constexpr std::string_view port_mark = "{port}";
constexpr DurationRange ready_within{std::chrono::milliseconds(1), std::chrono::hours(1)};

bool has_port_mark(const std::string& text) {
  return text.find(port_mark) != std::string::npos;
}

// Where the host begins, or npos.
std::size_t authority(const std::string& url) {
  const std::size_t scheme = url.find("://");
  return scheme == std::string::npos ? scheme : scheme + 3;
}

void read_ready(const Value& value, Ready& ready, const Reading& reading) {
  Mistakes& mistakes = reading.mistakes;
  const auto read_path = [&](const Value& path) {
    Step step;
    const auto written = read_text(path, "ready", mistakes);
    if (written && set_target(step, *written, path.place, reading)) ready.path = step.target;
  };
  if (value.kind == Value::Kind::scalar) return read_path(value);
  read_mapping(value, "ready",
               {{"get", [&](const Entry& entry) { read_path(entry.value); }},
                {"within",
                 [&](const Entry& entry) {
                   ready.within = read_duration(entry.value, "within", ready_within, mistakes).value_or(ready.within);
                 }}},
               mistakes);
}

// {port} is filled in by burstgate when it starts the command; elsewhere nobody would.
void check_port_marks(const ServiceDraft& draft, Mistakes& mistakes) {
  const Service& service = draft.service;
  const bool in_url = has_port_mark(service.url);
  const bool in_command = std::any_of(service.command.begin(), service.command.end(), has_port_mark);
  if (draft.command_place.line == 0) {
    refuse_port_mark(service.url, draft.url_place, mistakes);
  } else if (in_url && !in_command && !service.command.empty()) {
    mistakes.add("E-106", draft.command_place, "command: no {port}, but the url has it",
                 "add --port, \"{port}\" or the like");
  }
  if (in_command && !in_url) {
    mistakes.add("E-106", draft.url_place, "url: no {port}, but the command has it", "write http://127.0.0.1:{port}/");
  }
}

}  // namespace

std::vector<Secretive> read_command(const Value& value, const Reading& reading) {
  std::vector<Secretive> argv;
  bool good = true;
  if (value.kind == Value::Kind::scalar) {
    reading.mistakes.add("E-102", value.place, "command: expected a list, got text",
                         "there is no shell: write each argument by itself, [./server, --port, \"{port}\"]");
    return argv;
  }
  const auto read = [&](const Value& item) {
    // Numbers are welcome here: [sleep, 5] can only mean one thing.
    Value argument = item;
    argument.quoted = item.kind == Value::Kind::scalar && plain_meaning(item.text) == PlainMeaning::number;
    argument.quoted = argument.quoted || item.quoted;
    const auto text = read_line(argument, "command", reading.mistakes);
    const auto filled = text ? filled_in(*text, item.place, reading) : std::nullopt;
    good = good && filled;
    if (filled) argv.push_back(*filled);
  };
  read_items(value, "command", read, reading.mistakes);
  return good ? argv : std::vector<Secretive>{};
}

std::vector<std::string> texts_of(const std::vector<Secretive>& argv) {
  std::vector<std::string> texts;
  for (const Secretive& argument : argv) texts.push_back(argument.text);
  return texts;
}

void refuse_port_mark(const std::string& url, const Place& place, Mistakes& mistakes) {
  if (!has_port_mark(url)) return;
  mistakes.add("E-106", place, "url: {port} without a command that is told the port", "write the port's number");
}

std::optional<std::string> read_url(const Value& value, const Reading& reading) {
  const auto text = read_text(value, "url", reading.mistakes);
  const auto filled = text ? filled_in(*text, value.place, reading) : std::nullopt;
  if (!filled) return std::nullopt;
  const std::string& url = filled->text;
  for (const std::string_view later : {"ws://", "wss://", "h2c://", "unix:"}) {
    if (!url.starts_with(later)) continue;
    reading.mistakes.add("E-108", value.place, fmt::format("url: '{}' is not supported by this version", later),
                         "supported are http:// and https://");
    return std::nullopt;
  }
  const auto control = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; };
  if (std::any_of(url.begin(), url.end(), control)) {
    reading.mistakes.add("E-119", value.place, "url: contains a blank or a control character");
    return std::nullopt;
  }
  const bool tcp = url.starts_with("tcp://");
  if (tcp && url.find_first_of("/?#", authority(url)) != std::string::npos) {
    reading.mistakes.add("E-119", value.place, "url: tcp:// has a host and a port only", "write tcp://127.0.0.1:6379");
    return std::nullopt;
  }
  if (!tcp && !url.starts_with("http://") && !url.starts_with("https://")) {
    reading.mistakes.add(
        "E-119", value.place, fmt::format("url: '{}' does not begin with http://", elided(url_shown(*text), 60)),
        authority(url) == std::string::npos ? "write http://127.0.0.1:8080/" : "supported are http:// and https://");
    return std::nullopt;
  }
  return url;
}

std::string path_of_url(const std::string& url) {
  const std::size_t host = authority(url);
  const std::size_t path = host == std::string::npos ? host : url.find_first_of("/?#", host);
  if (path == std::string::npos) return "/";
  return url[path] == '/' ? url.substr(path) : "/" + url.substr(path);
}

std::string url_shown(const std::string& url) {
  const std::size_t host = authority(url);
  std::string shown = without_query_values(url);
  if (host == std::string::npos) return shown;
  const std::size_t end = std::min(shown.find_first_of("/?#", host), shown.size());
  const std::size_t at = shown.rfind('@', end);
  if (at != std::string::npos && at >= host) shown.replace(host, at - host, "***");
  return shown;
}

std::vector<Field> service_fields(ServiceDraft& draft, const Reading& reading) {
  return {{"url",
           [&](const Entry& entry) {
             draft.url_place = entry.value.place;
             draft.service.url = read_url(entry.value, reading).value_or("");
           }},
          {"command",
           [&](const Entry& entry) {
             draft.command_place = entry.value.place;
             draft.service.command = texts_of(read_command(entry.value, reading));
           }},
          {"ready", [&](const Entry& entry) {
             draft.ready_place = entry.value.place;
             read_ready(entry.value, draft.service.ready, reading);
           }}};
}

void complete_service(ServiceDraft& draft, Mistakes& mistakes) {
  if (draft.url_place.line == 0) {
    draft.url_place = draft.service.place;
    if (draft.command_place.line != 0) draft.service.url = "http://127.0.0.1:{port}/";
  }
  if (!draft.service.url.empty()) check_port_marks(draft, mistakes);
}

ServiceDraft read_service(const Value& value, const Reading& reading) {
  ServiceDraft draft;
  draft.service.place = value.place;
  if (value.kind == Value::Kind::scalar) {
    draft.url_place = value.place;
    draft.service.url = read_url(value, reading).value_or("");
  } else {
    std::vector<Field> fields = service_fields(draft, reading);
    fields.push_back({"http", [&](const Entry& entry) {
                        draft.service.http =
                            read_http_version(entry.value, reading.mistakes).value_or(draft.service.http);
                      }});
    fields.push_back({"streams", [&](const Entry& entry) {
                        draft.streams_place = entry.value.place;
                        draft.service.streams = read_streams(entry.value, reading.mistakes).value_or(1);
                      }});
    fields.push_back({"tls", [&](const Entry& entry) { read_tls(entry.value, draft.service.tls, reading); }});
    fields.push_back({"monitor", nullptr});
    const bool readable = read_mapping(value, "service", fields, reading.mistakes);
    if (readable && draft.url_place.line == 0 && draft.command_place.line == 0) {
      reading.mistakes.add("E-107", value.place, "a service without url", "write url: http://127.0.0.1:8080/");
    }
  }
  if (draft.streams_place.line != 0 && draft.service.http != HttpVersion::http2) {
    reading.mistakes.add("E-106", draft.streams_place, "streams: only HTTP/2 has them", "write http: 2 beside it");
  }
  complete_service(draft, reading.mistakes);
  return draft;
}

}  // namespace burstgate::config
