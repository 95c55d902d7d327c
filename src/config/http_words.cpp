#include "config/http_words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace burstgate::config {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_token_character(char c) {
  const bool letter = (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
  return letter || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string shown(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte < 0x7f ? fmt::format("'{}'", c) : fmt::format("the byte 0x{:02x}", byte);
}

}  // namespace

std::optional<std::string> target_trouble(std::string_view target) {
  if (!target.starts_with('/')) return "does not begin with '/'";
  if (target.size() > max_target_bytes) return fmt::format("is longer than {} bytes", max_target_bytes);
  for (const char c : target) {
    const auto byte = static_cast<unsigned char>(c);
    const bool refused =
        byte <= 0x20 || byte >= 0x7f || std::string_view("#{}\"<>\\`").find(c) != std::string_view::npos;
    if (refused) return fmt::format("contains {}, which must be written %{:02X}", shown(c), byte);
  }
  return std::nullopt;
}

std::optional<std::string> token_trouble(std::string_view name) {
  if (name.empty()) return "is empty";
  const auto odd = std::find_if_not(name.begin(), name.end(), is_token_character);
  if (odd == name.end()) return std::nullopt;
  return fmt::format("contains {}, which a header's name may not", shown(*odd));
}

std::optional<std::string> header_name_trouble(std::string_view name) {
  if (const auto trouble = token_trouble(name)) return trouble;
  if (same_header(name, "Content-Length")) return "is set by burstgate: it must fit the body that is sent";
  if (same_header(name, "Transfer-Encoding")) return "is set by burstgate: bodies are sent with their length";
  if (same_header(name, "Connection")) return "is set by burstgate: use keep_alive";
  return std::nullopt;
}

std::optional<std::string> header_value_trouble(std::string_view value) {
  if (value.size() > max_header_value_bytes) return fmt::format("is longer than {} bytes", max_header_value_bytes);
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t') || byte == 0x7f) return fmt::format("contains {}", shown(c));
  }
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  if (!value.empty() && (blank(value.front()) || blank(value.back()))) return "begins or ends with a blank";
  return std::nullopt;
}

bool same_header(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

bool is_secret_header(std::string_view name) {
  for (const std::string_view secret :
       {"authorization", "proxy-authorization", "cookie", "x-api-key", "x-auth-token", "x-csrf-token"}) {
    if (same_header(name, secret)) return true;
  }
  return false;
}

std::string without_query_values(std::string_view target) {
  const std::size_t query = target.find('?');
  if (query == std::string_view::npos) return std::string(target);
  std::string shown(target.substr(0, query + 1));
  bool in_value = false;
  for (const char c : target.substr(query + 1)) {
    if (c == '&') in_value = false;
    if (in_value) continue;
    shown += c;
    if (c == '=') shown += "***", in_value = true;
  }
  return shown;
}

}  // namespace burstgate::config
