#include "config/tls_reader.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/named_file.hpp"

namespace burstgate::config {

namespace {

// A word, or a number that is meant as one: 1.2 needs no quotes here.
std::optional<std::string> read_word(const Value& value, std::string_view what, const std::vector<std::string>& known,
                                     Mistakes& mistakes) {
  if (value.kind == Value::Kind::scalar) {
    for (const std::string& word : known) {
      if (value.text == word) return word;
    }
  }
  mistakes.add("E-105", value.place,
               fmt::format("{}: expected {}, got {}", what, join(known, " or "), described(value)));
  return std::nullopt;
}

void read_version(const Entry& entry, TlsVersion& version, Mistakes& mistakes) {
  const auto word = read_word(entry.value, entry.key, {"1.2", "1.3"}, mistakes);
  if (word) version = *word == "1.2" ? TlsVersion::v1_2 : TlsVersion::v1_3;
}

// Relative to the file that names it.
void read_path(const Entry& entry, std::string& path, const Reading& reading) {
  const auto text = read_line(entry.value, entry.key, reading.mistakes);
  const auto filled = text ? filled_in(*text, entry.value.place, reading) : std::nullopt;
  if (filled) path = beside(entry.value.place.file, filled->text);
}

void read_passphrase(const Entry& entry, Secretive& passphrase, const Reading& reading) {
  const auto text = read_text(entry.value, entry.key, reading.mistakes);
  const auto filled = text ? filled_in(*text, entry.value.place, reading) : std::nullopt;
  if (!filled) return;
  passphrase = *filled;
  if (!has_variables(*text)) passphrase.shown = "***";
}

void read_server_name(const Entry& entry, std::string& name, const Reading& reading) {
  const auto text = read_line(entry.value, entry.key, reading.mistakes);
  const auto filled = text ? filled_in(*text, entry.value.place, reading) : std::nullopt;
  if (!filled) return;
  const bool fits = filled->text.find_first_not_of(
                        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:") == std::string::npos;
  if (fits && filled->text.size() <= 253) {
    name = filled->text;
  } else {
    reading.mistakes.add("E-105", entry.value.place, "server_name: not a host's name", "write example.org");
  }
}

void check_tls(const Tls& tls, Mistakes& mistakes) {
  if (tls.cert_file.empty() != tls.key_file.empty()) {
    mistakes.add("E-107", tls.place,
                 fmt::format("tls: {} without {}", tls.cert_file.empty() ? "key_file" : "cert_file",
                             tls.cert_file.empty() ? "cert_file" : "key_file"),
                 "a client certificate needs both");
  }
  if (tls.key_file.empty() && !tls.key_passphrase.text.empty()) {
    mistakes.add("E-107", tls.place, "tls: key_passphrase without key_file");
  }
  if (tls.insecure && !tls.ca_file.empty()) {
    mistakes.add("E-106", tls.place, "tls: ca_file beside insecure, which verifies nothing", "leave one of them out");
  }
  if (tls.min_version > tls.max_version) {
    mistakes.add("E-106", tls.place, "tls: min_version is above max_version");
  }
}

}  // namespace

void read_tls(const Value& value, Tls& tls, const Reading& reading) {
  Mistakes& mistakes = reading.mistakes;
  tls.place = value.place;
  const auto read_flag = [&](const Entry& entry, bool& flag) {
    flag = read_bool(entry.value, entry.key, mistakes).value_or(flag);
  };
  const bool readable = read_mapping(
      value, "tls",
      {{"ca_file", [&](const Entry& entry) { read_path(entry, tls.ca_file, reading); }},
       {"cert_file", [&](const Entry& entry) { read_path(entry, tls.cert_file, reading); }},
       {"key_file", [&](const Entry& entry) { read_path(entry, tls.key_file, reading); }},
       {"key_passphrase", [&](const Entry& entry) { read_passphrase(entry, tls.key_passphrase, reading); }},
       {"server_name", [&](const Entry& entry) { read_server_name(entry, tls.server_name, reading); }},
       {"insecure", [&](const Entry& entry) { read_flag(entry, tls.insecure); }},
       {"resumption", [&](const Entry& entry) { read_flag(entry, tls.resumption); }},
       {"min_version", [&](const Entry& entry) { read_version(entry, tls.min_version, mistakes); }},
       {"max_version", [&](const Entry& entry) { read_version(entry, tls.max_version, mistakes); }}},
      mistakes);
  if (readable) check_tls(tls, mistakes);
}

std::optional<HttpVersion> read_http_version(const Value& value, Mistakes& mistakes) {
  const auto word = read_word(value, "http", {"1.1", "2"}, mistakes);
  if (!word) return std::nullopt;
  return *word == "2" ? HttpVersion::http2 : HttpVersion::http1;
}

std::optional<int> read_streams(const Value& value, Mistakes& mistakes) {
  const auto streams = read_integer(value, "streams", {1, max_streams}, mistakes);
  return streams ? std::optional(static_cast<int>(*streams)) : std::nullopt;
}

void check_transport(const Plan& plan, Mistakes& mistakes) {
  const Service& service = plan.service;
  if (service.url.empty()) return;  // refused, which is reported
  if (service.tls.place.line != 0 && !service.is_tls()) {
    mistakes.add("E-106", service.tls.place, "tls: the service's url is not https://",
                 "write https://, or leave tls out");
  }
  if (service.http == HttpVersion::http2 && !plan.keep_alive) {
    mistakes.add("E-106", service.place, "http: 2 together with keep_alive: false",
                 "a connection for each request is HTTP/1.1's");
  }
}

std::vector<std::string> transport_warnings(const Plan& plan) {
  if (!plan.service.is_tls() || !plan.service.tls.insecure) return {};
  return {"warning: service.tls.insecure: nobody has verified whom these figures are of"};
}

std::string to_text(TlsVersion version) {
  return version == TlsVersion::v1_2 ? "1.2" : "1.3";
}

std::string to_text(HttpVersion version) {
  return version == HttpVersion::http2 ? "2" : "1.1";
}

}  // namespace burstgate::config
