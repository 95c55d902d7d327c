#include "config/auth_reader.hpp"

#include <fmt/format.h>

#include "base/encodings.hpp"
#include "config/http_words.hpp"

namespace burstgate::config {

namespace {

std::optional<Secretive> read_secret(const Entry& entry, const Reading& reading) {
  const auto text = read_text(entry.value, entry.key, reading.mistakes);
  auto filled = text ? templated(*text, entry.value.place, reading, Encoding::header) : std::nullopt;
  if (!filled) return std::nullopt;
  if (const auto trouble = header_value_trouble(filled->text); trouble && !filled->varies()) {
    reading.mistakes.add("E-119", entry.value.place, fmt::format("{}: the value {}", entry.key, *trouble));
    return std::nullopt;
  }
  if (!has_variables(*text) && !filled->varies()) filled->shown = "***";
  return filled;
}

std::optional<Header> read_basic(const Value& value, const Reading& reading) {
  std::optional<Secretive> user, password;
  const bool mapping = read_mapping(value, "basic",
                                    {{"user", [&](const Entry& e) { user = read_secret(e, reading); }},
                                     {"password", [&](const Entry& e) { password = read_secret(e, reading); }}},
                                    reading.mistakes);
  if (mapping && (value.entries.size() < 2)) {
    reading.mistakes.add("E-107", value.place, "basic without user and password");
  }
  if (!user || !password) return std::nullopt;
  if (user->text.find(':') != std::string::npos) {
    reading.mistakes.add("E-119", value.place, "user: contains ':', which ends a user's name");
    return std::nullopt;
  }
  Header header{"Authorization", *user};
  append(header.value, ":");
  append(header.value, *password);
  header.value.shown = "Basic " + header.value.shown;
  header.basic = header.value.varies();
  if (!header.basic) header.value.text = "Basic " + base64(header.value.text);
  return header;
}

std::optional<Header> read_bearer(const Entry& entry, const Reading& reading) {
  const auto token = read_secret(entry, reading);
  if (!token) return std::nullopt;
  Header header{"Authorization", {}};
  append(header.value, "Bearer ");
  append(header.value, *token);
  return header;
}

}  // namespace

std::optional<Header> read_auth(const Value& value, const Reading& reading) {
  std::optional<Header> header;
  const auto only_one = [&](const Entry& entry) {
    if (entry.key == value.entries.front().key) return true;
    reading.mistakes.add("E-106", entry.place, fmt::format("'{}' beside '{}'", entry.key, value.entries.front().key),
                         "a request has one Authorization header");
    return false;
  };
  const auto basic = [&](const Entry& entry) {
    if (only_one(entry)) header = read_basic(entry.value, reading);
  };
  const auto bearer = [&](const Entry& entry) {
    if (only_one(entry)) header = read_bearer(entry, reading);
  };
  const bool mapping = read_mapping(value, "auth", {{"basic", basic}, {"bearer", bearer}}, reading.mistakes);
  if (mapping && value.entries.empty()) {
    reading.mistakes.add("E-107", value.place, "auth without credentials", "write basic or bearer");
  }
  return header;
}

}  // namespace burstgate::config
